/** SM-DP+: profile orders (ES2+) and their delivery (ES9+), SGP.22 v2.5. */
export type { Operator } from './es2plus/function.ts'
export type { SmdpIdentity } from './identity.ts'
export type { ProfileRequest } from './new-profile.ts'
export type { OrderRequest, OrderStatus, Orders, ReleasedOrder } from './order-book.ts'
export { type BrokenProfileName, brokenProfiles } from './profile/broken.ts'
export { type ProfileType, profileTypes } from './profile/types.ts'
export { createSmdp, type Smdp, type SmdpClient, type SmdpOptions } from './smdp.ts'
export { openSmdpStore, type SmdpStore } from './store-database.ts'
