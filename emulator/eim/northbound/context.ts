/** What every call of the northbound door has: the eIM behind it and the forms of its answers. */
import { type Call, type JsonSchema, problem, type Route } from '../../rest/index.ts'
import type { ToolsFor } from '../delivery.ts'
import type { EimIdentity } from '../onboarding.ts'
import type { Step } from '../step.ts'
import type { EimStore } from '../store.ts'
import { problemDocument } from './schemas.ts'

export const BASE = '/eim/v1'

export interface NorthboundContext {
  readonly store: EimStore
  readonly step: Step
  readonly tools: ToolsFor
  readonly identity: () => EimIdentity
}

type Answers = Route['answers']

export const shows = (description: string, schema: JsonSchema) => ({ description, schema })

/** The answers of a call: those that show something, and its problems. */
export const answers = (shown: Answers, problems: Readonly<Record<number, string>> = {}): Answers => ({
  ...shown,
  ...Object.fromEntries(
    Object.entries({ 400: 'The request does not match its schema.', ...problems }).map(([status, description]) => [
      status,
      { description, schema: problemDocument, mediaType: 'application/problem+json' },
    ]),
  ),
})

export const unknownEuicc = problem(404, 'No such eUICC')
export const unknownPackage = problem(404, 'No such package')

/** The handler matched the path: the parameter is there. */
export const parameter = ({ parameters }: Call, name: string): string => parameters[name] ?? ''
