/**
 * Follows one operation of the API from the POST to the event. Messages name what ties them together (operationId, packageId, eimTransactionId,
 * transactionId, x-correlator); ES10 names nothing, but work on one eUICC is done one after the other: what the same device says between the first
 * and the last tied message belongs to it.
 */
import type { Message } from '../api/contract.ts'
import type { Entry } from './entry.ts'

const idNames = new Set(['operationId', 'packageId', 'eimTransactionId', 'transactionId', 'x-correlator'])

const known = new WeakMap<Message, readonly string[]>()

/** Names of everything that ties an entry to others. A message does not change, so it is looked through once. */
export function tiesOf({ message }: Entry): readonly string[] {
  if (!message) return []
  const ties = known.get(message) ?? tiesIn(message)
  known.set(message, ties)
  return ties
}

function tiesIn(message: Message): readonly string[] {
  const ties: string[] = []
  for (const [name, value] of Object.entries(message.correlation ?? {})) if (value) ties.push(tie(name, value))
  collect(message.json, ties, 0)
  return ties
}

const tie = (name: string, value: string): string => `${name}:${value.toLowerCase()}`

function collect(json: unknown, ties: string[], depth: number): void {
  if (typeof json !== 'object' || json === null || depth > 3) return
  for (const [name, value] of Object.entries(json)) {
    if (typeof value === 'string' && idNames.has(name)) ties.push(tie(name, value))
    else collect(value, ties, depth + 1)
  }
}

/** The operation that an entry can be followed by. */
export const operationOf = ({ message }: Entry): string | undefined => message?.correlation?.['operationId']

export function followed(entries: readonly Entry[], start: Entry): ReadonlySet<number> {
  const named = tiesOf(start).length > 0 ? start : (answerTo(entries, start) ?? start)
  const ties = new Set(tiesOf(named))
  const tied = new Set<Entry>([start, named])
  const candidates = entries.map((entry) => [entry, tiesOf(entry)] as const).filter(([, own]) => own.length > 0)
  for (let before = -1; before !== ties.size; ) {
    before = ties.size
    for (const [entry, own] of candidates) {
      if (!own.some((name) => ties.has(name))) continue
      tied.add(entry)
      for (const name of own) ties.add(name)
    }
  }
  for (const entry of [...tied]) {
    const request = requestOf(entries, entry)
    if (request) tied.add(request)
  }
  return between(entries, tied)
}

/** A request may name nothing that its answer names. */
const answerTo = (entries: readonly Entry[], { id, from, to, operation }: Entry): Entry | undefined =>
  entries.find((entry) => entry.id > id && entry.operation === operation && entry.from === to && entry.to === from)

/** What the API answered was asked for, too. */
const requestOf = (entries: readonly Entry[], { id, interface: on, status, from, to, operation }: Entry) =>
  on === 'API' && status !== ''
    ? entries.findLast(
        (entry) => entry.id < id && entry.operation === operation && entry.from === to && entry.to === from,
      )
    : undefined

function between(entries: readonly Entry[], tied: ReadonlySet<Entry>): ReadonlySet<number> {
  const ids = new Set([...tied].map(({ id }) => id))
  const eid = [...tied].find((entry) => entry.eid !== '')?.eid
  if (eid === undefined) return ids
  const first = Math.min(...ids)
  const last = Math.max(...ids)
  for (const entry of entries) if (entry.eid === eid && entry.id >= first && entry.id <= last) ids.add(entry.id)
  return ids
}
