/** What went wrong, told by what it began with: one refusal makes others, and whoever looks for a cause wants the first. */
import type { Entry } from './entry.ts'

export interface Episode {
  readonly first: Entry
  readonly last: Entry
  /** Of troubles, with the first. */
  readonly count: number
}

/** Milliseconds between troubles that follow from one another. */
const CLOSE = 5000

/** Newest last trouble first. Events to a sink are a matter of their own. */
export function episodesOf(troubles: readonly Entry[]): readonly Episode[] {
  const episodes: Episode[] = []
  const open = new Map<string, number>()
  for (const trouble of troubles) {
    const key = `${trouble.eid} ${trouble.interface === 'event' ? trouble.operation : ''}`
    const place = open.get(key)
    const before = place === undefined ? undefined : episodes[place]
    if (place !== undefined && before && belongs(trouble, before))
      episodes[place] = { ...before, last: trouble, count: before.count + 1 }
    else open.set(key, episodes.push({ first: trouble, last: trouble, count: 1 }) - 1)
  }
  return episodes.sort((a, b) => b.last.id - a.last.id)
}

/** Of the same transaction, or, where none is named, soon after, or the same once more. */
const belongs = (trouble: Entry, { first, last }: Episode): boolean =>
  isTied(trouble, first) ??
  (trouble.at - last.at <= CLOSE || (trouble.operation === first.operation && trouble.trouble === first.trouble))

/** Whether they name the same transaction; undefined when they name nothing that can be compared. */
function isTied(one: Entry, other: Entry): boolean | undefined {
  const others = namesOf(other)
  const shared = Object.entries(namesOf(one)).filter(([name]) => others[name] !== undefined)
  return shared.length > 0 ? shared.some(([name, id]) => others[name] === id) : undefined
}

const namesOf = ({ message, asked }: Entry): Readonly<Record<string, string>> => (message ?? asked)?.correlation ?? {}
