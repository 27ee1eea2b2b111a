/** Which rows of the timeline are shown. */
import type { Entry } from './entry.ts'
import { INTERFACES } from './entry.ts'
import type { Haystack } from './haystack.ts'

export interface Filter {
  /** EID; empty: all. */
  readonly eid: string
  /** Interfaces that are not shown. */
  readonly hidden: readonly string[]
  readonly onlyTrouble: boolean
  /** Words that all must be found. */
  readonly text: string
  /** Only these entries: those of an operation that is followed. */
  readonly followed?: ReadonlySet<number>
}

export const noFilter: Filter = { eid: '', hidden: [], onlyTrouble: false, text: '' }

export function matcherOf(
  { eid, hidden, onlyTrouble, text, followed }: Filter,
  haystack: Haystack,
): (entry: Entry) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).map(haystack.search)
  const isHidden = new Set(hidden)
  return (entry) =>
    (eid === '' || entry.eid === eid) &&
    !isHidden.has(entry.interface) &&
    (!onlyTrouble || entry.trouble !== '') &&
    (followed === undefined || followed.has(entry.id)) &&
    hasAll(entry.texts, words)
}

/** Loops, not callbacks: this is done for every entry with every key. */
function hasAll(texts: readonly number[], words: readonly ((number: number) => boolean)[]): boolean {
  for (const holds of words) {
    let isFound = false
    for (let i = 0; i < texts.length && !isFound; i++) isFound = holds(texts[i] as number)
    if (!isFound) return false
  }
  return true
}

export interface Selected {
  readonly rows: readonly Entry[]
  /** The rightmost lane that one of them reaches. */
  readonly lane: number
}

/**
 * A filtered list that grows with its source: only what is new is looked at, until what is known of the old has changed (`revision`), or the source is
 * another one.
 */
export function createSelection(filter: Filter, haystack: Haystack) {
  const matches = matcherOf(filter, haystack)
  let selected: Selected = { rows: [], lane: 0 }
  let source: readonly Entry[] = []
  let seen = 0
  let known = 0
  return (entries: readonly Entry[], revision = 0): Selected => {
    if (entries !== source || (filter.onlyTrouble && revision !== known)) {
      selected = { rows: [], lane: 0 }
      seen = 0
    }
    source = entries
    known = revision
    const found: Entry[] = []
    let { lane } = selected
    for (; seen < entries.length; seen++) {
      const entry = entries[seen] as Entry
      if (!matches(entry)) continue
      found.push(entry)
      if (entry.lane > lane) lane = entry.lane
    }
    if (found.length > 0) selected = { rows: selected.rows.concat(found), lane }
    return selected
  }
}

export const toggled = (hidden: readonly string[], name: string): readonly string[] =>
  hidden.includes(name) ? hidden.filter((other) => other !== name) : [...hidden, name]

/** Shows this interface alone; all of them when it already is alone. */
export function soloed(hidden: readonly string[], name: string): readonly string[] {
  const others = INTERFACES.filter((other) => other !== name)
  return others.every((other) => hidden.includes(other)) && !hidden.includes(name) ? [] : others
}

/** Position of the entry with this number, or of the first one behind it; the list is in rising order. */
export function positionOf(entries: readonly Entry[], id: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle] as Entry).id < id) low = middle + 1
    else high = middle
  }
  return low
}
