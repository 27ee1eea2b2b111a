import { GetEimConfigurationDataRequest, GetEimConfigurationDataResponse } from '../../../protocol/sgp32/index.ts'
import { query } from './command.ts'

/** ES10b.GetEimConfigurationData: SGP.32 v1.2, 5.9.18. Counters stay in the card. */
export const getEimConfigurationData = query({
  name: 'GetEimConfigurationData',
  request: GetEimConfigurationDataRequest,
  response: GetEimConfigurationDataResponse,
  answer: ({ memory }, { searchCriteria }) => ({
    eimConfigurationDataList: memory.eims
      .map(({ configuration }) => configuration)
      .filter(({ eimId }) => searchCriteria === undefined || searchCriteria.value === eimId),
  }),
})
