import { LpaeActivationRequest, LpaeActivationResponse } from '../../../protocol/sgp22/index.ts'
import { IpaeActivationRequest, IpaeActivationResponse } from '../../../protocol/sgp32/index.ts'
import { query } from './command.ts'

/** IpaeActivation: SGP.32 v1.2. There is no IPAe in the card, and EUICCInfo2 says `ipad`. */
export const ipaeActivation = query({
  name: 'IpaeActivation',
  request: IpaeActivationRequest,
  response: IpaeActivationResponse,
  answer: () => ({ ipaeActivationResult: 'notSupported' as const }),
})

/** LpaeActivation: SGP.22 v2.5. Nor is there an LPAe. */
export const lpaeActivation = query({
  name: 'LpaeActivation',
  request: LpaeActivationRequest,
  response: LpaeActivationResponse,
  answer: () => ({ lpaeActivationResult: 'notSupported' as const }),
})
