/** The conformance runner: judges any provider of the eSIM Management API over the wire, against what the card really did. */
export type { AuthorizationOptions } from './authorization/client-http.ts'
export { completeIcs, type Ics } from './ics/ics.ts'
export { type ConformanceOptions, type ConformanceResult, OptionsError, runConformance } from './runner/run.ts'
export { exitCode, type Verdict } from './runner/verdict.ts'
