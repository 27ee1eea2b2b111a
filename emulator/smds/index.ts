/** SM-DS: where SM-DP+s leave word (ES12) and eUICCs find it (ES11), SGP.22 v2.5. */
export type { EventRecord, SmdsStore } from './events.ts'
export { createSmds, type Smds, type SmdsIdentity, type SmdsOptions } from './smds.ts'
export { openSmdsStore } from './store-database.ts'
