/** Provider, testbed and authorization server of the runner's own tests: the two contracts, met over real HTTP. */
import { completeIcs, type Ics } from '../ics/ics.ts'
import { type AuthorizationDouble, startAuthorization } from './authorization.ts'
import { createDevicePool } from './device-pool.ts'
import { startProvider } from './provider.ts'
import { startTestbed } from './testbed.ts'

export interface Double {
  readonly target: string
  readonly testbed: string
  readonly authorization: AuthorizationDouble
  readonly close: () => Promise<void>
}

export async function startDouble(declared: Partial<Ics> = {}): Promise<Double> {
  const ics = completeIcs(declared)
  const pool = createDevicePool()
  const authorization = await startAuthorization()
  const provider = await startProvider({ pool, authorization, ics })
  const testbed = await startTestbed(pool)
  return {
    target: provider.url,
    testbed: testbed.url,
    authorization,
    close: async () => {
      await Promise.all([provider.close(), testbed.close(), authorization.close()])
    },
  }
}
