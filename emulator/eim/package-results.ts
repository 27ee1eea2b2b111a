/** EuiccPackageResult: SGP.32 v1.2, 2.11.2.1. */
import { encode } from '../../protocol/ber/index.ts'
import { Signature } from '../../protocol/sgp22/index.ts'
import type { EuiccPackageResult, Sgp32Version } from '../../protocol/sgp32/index.ts'
import { associationTokenObject, newTransactionId, type Tools } from './delivery.ts'
import { applyPackage } from './inventory.ts'
import type { PackageResult, PsmoOrder } from './model.ts'
import { inventoryOrder } from './orders.ts'
import { outcomeOf } from './outcomes.ts'
import { disbelieve, exchangeOf, ignore, type Reception, receiveStray } from './reception.ts'
import { settle } from './settle.ts'
import { type EuiccState, type Exchange, type Turn, without } from './state.ts'
import { firstBroken, isSignedByEuicc, isVerified } from './verification.ts'

type Variant<Kind extends EuiccPackageResult['kind']> = Extract<EuiccPackageResult, { readonly kind: Kind }>['value']

export function receivePackageResult(state: EuiccState, result: EuiccPackageResult, tools: Tools): Turn<Reception> {
  switch (result.kind) {
    case 'euiccPackageResultSigned':
      return receiveSignedResult(state, result.value, tools)
    case 'euiccPackageErrorSigned':
      return receiveSignedError(state, result.value, tools)
    case 'euiccPackageErrorUnsigned':
      return receiveUnsignedError(state, result.value, tools)
  }
}

interface SignedData {
  readonly octets: Uint8Array
  readonly value: { readonly eimId: string; readonly counterValue: number }
}

/** What a signature covers besides the data, and for whom it was made. */
function claimOf(
  state: EuiccState,
  { data, signature }: { readonly data: SignedData; readonly signature: Uint8Array },
  { eimId, codec: { version }, believesUnverified }: Tools,
) {
  const other = version === '1.2' ? '1.0.1' : '1.2'
  return {
    state,
    signature,
    signed: [data.octets, coSigned[version](state, data, signature)],
    signedIn: { version: other, octets: () => [data.octets, coSigned[other](state, data, signature)] },
    addressee: { named: data.value.eimId, own: eimId },
    lenient: believesUnverified(state.eid),
  } as const
}

type CoSigned = (state: EuiccState, data: SignedData, signature: Uint8Array) => Uint8Array

/**
 * What the eUICC signs behind its data: SGP.32 v1.2, 2.11.2.1. In v1.0.1 it is the signature of the package, of those that it was sent with the one it
 * has executed.
 */
const coSigned: Readonly<Record<Sgp32Version, CoSigned>> = {
  '1.2': ({ associationToken }) => associationTokenObject(associationToken),
  '1.0.1'({ eimSignatures = [], identities }, { octets, value: { counterValue } }, signature) {
    const [latest, ...earlier] = eimSignatures
      .filter((one) => one.counterValue === counterValue)
      .map(({ eimSignature }) => encode(Signature, eimSignature))
    const executed = earlier.find((one) => isSignedByEuicc(identities, [octets, one], signature))
    return executed ?? latest ?? new Uint8Array()
  },
}

function receiveSignedResult(
  state: EuiccState,
  { euiccPackageResultDataSigned: data, euiccSignEPR: signature }: Variant<'euiccPackageResultSigned'>,
  tools: Tools,
): Turn<Reception> {
  const { seqNumber: sequenceNumber, euiccResult: results } = data.value
  const exchange = exchangeOf(state, data.value)
  const claim = { ...claimOf(state, { data, signature }, tools), sequenceNumber, exchange }
  const broken = firstBroken(claim)
  if (broken === 'sequence-number' && !exchange) return ignore(broken, [sequenceNumber])
  if (broken === 'package-under-way') return receiveStray(state, sequenceNumber)
  if (broken || !exchange) return disbelieve(state, { exchange, why: broken ?? 'package-under-way', tools })
  const result: PackageResult = {
    kind: 'euiccPackageResult',
    verified: isVerified(claim),
    sequenceNumber,
    results: results.map(outcomeOf),
  }
  const order = psmosOf(exchange)
  const inventory = order
    ? applyPackage(state.inventory, { order, results, sequenceNumber, now: tools.now })
    : state.inventory
  const known = { ...state, sequenceNumber, inventory }
  return settle(state, { state: known, exchange, result, acknowledged: [sequenceNumber] }, tools)
}

const psmosOf = ({ purpose, package: { order } }: Exchange): readonly PsmoOrder[] | undefined => {
  const executed = purpose === 'inventory' ? inventoryOrder : order
  return 'psmo' in executed ? executed.psmo : undefined
}

function receiveSignedError(
  state: EuiccState,
  { euiccPackageErrorDataSigned: data, euiccSignEPE: signature }: Variant<'euiccPackageErrorSigned'>,
  tools: Tools,
): Turn<Reception> {
  const exchange = exchangeOf(state, data.value)
  const claim = { ...claimOf(state, { data, signature }, tools), exchange }
  const broken = firstBroken(claim)
  if (broken || !exchange) return disbelieve(state, { exchange, why: broken ?? 'package-under-way', tools })
  const { euiccPackageErrorCode: error } = data.value
  const inventory = mayHaveBeenExecuted(exchange, error) ? { ...state.inventory, stale: true } : state.inventory
  const result: PackageResult = { kind: 'euiccPackageError', verified: isVerified(claim), error }
  if (state.exchange?.purpose === 'results') return { effects: [], answer: { acknowledged: [] } }
  if (mayHaveBeenExecuted(exchange, error) && exchange.purpose === 'order')
    return {
      state: { ...state, exchange: askResults(exchange, result, tools) },
      effects: [],
      answer: { acknowledged: [] },
    }
  return settle(state, { state: { ...state, inventory }, exchange, result, acknowledged: [] }, tools)
}

/** Nobody can know who said it, nor why. */
function receiveUnsignedError(
  state: EuiccState,
  error: Variant<'euiccPackageErrorUnsigned'>,
  tools: Tools,
): Turn<Reception> {
  const exchange = exchangeOf(state, error)
  if (!exchange || !tools.believesUnverified(state.eid))
    return signAnew(disbelieve(state, { exchange, why: 'unsigned', tools }))
  const result: PackageResult = { kind: 'euiccPackageError', verified: false, error: 'unsigned' }
  return settle(state, { state, exchange, result, acknowledged: [] }, tools)
}

/** A repetition that is refused as a replay: an earlier delivery was executed and its result has been lost. */
const mayHaveBeenExecuted = ({ deliveries }: Exchange, error: string): boolean =>
  error === 'replayError' && deliveries > 1

/** What the eUICC does not recognize as ours may have been signed wrongly: its counter is the same, so that it is executed once. */
function signAnew(turn: Turn<Reception>): Turn<Reception> {
  const exchange = turn.state?.exchange
  return turn.state && exchange ? { ...turn, state: { ...turn.state, exchange: without(exchange, 'message') } } : turn
}

/** The package was executed and its result has not arrived: the eUICC keeps it until it is acknowledged. */
const askResults = (replayed: Exchange, result: PackageResult, { random }: Tools): Exchange => ({
  package: replayed.package,
  purpose: 'results',
  eimTransactionId: newTransactionId(random),
  deliveries: 0,
  replayed,
  result,
})
