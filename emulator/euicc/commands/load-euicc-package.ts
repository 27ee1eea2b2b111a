import { capture, DecodeError, encode } from '../../../protocol/ber/index.ts'
import { verify } from '../../../protocol/crypto/index.ts'
import { EuiccPackageErrorDataSigned, EuiccPackageResult, sgp32Codecs } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { isCounter, publicKeyOf, signForEim, withToken } from '../eims.ts'
import type { Entropy } from '../entropy.ts'
import { causedBy } from '../events.ts'
import { notifyReceivers } from '../notifications.ts'
import { executePackage } from '../packages/execute.ts'
import { partSwitch } from '../packages/held-switch.ts'
import { PackageRequest, type PackageSigned, readSender } from '../packages/request.ts'
import { type PackageRun, startRun } from '../packages/run.ts'
import { isEmergencyActive } from '../profiles.ts'
import { switchProfile } from '../refresh.ts'
import { type AssociatedEim, changedMemory, type EuiccState, holding, type Memory, withoutRollback } from '../state.ts'
import { command, type EuiccFunction } from './command.ts'

const name = 'LoadEuiccPackage'

interface Facts {
  readonly state: EuiccState
  readonly request: PackageRequest
  readonly signed: PackageSigned
  readonly eim: AssociatedEim | undefined
}

/** ES10b.LoadEuiccPackage: SGP.32 v1.2, 5.9.1. Unverified: the place of `package-fits`, and of the last three rows. */
const loadReadablePackage = command({
  name,
  request: PackageRequest,
  response: EuiccPackageResult,
  facts(state, request): Facts {
    const signed = request.euiccPackageSigned.value
    const eim = state.memory.eims.find(({ configuration }) => configuration.eimId === signed.eimId)
    return { state, request, signed, eim }
  },
  checks: [
    { id: 'eim-known', holds: ({ eim }) => eim !== undefined, otherwise: refuseUnsigned },
    { id: 'eim-signature', holds: isSignedByEim, otherwise: refuseUnsigned },
    {
      id: 'package-fits',
      holds: ({ state, request }) => request.euiccPackageSigned.octets.length <= state.product.limits.packageSize,
      otherwise: (facts, entropy) =>
        facts.state.product.policy.sizeOverflow === 'signed'
          ? refuseSigned('sizeOverflow')(facts, entropy)
          : refuseUnsigned(facts),
    },
    {
      id: 'eid-own',
      holds: ({ state, signed }) => signed.eidValue === state.eid,
      otherwise: refuseSigned('invalidEid'),
    },
    {
      id: 'counter-in-range',
      holds: ({ signed }) => isCounter(signed.counterValue),
      otherwise: refuseSigned('counterValueOutOfRange'),
    },
    {
      id: 'counter-fresh',
      holds: ({ signed, eim }) => signed.counterValue > (eim?.counterValue ?? Number.POSITIVE_INFINITY),
      otherwise: refuseSigned('replayError'),
    },
    {
      id: 'no-emergency',
      holds: ({ state }) => !isEmergencyActive(state.memory),
      otherwise: refuseSigned('ecallActive'),
    },
  ],
  run: accept,
})

/** A package that cannot be read is refused without a signature, to the eIM it names if that much is readable. */
export const loadEuiccPackage: EuiccFunction = {
  ...loadReadablePackage,
  execute(state, octets, entropy) {
    try {
      return loadReadablePackage.execute(state, octets, entropy)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      const answer = encode(EuiccPackageResult, { kind: 'euiccPackageErrorUnsigned', value: readSender(octets) })
      return { state, answer, events: [{ type: 'malformed', cause: name, detail: error.message }] }
    }
  },
}

function isSignedByEim({ eim, request }: Facts): boolean {
  const key = eim && publicKeyOf(eim)
  if (!key) return false
  return verify(key, [withToken(request.euiccPackageSigned.octets, eim)], request.eimSignature)
}

/** What an answer repeats of the package. */
const echo = ({ eimId, counterValue, eimTransactionId }: PackageSigned) => ({
  eimId,
  counterValue,
  ...(eimTransactionId !== undefined && { eimTransactionId }),
})

function refuseUnsigned({ state, signed, eim }: Facts): EuiccPackageResult {
  const { counterValue: _counter, ...v1_2 } = echo(signed)
  const sender = state.product.specification === '1.0.1' ? { eimId: signed.eimId } : v1_2
  const associationToken = eim?.configuration.associationToken
  return {
    kind: 'euiccPackageErrorUnsigned',
    value: { ...sender, ...(associationToken !== undefined && { associationToken }) },
  }
}

function refuseSigned(euiccPackageErrorCode: EuiccPackageErrorDataSigned['euiccPackageErrorCode']) {
  return (facts: Facts, entropy: Entropy): EuiccPackageResult => {
    const data = { ...echo(facts.signed), euiccPackageErrorCode }
    const euiccPackageErrorDataSigned = capture(EuiccPackageErrorDataSigned, data)
    const euiccSignEPE = signResult(facts, euiccPackageErrorDataSigned.octets, entropy)
    return { kind: 'euiccPackageErrorSigned', value: { euiccPackageErrorDataSigned, euiccSignEPE } }
  }
}

/** By the configuration of the eIM as it was before the package. */
const signResult = ({ state, eim, request }: Facts, data: Uint8Array, entropy: Entropy): Uint8Array =>
  signForEim(state, { eim: proven(eim, 'eim-known'), data, eimSignature: request.eimSignature }, entropy)

/** Any accepted package withdraws an earlier authorisation to roll back, and moves the counter. SGP.32 v1.2, 3.3.1. */
function accept(state: EuiccState, facts: Facts, entropy: Entropy) {
  const { signed } = facts
  const start = startRun(state, withoutRollback(state.memory))
  const { run, change } = partSwitch(state, executePackage(start, signed.euiccPackage))
  const seqNumber = state.memory.lastSeqNumber + 1
  const { EuiccPackageResultDataSigned } = sgp32Codecs[state.product.specification]
  const data = capture(EuiccPackageResultDataSigned, { ...echo(signed), seqNumber, euiccResult: run.results })
  const result: EuiccPackageResult = {
    kind: 'euiccPackageResultSigned',
    value: { euiccPackageResultDataSigned: data, euiccSignEPR: signResult(facts, data.octets, entropy) },
  }
  const stored = holding(state, concluded(run, { facts, result, seqNumber }))
  const notified = notifyReceivers(stored, run.due, { entropy, cause: name })
  const done = { type: 'package-executed', eimId: signed.eimId, seqNumber } as const
  const events = [...run.events, done].map((event) => causedBy(name, event))
  const effect = { state: notified.state, answer: result, events: [...events, ...notified.events] }
  if (!change) return effect
  const waiting = switchProfile(notified.state, { cause: name, ...change }, { refreshFlag: true, entropy })
  return { ...effect, state: waiting.state, events: [...effect.events, ...(waiting.events ?? [])] }
}

interface Conclusion {
  readonly facts: Facts
  readonly result: EuiccPackageResult
  readonly seqNumber: number
}

/** The memory after the package: the counter of its eIM, unless the package itself has set another; its result; what a rollback answers for. */
function concluded(run: PackageRun, { facts, result, seqNumber }: Conclusion): Memory {
  const { memory, product, rollbackTo } = run
  const { signed, eim, request } = facts
  const coSigned = product.specification === '1.0.1' && { eimSignature: request.eimSignature }
  const packageResults = [...memory.packageResults, { seqNumber, result }].slice(-product.limits.packageResults)
  const isOfPackage = product.policy.counterAfterUpdate === 'ofPackage'
  const eims = memory.eims.map((other) =>
    other.configuration.eimId === signed.eimId && (isOfPackage || other.counterValue === eim?.counterValue)
      ? { configuration: other.configuration, counterValue: signed.counterValue }
      : other,
  )
  const rollback =
    rollbackTo === undefined ? memory.rollback : { iccid: rollbackTo, seqNumber, ...coSigned, ...echo(signed) }
  return changedMemory(memory, { lastSeqNumber: seqNumber, packageResults, eims, rollback })
}
