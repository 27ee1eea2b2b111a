/** SM-DP+: profile orders and their delivery over ES9+, SGP.22 v2.5. */
export type { SmdpIdentity } from './identity.ts'
export type { OrderRequest, OrderStatus, Orders, ProfileRequest } from './order-book.ts'
export { createSmdp, type Smdp, type SmdpOptions } from './smdp.ts'
