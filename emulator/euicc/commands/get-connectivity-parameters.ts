import { GetConnectivityParametersRequest, GetConnectivityParametersResponse } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { profileWith } from '../state.ts'
import { command, type Effect } from './command.ts'

/** ES10b.GetConnectivityParameters: SGP.32 v1.2, 5.9.24. Those of the enabled profile, from its header. Unverified: the latter. */
export const getConnectivityParameters = command({
  name: 'GetConnectivityParameters',
  request: GetConnectivityParametersRequest,
  response: GetConnectivityParametersResponse,
  facts: ({ memory }) => ({ parameters: profileWith(memory, memory.enabled)?.connectivityParameters }),
  checks: [
    {
      id: 'parameters-stored',
      holds: ({ parameters }) => parameters !== undefined,
      otherwise: (): GetConnectivityParametersResponse => ({
        kind: 'connectivityParametersError',
        value: 'parametersNotAvailable',
      }),
    },
  ],
  run: (state, { parameters }): Effect<GetConnectivityParametersResponse> => ({
    state,
    answer: { kind: 'connectivityParameters', value: { httpParams: proven(parameters, 'parameters-stored') } },
  }),
})
