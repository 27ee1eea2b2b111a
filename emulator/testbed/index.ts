/** The testbed: wires the roles of the emulator, keeps its devices, and answers the control API. */
export { readScenario, type Scenario } from '../faults/index.ts'
export { createProcessTime, type ProcessTime } from '../ports/index.ts'
export type { ApiOperation, Attached, CheckResult, Judge, ServedApi } from './attached.ts'
export { type Fleet, type FleetDevice, type FleetSummary, startFleet } from './devices-only.ts'
export { createFactory } from './factory.ts'
export { eidOf, eidRange, type Owner, owners } from './owners.ts'
export { RecordingError, type ReplayedStep, replay } from './replay.ts'
export { startTestbed, type Testbed, type TestbedDoors, type TestbedOptions } from './testbed.ts'
