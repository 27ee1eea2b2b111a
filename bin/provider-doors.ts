/** The authorization server and the reference provider of a world, opened after a plan. */
import {
  createLogger,
  type openDatabase,
  type ProviderConfig,
  startAuthorizationServer,
  startProvider,
} from '../provider/index.ts'
import type { ProviderPlan } from './provider-plan.ts'

export interface ProviderDoors {
  /** URLs by the name of the door. */
  readonly doors: Readonly<Record<'provider' | 'authorization', string>>
  close(): Promise<void>
}

/** What cannot be sent to a thread. */
export type Surroundings = Pick<ProviderConfig, 'clock' | 'timers' | 'observe'> & {
  /** Opened before, and the provider's from now on. */
  readonly database?: Awaited<ReturnType<typeof openDatabase>>
}

/** Opens what a plan says. */
export type OpenProvider = (
  plan: ProviderPlan,
  around: Required<Pick<Surroundings, 'observe'>>,
) => Promise<ProviderDoors>

export async function openProvider(
  { issuer: issuing, signingKey, provider, logLevel }: ProviderPlan,
  { database, ...around }: Surroundings,
): Promise<ProviderDoors> {
  const issuer = await startAuthorizationServer(issuing, signingKey, around.clock)
  try {
    const logger = createLogger(logLevel)
    const server = await startProvider({ ...provider, issuer: issuer.url, logger, ...around }, database)
    return {
      doors: { provider: provider.publicUrl ?? server.url, authorization: issuer.url },
      async close() {
        await server.close()
        await issuer.close()
      },
    }
  } catch (error) {
    await issuer.close()
    throw error
  }
}
