/** How much a client may ask: requests in a second, for each instance; operations in a day, counted in the database for all of them. */
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../store/database.ts'
import { type Refusal, refuse } from './errors.ts'

export interface Limits {
  /** undefined: the client may ask. */
  request(client: string): Promise<Refusal | undefined>
  operation(client: string): Promise<Refusal | undefined>
  /** The operation was refused for another reason, and does not count. */
  giveBack(client: string): Promise<void>
}

export interface LimitSettings {
  readonly requestsPerSecond?: number
  readonly operationsPerDay?: number
}

type Limiter = RateLimiterMemory | RateLimiterPostgres

const secondsOfDay = 86_400

export const createLimits = (
  { requestsPerSecond, operationsPerDay }: LimitSettings,
  database: Pick<Database, 'query'>,
): Limits => {
  const rate =
    requestsPerSecond === undefined ? undefined : new RateLimiterMemory({ points: requestsPerSecond, duration: 1 })
  const quota =
    operationsPerDay === undefined
      ? undefined
      : new RateLimiterPostgres({
          ...{ storeClient: storeOf(database), storeType: 'client', points: operationsPerDay, duration: secondsOfDay },
          ...{ tableName: 'quota', tableCreated: true, clearExpiredByTimeout: false, keyPrefix: '' },
        })
  return {
    request: (client) =>
      take(rate, client, (seconds) => refuse('TOO_MANY_REQUESTS', 'More requests than this client may send.', seconds)),
    operation: (client) =>
      take(quota, client, (seconds) =>
        refuse('QUOTA_EXCEEDED', 'More operations today than this client may start.', seconds),
      ),
    async giveBack(client) {
      await quota?.reward(client)
    },
  }
}

const take = async (
  limiter: Limiter | undefined,
  client: string,
  refusal: (more: Pick<Refusal, 'headers'>) => Refusal,
): Promise<Refusal | undefined> => {
  try {
    await limiter?.consume(client)
    return undefined
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    return refusal({ headers: { 'retry-after': String(Math.max(1, Math.ceil(error.msBeforeNext / 1000))) } })
  }
}

/** What the library asks of a database client. */
const storeOf = (database: Pick<Database, 'query'>) => ({
  async query({ text, values }: { text: string; values: readonly unknown[] }) {
    const rows = await database.query(text, values)
    return { rows, rowCount: rows.length }
  },
})
