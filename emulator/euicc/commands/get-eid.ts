import { EidValue, GetEuiccDataRequest, GetEuiccDataResponse } from '../../../protocol/sgp22/index.ts'
import { command } from './command.ts'

/** ES10c.GetEID (SGP.22 v2.5, 5.7.20), ES10b.GetEID (SGP.32 v1.2). The only data object there is. */
export const getEid = command({
  name: 'GetEID',
  request: GetEuiccDataRequest,
  response: GetEuiccDataResponse,
  facts: (state, { tagList }) => ({ state, tagList }),
  checks: [
    {
      id: 'tag-is-eid',
      holds: ({ tagList }) => tagList.length === 1 && tagList[0] === EidValue.tag,
      otherwise: () => ({ statusWord: 'incorrectData' as const }),
    },
  ],
  run: (state) => ({ state, answer: { eidValue: state.eid } }),
})
