/** Immediate enabling: SGP.32 v1.2, 3.4.4. */
import type { ConfigureImmediateProfileEnablingRequest } from '../../protocol/sgp32/index.ts'
import type { EuiccProduct } from './product.ts'
import type { ImmediateEnable, Memory } from './state.ts'

interface Configurable {
  readonly memory: Memory
  readonly product: EuiccProduct
}

/** An absent flag withdraws the permission. */
export function configuredImmediateEnable(
  { memory, product }: Configurable,
  configuration: ConfigureImmediateProfileEnablingRequest,
): ImmediateEnable {
  const { defaultSmdpOid: smdpOid, defaultSmdpAddress: smdpAddress } = configuration
  const { allowed: _before, ...stored } = memory.immediateEnable
  return {
    ...(product.policy.immediateEnableAbsentField === 'keep' && stored),
    allowed: configuration.immediateEnableFlag === true,
    ...(smdpOid !== undefined && { smdpOid }),
    ...(smdpAddress !== undefined && { smdpAddress }),
  }
}
