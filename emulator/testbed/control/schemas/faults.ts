/** The catalogue of faults, those that are on, and what they did. */
import type { JsonSchema } from '../../../rest/index.ts'
import { chance, count, eid, instant, list, record, text } from './words.ts'

const parameterValues: JsonSchema = { type: 'object', additionalProperties: { type: ['number', 'string', 'boolean'] } }
const plan: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { nth: count, count, chance },
}

export const faultRow = record(
  {
    fault: text,
    hop: { type: 'string', enum: ['card', 'IPA', 'eIM', 'SM-DP+', 'network'] },
    message: text,
    summary: text,
    parameters: { type: 'object', description: 'JSON schema of its parameters' },
    seeded: text,
    outcome: record(
      {
        procedure: { type: 'string', enum: ['download', 'enable', 'disable', 'delete'] },
        plan,
        message: text,
        shows: { type: 'string', enum: ['success', 'failed', 'pending'] },
        code: text,
        details: text,
        sentence: text,
      },
      ['message', 'code', 'details'],
    ),
    source: text,
  },
  ['seeded'],
)

export const catalogue = record({ faults: list(faultRow) })

export const activeFault = record(
  {
    id: text,
    fault: text,
    parameters: parameterValues,
    devices: list(eid),
    message: text,
    when: plan,
    seed: { type: 'integer' },
    since: instant,
    strikes: count,
  },
  ['devices'],
)

export const activeFaults = record({ faults: list(activeFault) })

const injection = record(
  {
    index: count,
    at: instant,
    fault: text,
    id: text,
    seed: { type: 'integer' },
    parameters: parameterValues,
    place: text,
    message: text,
    occurrence: count,
    eid,
    traceIndex: count,
  },
  ['eid'],
)

export const faultReport = record({ injections: list(injection), next: count })
