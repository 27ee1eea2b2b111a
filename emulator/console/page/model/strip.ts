/** The run as a strip: so many columns, each with the share of every interface in it and whether something went wrong. */
import { type Entry, INTERFACES } from './entry.ts'

export interface Column {
  /** Number of entries by the position of their interface in INTERFACES. */
  readonly counts: readonly number[]
  readonly total: number
  readonly hasTrouble: boolean
}

export function columnsOf(entries: readonly Entry[], width: number, eid = ''): readonly Column[] {
  const count = Math.min(width, entries.length)
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * entries.length) / count)
    const to = Math.floor(((i + 1) * entries.length) / count)
    return columnOf(entries, { from, to, eid })
  })
}

function columnOf(entries: readonly Entry[], { from, to, eid }: { from: number; to: number; eid: string }): Column {
  const counts = INTERFACES.map(() => 0)
  let hasTrouble = false
  for (let i = from; i < to; i++) {
    const entry = entries[i] as Entry
    if (eid !== '' && entry.eid !== eid) continue
    const at = INTERFACES.indexOf(entry.interface as (typeof INTERFACES)[number])
    if (at >= 0) counts[at] = (counts[at] ?? 0) + 1
    hasTrouble ||= entry.trouble !== ''
  }
  return { counts, total: to - from, hasTrouble }
}
