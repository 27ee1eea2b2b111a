/** The fleet as the page keeps it: rows by EID, changed by what the stream tells. */
import type { CardEvent, EimPackage, FleetRow, Message } from '../api/contract.ts'

/** What a card event makes of the row of its device. */
export function afterCardEvent(row: FleetRow, event: CardEvent): FleetRow {
  const next = { ...row, sequence: Math.max(row.sequence, event.sequence) }
  const change = event.iccid === undefined ? undefined : changes[event.type]
  return change ? change(next, event.iccid as string) : next
}

type Change = (row: FleetRow, iccid: string) => FleetRow

const without = <K extends 'enabled' | 'fallback'>(row: FleetRow, name: K, iccid: string): FleetRow => {
  if (row[name] !== iccid) return row
  const { [name]: _gone, ...rest } = row
  return rest as FleetRow
}

const changes: Readonly<Record<string, Change>> = {
  'profile-installed': (row, iccid) => (row.iccids.includes(iccid) ? row : { ...row, iccids: [...row.iccids, iccid] }),
  'profile-enabled': (row, iccid) => ({ ...row, enabled: iccid }),
  'profile-disabled': (row, iccid) => without(row, 'enabled', iccid),
  'profile-deleted': (row, iccid) => ({
    ...without(without(row, 'enabled', iccid), 'fallback', iccid),
    iccids: row.iccids.filter((other) => other !== iccid),
  }),
  'fallback-attribute-set': (row, iccid) => ({ ...row, fallback: iccid }),
  'fallback-attribute-unset': (row, iccid) => without(row, 'fallback', iccid),
}

/** A message of ESipa is a contact. */
export const afterMessage = (row: FleetRow, message: Message): FleetRow =>
  message.interface === 'ESipa' ? { ...row, lastContactAt: message.at } : row

/** `known`: packages of this device that are not over; changed by the call. */
export function afterPackage(row: FleetRow, known: Set<string>, { packageId, state }: EimPackage): FleetRow {
  if (state === 'done' || state === 'cancelled') known.delete(packageId)
  else known.add(packageId)
  return { ...row, waiting: known.size }
}

export type Presence = 'all' | 'enabled' | 'empty' | 'unreachable' | 'waiting' | 'trouble'

/** Those with trouble first. Words of a search are found in EID, ICCIDs and owner; all must be. */
export function findDevices(
  rows: Iterable<FleetRow>,
  {
    text,
    presence,
    troubled,
  }: { readonly text: string; readonly presence: Presence; readonly troubled: ReadonlyMap<string, number> },
): FleetRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const [wrong, others]: [FleetRow[], FleetRow[]] = [[], []]
  for (const row of rows)
    if (isPresent[presence](row, troubled) && words.every((word) => holds(row, word)))
      (troubled.has(row.eid) ? wrong : others).push(row)
  return wrong.length > 0 ? wrong.concat(others) : others
}

const holds = (row: FleetRow, word: string): boolean =>
  row.eid.includes(word) || row.owner.includes(word) || row.iccids.some((iccid) => iccid.includes(word))

const isPresent: Readonly<Record<Presence, (row: FleetRow, troubled: ReadonlyMap<string, number>) => boolean>> = {
  all: () => true,
  enabled: ({ enabled }) => enabled !== undefined,
  empty: ({ iccids }) => iccids.length === 0,
  unreachable: ({ reachable }) => !reachable,
  waiting: ({ waiting }) => waiting > 0,
  trouble: ({ eid }, troubled) => troubled.has(eid),
}
