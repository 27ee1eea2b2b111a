import { EuiccConfiguredAddressesRequest, EuiccConfiguredAddressesResponse } from '../../../protocol/sgp22/index.ts'
import { query } from './command.ts'

/** ES10a.GetEuiccConfiguredAddresses: SGP.22 v2.5, 5.7.3. */
export const getEuiccConfiguredAddresses = query({
  name: 'GetEuiccConfiguredAddresses',
  request: EuiccConfiguredAddressesRequest,
  response: EuiccConfiguredAddressesResponse,
  answer: ({ product: { rootDsAddress }, memory: { defaultDpAddress } }) => ({
    ...(defaultDpAddress !== undefined && { defaultDpAddress }),
    rootDsAddress,
  }),
})
