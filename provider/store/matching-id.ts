/** MatchingIDs of orders that this provider places: made from a secret of its database, so that they come out the same again and nobody else can guess them. */
import { createHmac } from 'node:crypto'
import type { OrderedProfile } from '../rsp/orders.ts'
import type { Queries } from './database.ts'

/** 32 upper-case hexadecimal digits. */
export const matchingIdOf = async (queries: Queries, { eid, iccid }: OrderedProfile): Promise<string> => {
  const [row] = await queries.query<{ value: string }>('select value from secret')
  if (!row) throw new Error('the database has no secret')
  return createHmac('sha256', row.value).update(`${eid} ${iccid}`).digest('hex').slice(0, 32).toUpperCase()
}
