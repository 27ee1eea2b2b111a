/** Which scenarios run one after another, and which beside each other. */
export interface Planned {
  readonly name: string
  readonly uri: string
  readonly line: number
}

/** Features whose scenarios wait most (a provider's patience with a silent sink): asked first, so that others fill the time. */
const patient = /(event-delivery|model)\.feature$/

/** Features whose scenarios are over at once: requests that are refused. */
const quick = /authorization\.feature$/

/** Features whose scenarios let hours pass, or misbehave for everybody: each alone, when all others are over. */
const lonely = /faults\.feature$/

export const apart = (scenarios: readonly Planned[]) => ({
  together: scenarios.filter(({ uri }) => !lonely.test(uri)),
  alone: scenarios.filter(({ uri }) => lonely.test(uri)),
})

/** Lists of `file:line:line`, one after another. */
export type Sequence = readonly (readonly string[])[]

/**
 * `count` of them; with a seed, in an order of its own. The very first scenario is a list by itself, since the engine reads all of a list before it asks the first: whoever
 * watches soon has something to see.
 */
export function sequencesOf(scenarios: readonly Planned[], count: number, seed?: number): readonly Sequence[] {
  const ordered = seed === undefined ? patientFirst(scenarios) : shuffled(scenarios, seed)
  return Array.from({ length: Math.min(count, scenarios.length) }, (_, sequence) => {
    const own = ordered.filter((_, index) => index % count === sequence)
    const lists = sequence === 0 ? [own.slice(0, 1), own.slice(1)] : [own]
    return lists.filter(({ length }) => length > 0).map(linesOf)
  })
}

/** After one that is quick. */
function patientFirst(scenarios: readonly Planned[]): readonly Planned[] {
  const isPatient = ({ uri }: Planned): boolean => patient.test(uri)
  const first = scenarios.find(({ uri }) => quick.test(uri)) ?? scenarios.find((one) => !isPatient(one))
  const others = scenarios.filter((scenario) => scenario !== first)
  return [...(first ? [first] : []), ...others.filter(isPatient), ...others.filter((one) => !isPatient(one))]
}

/** `file:line:line` for each file. */
export function linesOf(scenarios: readonly Planned[]): readonly string[] {
  const lines = new Map<string, number[]>()
  for (const { uri, line } of scenarios) lines.set(uri, [...(lines.get(uri) ?? []), line])
  return [...lines].map(([uri, numbers]) => `${uri}:${numbers.join(':')}`)
}

/** Fisher and Yates, with the numbers of the seed. */
export function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const next = numbersOf(seed)
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1))
    const [one, two] = [result[last], result[other]] as [Item, Item]
    result[last] = two
    result[other] = one
  }
  return result
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function numbersOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
