/** The emergency profile (eCall): SGP.32 v1.2, 5.9.22, 5.9.23. It stays enabled over resets. */
import {
  DisableEmergencyProfileRequest,
  DisableEmergencyProfileResponse,
  EnableEmergencyProfileRequest,
  EnableEmergencyProfileResponse,
} from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { isEmergency, isEmergencyActive } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import { type EuiccState, holding, type Memory, type Profile, type Switch, withoutRollback } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly refreshFlag: boolean
  readonly emergency: Profile | undefined
}

const gather = (state: EuiccState, { refreshFlag }: { readonly refreshFlag: boolean }): Facts => ({
  state,
  refreshFlag,
  emergency: state.memory.profiles.find(isEmergency),
})

/** Only with refreshFlag is the authorisation to roll back over. */
const before = (state: EuiccState, refreshFlag: boolean): EuiccState =>
  refreshFlag ? holding(state, withoutRollback(state.memory)) : state

const keptFallback = ({ beforeFallback }: Memory) => (beforeFallback === undefined ? {} : { beforeFallback })

/** ES10b.EnableEmergencyProfile: SGP.32 v1.2, 5.9.22. Nobody is notified. */
export const enableEmergencyProfile = command({
  name: 'EnableEmergencyProfile',
  request: EnableEmergencyProfileRequest,
  response: EnableEmergencyProfileResponse,
  facts: gather,
  checks: [
    {
      id: 'emergency-profile-exists',
      holds: ({ emergency }) => emergency !== undefined,
      otherwise: refuseEnabling('ecallNotAvailable'),
    },
    {
      id: 'emergency-profile-disabled',
      holds: ({ state }) => !isEmergencyActive(state.memory),
      otherwise: refuseEnabling('profileNotInDisabledState'),
    },
    { ...toolkitIdle, otherwise: refuseEnabling('catBusy') },
  ],
  run(state, { refreshFlag, emergency }, entropy): Effect<EnableEmergencyProfileResponse> {
    const { enabled } = state.memory
    const change: Switch = {
      cause: 'EnableEmergencyProfile',
      to: proven(emergency, 'emergency-profile-exists').iccid,
      remembers: { ...keptFallback(state.memory), ...(enabled !== undefined && { beforeEmergency: enabled }) },
      isSilent: true,
    }
    return {
      ...switchProfile(before(state, refreshFlag), change, { refreshFlag, entropy }),
      answer: { enableEmergencyProfileResult: 'ok' },
    }
  },
})

type EnablingResult = EnableEmergencyProfileResponse['enableEmergencyProfileResult']

function refuseEnabling(enableEmergencyProfileResult: EnablingResult) {
  return (): EnableEmergencyProfileResponse => ({ enableEmergencyProfileResult })
}

/** ES10b.DisableEmergencyProfile: SGP.32 v1.2, 5.9.23. The profile that was enabled before is enabled again. */
export const disableEmergencyProfile = command({
  name: 'DisableEmergencyProfile',
  request: DisableEmergencyProfileRequest,
  response: DisableEmergencyProfileResponse,
  facts: gather,
  checks: [
    {
      id: 'emergency-profile-enabled',
      holds: ({ state }) => isEmergencyActive(state.memory),
      otherwise: refuseDisabling('profileNotInEnabledState'),
    },
    { ...toolkitIdle, otherwise: refuseDisabling('catBusy') },
  ],
  run(state, { refreshFlag }, entropy): Effect<DisableEmergencyProfileResponse> {
    const { beforeEmergency: to } = state.memory
    const change: Switch = {
      cause: 'DisableEmergencyProfile',
      ...(to !== undefined && { to }),
      remembers: keptFallback(state.memory),
      isSilent: state.product.policy.endOfEmergencyNotifications === 'suppressed',
    }
    return {
      ...switchProfile(before(state, refreshFlag), change, { refreshFlag, entropy }),
      answer: { disableEmergencyProfileResult: 'ok' },
    }
  },
})

type DisablingResult = DisableEmergencyProfileResponse['disableEmergencyProfileResult']

function refuseDisabling(disableEmergencyProfileResult: DisablingResult) {
  return (): DisableEmergencyProfileResponse => ({ disableEmergencyProfileResult })
}
