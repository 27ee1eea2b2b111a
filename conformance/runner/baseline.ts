/** Failures that are known: each with its reason and the day on which patience ends. */
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import type { Verdict } from './verdict.ts'

export interface KnownFailure {
  /** Id of the requirement that is known to fail. */
  readonly requirement: string
  readonly reason: string
  /** Last day on which the failure is accepted, YYYY-MM-DD. */
  readonly expires: string
}

const text = { type: 'string', minLength: 1 }
const schema = {
  type: 'object',
  required: ['known'],
  additionalProperties: false,
  properties: {
    known: {
      type: 'array',
      items: {
        type: 'object',
        required: ['requirement', 'reason', 'expires'],
        additionalProperties: false,
        properties: { requirement: text, reason: text, expires: { ...text, pattern: '^\\d{4}-\\d{2}-\\d{2}$' } },
      },
    },
  },
}

/** YAML or JSON, `{ known: [{ requirement, reason, expires }] }`. Throws a sentence that names what is wrong. */
export function readBaseline(source: string, ids: readonly string[]): readonly KnownFailure[] {
  const content: unknown = parse(source)
  const validate = new Ajv({ allErrors: true }).compile(schema)
  if (!validate(content)) {
    const sentences = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`)
    throw new Error(`baseline: ${sentences.join('; ')}`)
  }
  const { known } = content as { readonly known: readonly KnownFailure[] }
  const stranger = known.find(({ requirement }) => !ids.includes(requirement))
  if (stranger) throw new Error(`baseline: there is no requirement ${stranger.requirement}`)
  return known
}

interface Decided {
  readonly requirement: { readonly id: string }
  readonly verdict: Verdict
}

export interface BaselineResult {
  /** Requirements that fail as they are known to. */
  readonly accepted: readonly KnownFailure[]
  /** Why the baseline itself fails the run: a sentence for each entry that is no longer true. */
  readonly findings: readonly string[]
}

/** An entry about a requirement that this run did not decide is left alone, unless its day has passed. */
export function holdAgainst(
  known: readonly KnownFailure[],
  results: readonly Decided[],
  today: string,
): BaselineResult {
  const verdictOf = (id: string) => results.find(({ requirement }) => requirement.id === id)?.verdict
  const current = known.filter(({ expires }) => expires >= today)
  const expired = known.filter(({ expires }) => expires < today)
  const passed = current.filter(({ requirement }) => verdictOf(requirement) === 'pass')
  return {
    accepted: current.filter(({ requirement }) => verdictOf(requirement) === 'fail'),
    findings: [
      ...expired.map(({ requirement, expires, reason }) => `${requirement} was accepted until ${expires}: ${reason}`),
      ...passed.map(({ requirement }) => `${requirement} passes now: take it out of the baseline`),
    ],
  }
}
