/** Bodies that no schema of the dialect allows, each a valid one with one thing wrong, drawn from a row of numbers. */
import { valueAt, withValueAt } from './json-path.ts'

export interface Wrong {
  readonly label: string
  /** Id of the broken rule below `esim-management/errors/`. */
  readonly rule: 'missing-property' | 'wrong-type' | 'wrong-pattern' | 'unknown-property'
  readonly body: unknown
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
  (chance) => Math.floor(chance() * 1e9),
  (chance) => chance() * -1e6,
  (chance) => chance() < 0.5,
  () => null,
  (chance) => Array.from({ length: Math.floor(chance() * 4) }, () => digits(3, chance)),
]

const members = ['$.esim', '$.esim.eid', '$.esim.iccid', '$.activationCode', '$.sink'] as const
const present = (body: unknown): readonly string[] => members.filter((path) => valueAt(body, path) !== undefined)

/** ICCIDs have 19 or 20 digits. */
function wrongIccid(chance: Chance): string {
  if (chance() < 0.5)
    return digits(chance() < 0.5 ? Math.floor(chance() * 19) : 21 + Math.floor(chance() * 200), chance)
  const at = Math.floor(chance() * 19)
  const right = digits(19, chance)
  return `${right.slice(0, at)}${oneOf(['a', ' ', '-', '\u0000', '٣', '😀', '%00', '\n'], chance)}${right.slice(at + 1)}`
}

const mistakes: readonly ((body: unknown, chance: Chance) => Wrong)[] = [
  (body, chance) => {
    const path = oneOf(present(body), chance)
    return { rule: 'missing-property', label: `without ${path}`, body: withValueAt(body, path, undefined) }
  },
  (body, chance) => {
    const path = oneOf(present(body), chance)
    const value = oneOf(strangers, chance)(chance)
    return { rule: 'wrong-type', label: `${path} ${JSON.stringify(value)}`, body: withValueAt(body, path, value) }
  },
  (body, chance) => {
    const value = wrongIccid(chance)
    const path = '$.esim.iccid'
    return { rule: 'wrong-pattern', label: `${path} ${JSON.stringify(value)}`, body: withValueAt(body, path, value) }
  },
  (body, chance) => {
    const path = `${oneOf(['$', '$.esim'], chance)}.x${digits(4, chance)}`
    const value = oneOf([...strangers, () => ({ deep: [{ deeper: {} }] }), () => 'text'], chance)(chance)
    return { rule: 'unknown-property', label: `${path} ${JSON.stringify(value)}`, body: withValueAt(body, path, value) }
  },
]

export const fuzzed = (body: unknown, count: number, chance: Chance): readonly Wrong[] =>
  Array.from({ length: count }, () => oneOf(mistakes, chance)(body, chance))
