/** The conformance runner: judges any provider of the eSIM Management API over the wire, against what the card really did. */
export type { AuthorizationOptions } from './authorization/client-http.ts'
export { phrases, requirementCoverage, scenariosOf, scenariosOfReadings } from './catalogue.ts'
export { dialectIds } from './dialects/index.ts'
export { otherReadings, type Readings } from './ics/choices.ts'
export { completeIcs, defaultIcs, type Ics, readIcs } from './ics/ics.ts'
export { mutants } from './mutants/index.ts'
export { startWithReadings } from './mutants/other-readings.ts'
export { portMutants } from './mutants/port.ts'
export { startPortProxy } from './mutants/port-http.ts'
export {
  type Catch,
  type CorrectProvider,
  mutantTable,
  portMutantTable,
  type SelfTest,
  selfTest,
  selfTestAtPort,
} from './mutants/self-test.ts'
export { compareRuns, readRun } from './reports/compare.ts'
export { holdsUnder, requirementsOf } from './requirements/index.ts'
export { coverageTable } from './requirements/table.ts'
export type { ScenarioResult } from './runner/collect.ts'
export { type ConformanceOptions, OptionsError } from './runner/options.ts'
export type { ConformanceResult } from './runner/publish.ts'
export { runConformance } from './runner/run.ts'
export { exitCode, type Verdict } from './runner/verdict.ts'
export { runDefinitions } from './upstream/run.ts'
