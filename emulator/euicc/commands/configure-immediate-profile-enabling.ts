import {
  ConfigureImmediateProfileEnablingRequest,
  ConfigureImmediateProfileEnablingResponse,
} from '../../../protocol/sgp32/index.ts'
import { addressFits } from '../addresses.ts'
import { configuredImmediateEnable } from '../immediate-enable.ts'
import { type EuiccState, withMemory } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly request: ConfigureImmediateProfileEnablingRequest
}

/** ES10b.ConfigureImmediateProfileEnabling: SGP.32 v1.2, 5.9.17. The business of eIMs as soon as there is one. */
export const configureImmediateProfileEnabling = command({
  name: 'ConfigureImmediateProfileEnabling',
  request: ConfigureImmediateProfileEnablingRequest,
  response: ConfigureImmediateProfileEnablingResponse,
  facts: (state, request): Facts => ({ state, request }),
  checks: [
    {
      id: 'no-eim-yet',
      holds: ({ state }) => state.memory.eims.length === 0,
      otherwise: refuse('associatedEimAlreadyExists'),
    },
    {
      id: 'address-fits',
      holds: ({ state, request }) => addressFits(state.product, request.defaultSmdpAddress ?? ''),
      otherwise: refuse('insufficientMemory'),
    },
  ],
  run: (state, { request }): Effect<ConfigureImmediateProfileEnablingResponse> => ({
    state: withMemory(state, { immediateEnable: configuredImmediateEnable(state, request) }),
    answer: { configImmediateEnableResult: 'ok' },
  }),
})

type Result = ConfigureImmediateProfileEnablingResponse['configImmediateEnableResult']

function refuse(configImmediateEnableResult: Result) {
  return (): ConfigureImmediateProfileEnablingResponse => ({ configImmediateEnableResult })
}
