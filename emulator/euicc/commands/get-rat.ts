import { GetRatRequest, GetRatResponse } from '../../../protocol/sgp22/index.ts'
import { query } from './command.ts'

/** ES10b.GetRAT: SGP.22 v2.5, 5.7.22. */
export const getRat = query({
  name: 'GetRAT',
  request: GetRatRequest,
  response: GetRatResponse,
  answer: ({ product }) => ({ rat: product.rulesAuthorisationTable }),
})
