/** What an implementation of each dialect may declare, and what it declares by saying nothing. */
import { dialects } from '../dialects/index.ts'
import type { Choices, Readings } from '../dialects/readings.ts'

export type { Readings } from '../dialects/readings.ts'

/** Of a dialect that nobody knows: those of the first. */
export function choicesOf(dialect: string): Choices {
  const [first] = dialects
  return (dialects.find(({ id }) => id === dialect) ?? first).choices
}

export const defaultReadings = (dialect: string): Readings =>
  Object.fromEntries(Object.entries(choicesOf(dialect)).map(([name, [word]]) => [name, word])) as unknown as Readings

/** Each reading that a dialect permits beside its default, alone. */
export const otherReadings = (dialect: string): readonly Partial<Readings>[] =>
  Object.entries(choicesOf(dialect)).flatMap(([name, [, ...others]]) => others.map((word) => ({ [name]: word })))
