import { capture } from '../../../protocol/ber/index.ts'
import {
  type EuiccPackageResult,
  ProfileRollbackRequest,
  ProfileRollbackResponse,
  sgp32Codecs,
} from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { signForEim } from '../eims.ts'
import type { Entropy } from '../entropy.ts'
import { isEnabled } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import {
  type AssociatedEim,
  changedMemory,
  type EuiccState,
  holding,
  type Profile,
  profileWith,
  type RollbackAuthorisation,
} from '../state.ts'
import { command, type Effect } from './command.ts'

const name = 'ProfileRollback'

interface Facts {
  readonly state: EuiccState
  readonly refreshFlag: boolean
  readonly rollback: RollbackAuthorisation | undefined
  /** Of the package that is rolled back. */
  readonly eim: AssociatedEim | undefined
  /** The one to go back to. */
  readonly profile: Profile | undefined
}

/** ES10b.ProfileRollback: SGP.32 v1.2, 3.3.2, 5.9.16. */
export const profileRollback = command({
  name,
  request: ProfileRollbackRequest,
  response: ProfileRollbackResponse,
  facts(state, { refreshFlag }): Facts {
    const { rollback, eims } = state.memory
    const eim = eims.find(({ configuration }) => configuration.eimId === rollback?.eimId)
    return { state, refreshFlag, rollback, eim, profile: profileWith(state.memory, rollback?.iccid) }
  },
  checks: [
    {
      id: 'rollback-authorised',
      holds: ({ rollback, eim }) => rollback !== undefined && eim !== undefined,
      otherwise: refuse('rollbackNotAllowed'),
    },
    { ...toolkitIdle, otherwise: refuse('catBusy') },
    {
      id: 'profile-to-return-to',
      holds: ({ state, profile }) => profile !== undefined && !isEnabled(state.memory, profile),
      otherwise: refuse('commandError'),
    },
  ],
  run: rollBack,
})

function refuse(cmdResult: ProfileRollbackResponse['cmdResult']) {
  return (): ProfileRollbackResponse => ({ cmdResult })
}

/** The result of the package gives way to one that says that it was rolled back. */
function rollBack(state: EuiccState, facts: Facts, entropy: Entropy): Effect<ProfileRollbackResponse> {
  const { iccid: to, seqNumber: replaced, eimSignature, ...echo } = proven(facts.rollback, 'rollback-authorised')
  const { lastSeqNumber, packageResults } = state.memory
  const seqNumber = lastSeqNumber + 1
  const signed = { ...echo, seqNumber, euiccResult: [{ kind: 'rollbackResult', value: 'ok' }] } as const
  const data = capture(sgp32Codecs[state.product.specification].EuiccPackageResultDataSigned, signed)
  const eim = proven(facts.eim, 'rollback-authorised')
  const euiccSignEPR = signForEim(state, { eim, data: data.octets, eimSignature }, entropy)
  const result: EuiccPackageResult = {
    kind: 'euiccPackageResultSigned',
    value: { euiccPackageResultDataSigned: data, euiccSignEPR },
  }
  const others = packageResults.filter((stored) => stored.seqNumber !== replaced)
  const memory = changedMemory(state.memory, {
    rollback: undefined,
    lastSeqNumber: seqNumber,
    packageResults: [...others, { seqNumber, result }].slice(-state.product.limits.packageResults),
  })
  const { refreshFlag } = facts
  return {
    ...switchProfile(holding(state, memory), { cause: name, to }, { refreshFlag, entropy }),
    answer: { cmdResult: 'ok', eUICCPackageResult: result },
  }
}
