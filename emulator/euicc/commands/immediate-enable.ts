import { type ImmediateEnableResponse, type Sgp32Codec, sgp32Codecs } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { isEnabled } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import type { RspSession } from '../session.ts'
import { type EuiccState, holding, type Profile, profileWith, withoutRollback, withSession } from '../state.ts'
import { command, type Effect, type EuiccFunction } from './command.ts'

const name = 'ImmediateEnable'

interface Facts {
  readonly state: EuiccState
  readonly refreshFlag: boolean
  readonly session: Extract<RspSession, { phase: 'installed' }> | undefined
  /** The one that the session has installed. */
  readonly profile: Profile | undefined
}

/** Unverified: that PPR1 of the enabled profile is not looked at, and the last row. */
const enableInstalled = (codec: Sgp32Codec) =>
  command({
    name,
    request: codec.ImmediateEnableRequest,
    response: codec.ImmediateEnableResponse,
    facts(state, { refreshFlag }): Facts {
      const { session } = state.volatile
      const installed = session?.phase === 'installed' ? session : undefined
      return { state, refreshFlag, session: installed, profile: profileWith(state.memory, installed?.iccid) }
    },
    checks: [
      {
        id: 'immediate-enable-allowed',
        holds: ({ state }) => state.memory.immediateEnable.allowed,
        otherwise: refuse('immediateEnableNotAvailable'),
      },
      {
        id: 'profile-just-installed',
        holds: ({ profile }) => profile !== undefined,
        otherwise: refuse('noSessionContext'),
      },
      {
        id: 'smdp-oid-configured',
        holds: ({ state, session }) =>
          isRestricted(state) && isConfigured(state.memory.immediateEnable.smdpOid, session?.serverOid),
        otherwise: refuse('immediateEnableNotAvailable'),
      },
      {
        id: 'smdp-address-configured',
        holds: ({ state, session }) => isConfigured(state.memory.immediateEnable.smdpAddress, session?.serverAddress),
        otherwise: refuse('immediateEnableNotAvailable'),
      },
      { ...toolkitIdle, otherwise: refuse('catBusy') },
      {
        id: 'profile-disabled',
        holds: ({ state, profile }) => !isEnabled(state.memory, profile),
        otherwise: refuse('undefinedError'),
      },
    ],
    run(before, { refreshFlag, profile }, entropy): Effect<ImmediateEnableResponse> {
      const { iccid } = proven(profile, 'profile-just-installed')
      const state = refreshFlag ? holding(before, withoutRollback(before.memory)) : before
      return {
        ...switchProfile(state, { cause: name, to: iccid }, { refreshFlag, entropy }),
        answer: { immediateEnableResult: 'ok' },
      }
    },
  })

/** The session of the installation is over with it, whatever the answer. */
function endingSession(enabling: EuiccFunction): EuiccFunction {
  return {
    ...enabling,
    execute(state, octets, entropy) {
      const result = enabling.execute(state, octets, entropy)
      const isOver = state.volatile.session?.phase === 'installed'
      return isOver ? { ...result, state: withSession(result.state, undefined) } : result
    },
  }
}

/** ES10b.ImmediateEnable: SGP.32 v1.2, 3.4.4, 5.9.15. */
export const immediateEnable = endingSession(enableInstalled(sgp32Codecs['1.2']))

/** ES10b.EnableUsingDD: SGP.32 v1.0.1, 5.9.15. */
export const enableUsingDD = endingSession(enableInstalled(sgp32Codecs['1.0.1']))

/** Where the policy says so, something must be configured. */
function isRestricted({ product, memory: { immediateEnable } }: EuiccState): boolean {
  const { smdpOid, smdpAddress } = immediateEnable
  return product.policy.immediateEnableUnrestricted === 'allowed' || (smdpOid ?? smdpAddress) !== undefined
}

/** What is not configured is not compared. */
const isConfigured = (configured: string | undefined, own: string | undefined): boolean =>
  configured === undefined || configured.toLowerCase() === own?.toLowerCase()

function refuse(immediateEnableResult: ImmediateEnableResponse['immediateEnableResult']) {
  return (): ImmediateEnableResponse => ({ immediateEnableResult })
}
