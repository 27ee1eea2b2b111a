/** The default SM-DP+ address: SGP.22 v2.5, 5.7.4; SGP.32 v1.2, 5.9.25. */
import type { EuiccProduct } from './product.ts'
import { changedMemory, type Memory } from './state.ts'

export const addressFits = ({ limits }: EuiccProduct, address: string): boolean => address.length <= limits.address

/** An empty address removes the one that was set. Unverified for the PSMO. */
export function withDefaultDpAddress(memory: Memory, address: string): Memory {
  return changedMemory(memory, { defaultDpAddress: address.length > 0 ? address : undefined })
}
