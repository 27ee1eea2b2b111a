import {
  SetDefaultDpAddressRequest as ConsumerRequest,
  SetDefaultDpAddressResponse as ConsumerResponse,
} from '../../../protocol/sgp22/index.ts'
import { SetDefaultDpAddressRequest, SetDefaultDpAddressResponse } from '../../../protocol/sgp32/index.ts'
import { addressFits, withDefaultDpAddress } from '../addresses.ts'
import { type EuiccState, holding } from '../state.ts'
import { command } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly defaultDpAddress: string
}

/** The same function under two tags. */
const row = {
  name: 'SetDefaultDpAddress',
  facts: (state: EuiccState, { defaultDpAddress }: { defaultDpAddress: string }): Facts => ({
    state,
    defaultDpAddress,
  }),
  checks: [
    {
      id: 'address-fits',
      holds: ({ state, defaultDpAddress }: Facts) => addressFits(state.product, defaultDpAddress),
      otherwise: () => ({ setDefaultDpAddressResult: 'undefinedError' as const }),
    },
  ],
  run: (state: EuiccState, { defaultDpAddress }: Facts) => ({
    state: holding(state, withDefaultDpAddress(state.memory, defaultDpAddress)),
    answer: { setDefaultDpAddressResult: 'ok' as const },
  }),
}

/** ES10a.SetDefaultDpAddress: SGP.22 v2.5, 5.7.4. */
export const setDefaultDpAddress = command({ ...row, request: ConsumerRequest, response: ConsumerResponse })

/** ES10b.SetDefaultDpAddress: SGP.32 v1.2, 5.9.25. */
export const setDefaultDpAddressIot = command({
  ...row,
  request: SetDefaultDpAddressRequest,
  response: SetDefaultDpAddressResponse,
})
