/** Each reading that a dialect permits beside its default: a right provider of it passes what it touches, and its own rules have been seen to break. */
import { expect, test } from 'vitest'
import { otherRounds, startRight } from '../bin/reference.ts'
import { holdsUnder, runConformance, scenariosOf, scenariosOfReadings, selfTest } from '../conformance/index.ts'

const named = ({ dialect, readings = {} }: (typeof otherRounds)[number]) =>
  [`${dialect}, ${Object.entries(readings).flat().join(': ')}`, { dialect, readings }] as const
const cases = otherRounds.map((round) => [...named(round), round] as const)

/** What becomes of the operations of another API, nothing of this one depends on: it tells of them as ever. */
const UNTOUCHED = '@req:events/exactly-one'

test.each(cases)('%s', { timeout: 600_000 }, async (_, { dialect, readings }, { only, ...round }) => {
  const { right, close } = await startRight(round)
  try {
    const touched = scenariosOfReadings(dialect, readings)
    const isTouched = (await scenariosOf({ dialect, tags: touched })).length > 0
    const { report } = await runConformance({ ...right, dialect, tags: isTouched ? touched : UNTOUCHED })
    const bad = report.scenarios.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'off')
    expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
    const ofReadings = report.requirements.filter(({ requirement: { reading } }) => reading !== undefined)
    const strange = ofReadings.filter(
      ({ requirement, verdict }) => verdict !== (holdsUnder(requirement, right.ics) ? 'pass' : 'off'),
    )
    expect(strange.map(({ requirement, verdict }) => `${requirement.id}: ${verdict}`)).toEqual([])
    expect(report.scenarios.some(({ verdict }) => verdict === 'pass')).toBe(true)
    const { catches } = await selfTest({ over: right, fairness: false, only })
    expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
  } finally {
    await close()
  }
})
