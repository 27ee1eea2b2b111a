/** EuiccResultData: SGP.32 v1.2, 2.11.2.1, as the northbound door tells it. */
import type { EuiccResultData } from '../../protocol/sgp32/index.ts'
import type { OperationResult } from './model.ts'

export function outcomeOf(data: EuiccResultData): OperationResult {
  switch (data.kind) {
    case 'listProfileInfoResult':
      return { operation: 'listProfileInfo', result: data.value.kind === 'profileInfoListOk' ? 'ok' : data.value.value }
    case 'getRATResult':
      return { operation: 'getRAT', result: 'ok' }
    case 'addEimResult':
      return data.value.kind === 'associationToken'
        ? { operation: 'addEim', result: 'ok', associationToken: data.value.value }
        : { operation: 'addEim', result: data.value.value }
    case 'listEimResult':
      return data.value.kind === 'eimIdList'
        ? { operation: 'listEim', result: 'ok', eims: data.value.value }
        : { operation: 'listEim', result: data.value.value }
    case 'setDefaultDpAddressResult':
      return { operation: 'setDefaultDpAddress', result: data.value.setDefaultDpAddressResult }
    case 'processingTerminated':
      return { operation: 'processingTerminated', result: data.value }
    default:
      return { operation: data.kind.replace(/Result$/, ''), result: data.value }
  }
}
