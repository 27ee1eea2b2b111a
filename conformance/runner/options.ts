/** What a run is told. */
import type { AuthorizationOptions } from '../authorization/client-http.ts'
import type { Ics } from '../ics/ics.ts'
import type { ScenarioResult } from './collect.ts'

export interface ConformanceOptions {
  /** API root of the provider, without the base path of the API. */
  readonly target: string
  readonly dialect: string
  /** Where the testbed's control API is; without one, the devices come from `assets`. */
  readonly testbed?: string
  /** File with the devices of an environment that has no testbed. What only the card could tell is then not verified. */
  readonly assets?: string
  /** Bearer token of the control API, when it wants one. */
  readonly testbedToken?: string
  /** Address at which the provider reaches this machine; events are received there. */
  readonly sinkHost?: string
  /** The options, or a YAML or JSON file with them. */
  readonly authorization: AuthorizationOptions | string
  /** The implementation conformance statement, or its YAML file; without one the defaults hold. */
  readonly ics?: Ics | string
  /** A tag expression, or `@scenario:` and the slug of one scenario. */
  readonly tags?: string
  /** Ids of requirements, or the beginnings of ids up to a slash. */
  readonly requirements?: readonly string[]
  /** Words of the sections that requirements come from. */
  readonly sections?: readonly string[]
  /** For everything random in the run; with it the scenarios run in an order of its own. */
  readonly seed?: number
  /** Random sequences of operations that are tried; a few unless told otherwise. */
  readonly modelRuns?: number
  /** File of known failures. */
  readonly baseline?: string
  /** Fewer executed checks than this are an error. */
  readonly minChecks?: number
  /** Folder for the report files. */
  readonly report?: string
  /** Scenarios at the same time. */
  readonly parallel?: number
  /** Ends with the first scenario that fails; those beside it are finished, the others not asked. */
  readonly failFast?: boolean
  /** Where progress and summary are written. */
  readonly write?: (text: string) => void
  /** Told of every scenario that has ended, and of how many there are. */
  readonly onScenario?: (result: ScenarioResult, total: number) => void
  /** What is written goes to a terminal: a bar may move on it. */
  readonly terminal?: boolean
  /** Also write workflow commands of GitHub Actions, one for each failure. */
  readonly annotate?: boolean
  /** The command line that repeats a scenario, given its tag. */
  readonly rerun?: (tags: string) => string
}

/** The options make no sense; the message is a sentence for whoever gave them. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}
