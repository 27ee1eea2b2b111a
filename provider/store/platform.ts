/** What the provider keeps for an RSP platform that keeps too little itself: which order became which resource, and what an eUICC has last said. */
import type { Profile } from '../rsp/platform.ts'
import type { Queries } from './database.ts'

export interface KeptOrder {
  /** Rising: of two orders for one eUICC the later one has the higher. */
  readonly position: number
  readonly eid: string
  readonly key: string
  /** Absent while nobody knows whether the platform has it. */
  readonly packageId?: string
  readonly isEnded: boolean
}

interface Row {
  readonly position: number | string
  readonly eid: string
  readonly key: string
  readonly package_id: string | null
  readonly ended_at: Date | null
}

const columns = 'position, eid, key, package_id, ended_at'

const orderOf = ({ position, eid, key, package_id: packageId, ended_at }: Row): KeptOrder => ({
  position: Number(position),
  ...{ eid, key, isEnded: ended_at !== null },
  ...(packageId !== null && { packageId }),
})

/** The order with this key; `isNew`: it is written now. */
export const keepOrder = async (
  queries: Queries,
  { eid, key, now }: { readonly eid: string; readonly key: string; readonly now: number },
): Promise<{ readonly order: KeptOrder; readonly isNew: boolean }> => {
  const [written] = await queries.query<Row>(
    `insert into platform_order (eid, key, kept_at) values ($1, $2, $3) on conflict (key) do nothing returning ${columns}`,
    [eid, key, new Date(now)],
  )
  if (written) return { order: orderOf(written), isNew: true }
  const [known] = await queries.query<Row>(`select ${columns} from platform_order where key = $1`, [key])
  if (!known) throw new Error(`the order ${key} is neither new nor known`)
  return { order: orderOf(known), isNew: false }
}

export const nameOrder = async (queries: Queries, key: string, packageId: string): Promise<void> => {
  await queries.query('update platform_order set package_id = $2 where key = $1', [key, packageId])
}

export const findOrder = async (queries: Queries, packageId: string): Promise<KeptOrder | undefined> => {
  const [row] = await queries.query<Row>(`select ${columns} from platform_order where package_id = $1`, [packageId])
  return row && orderOf(row)
}

/** It is asked for once more when it is asked for again. */
export const dropOrder = async (queries: Queries, key: string): Promise<void> => {
  await queries.query('delete from platform_order where key = $1', [key])
}

export const endOrder = async (queries: Queries, packageId: string, now: number): Promise<void> => {
  await queries.query('update platform_order set ended_at = $2 where package_id = $1 and ended_at is null', [
    packageId,
    new Date(now),
  ])
}

/** Packages that had not ended when they were last looked at. */
export const openOrders = async (queries: Queries): Promise<readonly string[]> => {
  const rows = await queries.query<{ package_id: string }>(
    'select package_id from platform_order where ended_at is null and package_id is not null order by position',
  )
  return rows.map(({ package_id }) => package_id)
}

/** Of these packages, those that no order became. */
export const unclaimed = async (queries: Queries, packageIds: readonly string[]): Promise<readonly string[]> => {
  const rows = await queries.query<{ id: string }>(
    `select id from json_array_elements_text($1::json) as id
     where not exists (select 1 from platform_order where package_id = id)`,
    [JSON.stringify(packageIds)],
  )
  return rows.map(({ id }) => id)
}

export const forgetOrders = async (queries: Queries, until: number): Promise<void> => {
  await queries.query('delete from platform_order where kept_at < $1', [new Date(until)])
}

/** What an eUICC said in answer to this order, unless it has said something later. */
export const keepProfiles = async (
  queries: Queries,
  { position, eid, profiles, now }: Pick<KeptOrder, 'position' | 'eid'> & { profiles: readonly Profile[]; now: number },
): Promise<void> => {
  await queries.query(
    `insert into platform_euicc (eid, position, profiles, told_at, asked_at) values ($1, $2, $3, $4, $4)
     on conflict (eid) do update set position = $2, profiles = $3, told_at = $4, asked_at = $4
     where platform_euicc.position <= $2`,
    [eid, position, JSON.stringify(profiles), new Date(now)],
  )
}

/** undefined: it has never said anything. */
export const profilesOf = async (queries: Queries, eid: string): Promise<readonly Profile[] | undefined> => {
  const [row] = await queries.query<{ profiles: string }>(
    'select profiles::text as profiles from platform_euicc where eid = $1',
    [eid],
  )
  return row && JSON.parse(row.profiles)
}

export const eidWith = async (queries: Queries, iccid: string): Promise<string | undefined> => {
  const [row] = await queries.query<{ eid: string }>(
    'select eid from platform_euicc where profiles @> $1::jsonb order by told_at desc limit 1',
    [JSON.stringify([{ iccid }])],
  )
  return row?.eid
}

/** eUICCs that nobody has asked since then; whoever gets them asks. */
export const takeSilent = async (
  queries: Queries,
  { before, now, limit }: { readonly before: number; readonly now: number; readonly limit: number },
): Promise<readonly string[]> => {
  const rows = await queries.query<{ eid: string }>(
    `update platform_euicc set asked_at = $2 where eid in (
       select eid from platform_euicc where asked_at < $1 order by asked_at limit $3 for update skip locked)
     returning eid`,
    [new Date(before), new Date(now), limit],
  )
  return rows.map(({ eid }) => eid)
}
