/** Bodies that a definition does not allow: each a right one with one thing wrong. */
import type { Kind, Member } from '../dialects/dialect.ts'
import { valueAt, withValueAt } from './json-path.ts'

export interface Mistake {
  readonly label: string
  /** Id of the broken rule below `errors/`. */
  readonly rule: 'missing-property' | 'wrong-type' | 'wrong-pattern' | 'unknown-property'
  readonly body: unknown
}

/** Values of another type, and values that are no such thing. */
const wrong: Readonly<Record<Kind, readonly [types: readonly unknown[], patterns: readonly unknown[]]>> = {
  object: [['text', [], null, 1], []],
  list: [['text', {}, 1], []],
  flag: [['true', 1, null], []],
  number: [['1', true, {}], []],
  text: [[1, {}, [], false], []],
  uri: [
    [1, true, []],
    ['no uri', ''],
  ],
  instant: [
    [1, {}],
    ['yesterday', '2030-02-30T00:00:00Z'],
  ],
  eid: [
    [8904, true, null],
    ['8904903200000000000000000000001', '890490320000000000000000000000011', '8904903200000000000000000000000G'],
  ],
  iccid: [
    [890126, [], null],
    ['890126012345678901', '890126012345678901234', '890126012345678901F', ' 8901260123456789012', ''],
  ],
}

/** The root is an object, too. */
const objectsOf = (members: readonly Member[]): readonly string[] => [
  '$',
  ...members.filter(({ kind }) => kind === 'object').map(({ path }) => path),
]

const changed = (body: unknown, rule: Mistake['rule'], path: string, value: unknown): Mistake => ({
  rule,
  label: value === undefined ? `without ${path}` : `${path} ${JSON.stringify(value)}`,
  body: withValueAt(body, path, value),
})

/** Every mistake that the members of a body leave room for. */
export function mistakesIn(body: unknown, members: readonly Member[]): readonly Mistake[] {
  const here = objectsOf(members).filter((path) => path === '$' || valueAt(body, path) !== undefined)
  return [
    ...members.flatMap(({ path, kind, required, wrong: more = [] }) => [
      ...(required ? [changed(body, 'missing-property', path, undefined)] : []),
      ...wrong[kind][0].map((value) => changed(body, 'wrong-type', path, value)),
      ...[...wrong[kind][1], ...more].map((value) => changed(body, 'wrong-pattern', path, value)),
    ]),
    ...here.map((path) => changed(body, 'unknown-property', `${path}.nonsense`, true)),
  ]
}

/** Numbers from 0 to 1. */
type Chance = () => number

const oneOf = <Item>(items: readonly Item[], chance: Chance): Item => {
  const item = items[Math.floor(chance() * items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

const digits = (count: number, chance: Chance): string =>
  Array.from({ length: count }, () => Math.floor(chance() * 10)).join('')

/** No text and no object. */
const strangers: readonly ((chance: Chance) => unknown)[] = [
  (chance) => chance() * -1e6,
  () => null,
  (chance) => Array.from({ length: Math.floor(chance() * 4) }, () => digits(3, chance)),
]

/** Digits that are too few, too many, or not all digits. */
function wrongDigits(longest: number, chance: Chance): string {
  if (chance() < 0.5) {
    const count = chance() < 0.5 ? Math.floor(chance() * 19) : longest + 1 + Math.floor(chance() * 200)
    return digits(count, chance)
  }
  const at = Math.floor(chance() * longest)
  const right = digits(longest, chance)
  return `${right.slice(0, at)}${oneOf(['x', ' ', '-', '\u0000', '٣', '😀', '%00', '\n'], chance)}${right.slice(at + 1)}`
}

const longest: Readonly<Partial<Record<Kind, number>>> = { eid: 32, iccid: 20 }

interface Given {
  readonly body: unknown
  readonly members: readonly Member[]
}

const fuzzers: readonly ((given: Given, chance: Chance) => Mistake)[] = [
  ({ body, members }, chance) => {
    const { path } = oneOf(
      members.filter(({ required }) => required),
      chance,
    )
    return changed(body, 'missing-property', path, undefined)
  },
  ({ body, members }, chance) => {
    const told = members.filter(({ path, kind }) => kind !== 'list' && valueAt(body, path) !== undefined)
    return changed(body, 'wrong-type', oneOf(told, chance).path, oneOf(strangers, chance)(chance))
  },
  ({ body, members }, chance) => {
    const { path, kind } = oneOf(
      members.filter((member) => longest[member.kind] !== undefined),
      chance,
    )
    return changed(body, 'wrong-pattern', path, wrongDigits(longest[kind] ?? 0, chance))
  },
  ({ body, members }, chance) => {
    const path = oneOf(objectsOf(members), chance)
    const value = oneOf([...strangers, () => ({ deep: [{ deeper: {} }] }), () => 'text'], chance)(chance)
    const at = valueAt(body, path) === undefined ? '$' : path
    return changed(body, 'unknown-property', `${at}.x${digits(4, chance)}`, value)
  },
]

/** Drawn from a row of numbers. */
export const fuzzed = (given: Given, count: number, chance: Chance): readonly Mistake[] =>
  Array.from({ length: count }, () => oneOf(fuzzers, chance)(given, chance))
