/** The IPA in the device: polls its eIMs, executes their packages on the eUICC, downloads profiles, delivers results and notifications. */
export type { Answer, Failure } from './answer.ts'
export { createIpa, type Ipa, type IpaPorts } from './ipa.ts'
export { createVolatileMemory, type IpaMemory, type TriggeredDownload } from './memory.ts'
export type { ReadyCard } from './procedures/initialise-card.ts'
export type { PollingOutcome } from './procedures/polling-cycle.ts'
export type { Delay, RetryPolicy } from './servers/retry.ts'
export type { IpaSettings } from './settings.ts'
