/** The IPA in the device: polls its eIMs, executes their packages on the eUICC, downloads profiles, delivers results and notifications. */
export type { Answer, Failure } from './answer.ts'
export { createIpa, type Ipa, type IpaPorts } from './ipa.ts'
export {
  createVolatileMemory,
  emptyRecord,
  type IpaMemory,
  type IpaRecord,
  type TriggeredDownload,
} from './memory.ts'
export type { LocalDownload, LocalOrder } from './procedures/download-locally.ts'
export type { ReadyCard } from './procedures/initialise-card.ts'
export type { PollingOutcome } from './procedures/polling-cycle.ts'
export type { ResetOption } from './procedures/reset-memory.ts'
export type { EsipaBindingName } from './servers/esipa-bindings.ts'
export type { Delay, RetryPolicy } from './servers/retry.ts'
export { type IpaFeature, type IpaSettings, ipaFeatures } from './settings.ts'
export { createFileMemory } from './store-memory.ts'
