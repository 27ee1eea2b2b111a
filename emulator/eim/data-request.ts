/** IpaEuiccDataRequest: SGP.32 v1.2, 2.11.1.2. What an IPA is asked about its eUICC and itself. */
import { fromHex } from '../../protocol/ber/index.ts'
import { IpaEuiccData, type IpaEuiccDataRequest } from '../../protocol/sgp32/index.ts'
import type { DataOrder } from './model.ts'
import { onlyMember, toTags } from './orders.ts'

/** The tagList names components by their tags. */
const tags: ReadonlyMap<string, number | undefined> = new Map(
  IpaEuiccData.layout.kind === 'fields'
    ? IpaEuiccData.layout.fields.map(({ name, schema }) => [name, schema.tags[0]])
    : [],
)

export function toDataRequest(order: DataOrder, eimTransactionId: string): IpaEuiccDataRequest {
  const { euiccCiPKId, searchCriteriaNotification: notification, searchCriteriaEuiccPackageResult: result } = order
  return {
    tagList: order.tagList === undefined ? componentTags(order) : toTags(order.tagList),
    ...(euiccCiPKId !== undefined && { euiccCiPKIdentifierToBeUsed: fromHex(euiccCiPKId) }),
    ...(notification && { searchCriteriaNotification: toCriteria(notification) }),
    ...(result && { searchCriteriaEuiccPackageResult: { kind: 'seqNumber', value: result.seqNumber } }),
    eimTransactionId,
  }
}

const componentTags = ({ components = [] }: DataOrder) => components.map((name) => tags.get(name) ?? 0)

type Criteria = NonNullable<IpaEuiccDataRequest['searchCriteriaNotification']>

function toCriteria(criteria: NonNullable<DataOrder['searchCriteriaNotification']>): Criteria {
  const { name: kind, value } = onlyMember(criteria)
  return { kind, value } as Criteria
}
