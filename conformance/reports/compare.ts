/** Two runs beside each other, from their report.json (CTRF). */

interface Compared {
  readonly id: string
  readonly verdict: string
}

export interface Run {
  readonly requirements: readonly Compared[]
  readonly scenarios: readonly { readonly name: string; readonly verdict: string; readonly milliseconds: number }[]
}

/** Throws a sentence when the text is no report of ours. */
export function readRun(text: string): Run {
  const results = (JSON.parse(text) as { results?: CtrfResults }).results
  if (results?.extra?.requirements === undefined || results.tests === undefined)
    throw new Error('no report.json of a conformance run')
  return {
    requirements: results.extra.requirements,
    scenarios: results.tests.map(({ name, rawStatus, duration }) => ({
      name,
      verdict: rawStatus,
      milliseconds: duration,
    })),
  }
}

interface CtrfResults {
  readonly tests?: readonly { readonly name: string; readonly rawStatus: string; readonly duration: number }[]
  readonly extra?: { readonly requirements?: readonly Compared[] }
}

export interface Comparison {
  readonly text: string
  /** Something that was not failing fails now, or something that was decided is no longer asked. */
  readonly worse: boolean
}

const decided = new Set(['pass', 'fail'])
const isWorse = (before: string | undefined, after: string | undefined): boolean =>
  (after === 'fail' && before !== 'fail') || (before === 'pass' && !decided.has(after ?? ''))

export function compareRuns(before: Run, after: Run): Comparison {
  const requirements = changes(
    before.requirements.map(({ id, verdict }) => [id, verdict]),
    after.requirements.map(({ id, verdict }) => [id, verdict]),
  )
  const scenarios = changes(
    before.scenarios.map(({ name, verdict }) => [name, verdict]),
    after.scenarios.map(({ name, verdict }) => [name, verdict]),
  )
  const seconds = ({ scenarios: all }: Run): string =>
    (all.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(1)
  const all = [...section('requirements', requirements), ...section('scenarios', scenarios)]
  const time = `time in scenarios: ${seconds(before)} s, then ${seconds(after)} s\n`
  const worse = [...requirements, ...scenarios].some((change) => isWorse(change.before, change.after))
  return { worse, text: `${all.join('')}${all.length === 0 ? 'no verdict has changed\n' : ''}${time}` }
}

interface Change {
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

type Entries = readonly (readonly [string, string])[]

function changes(before: Entries, after: Entries): readonly Change[] {
  const [then, now] = [new Map(before), new Map(after)]
  return [...new Set([...then.keys(), ...now.keys()])]
    .map((name) => ({ name, before: then.get(name), after: now.get(name) }))
    .filter((change) => change.before !== change.after)
}

const section = (title: string, all: readonly Change[]): readonly string[] =>
  all.length === 0
    ? []
    : [
        `${title}\n`,
        ...all.map((change) => {
          const mark = isWorse(change.before, change.after) ? 'worse ' : '      '
          return `${mark}${change.before ?? 'absent'} -> ${change.after ?? 'absent'}  ${change.name}\n`
        }),
      ]
