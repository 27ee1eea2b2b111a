import type { HttpAnswer, HttpClient, HttpMessage, Random } from '../../ports/index.ts'
import { type Failure, failure, messageOf } from '../answer.ts'

/** Resolves after so many milliseconds. */
export type Delay = (ms: number) => Promise<void>

/** When a server is away, the same request is sent again after each of these waits; then not before the next polling cycle. */
export interface RetryPolicy {
  readonly waitsMs: readonly number[]
  /** Each wait is shortened or lengthened by up to this share of it, so that devices do not come back all at once. */
  readonly jitter: number
}

export const defaultRetryPolicy: RetryPolicy = { waitsMs: [1_000, 4_000, 9_000], jitter: 0.25 }

/** HTTP statuses by which a server says that it is away. Any other status is its answer. */
const awayStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])

export interface RetryPorts {
  readonly http: HttpClient
  readonly delay: Delay
  readonly random: Random
  readonly policy: RetryPolicy
}

export type Send = (
  hop: Failure['hop'],
  url: string,
  message: Omit<HttpMessage, 'path'>,
) => Promise<HttpAnswer | Failure>

/** An HTTP client that is patient with a server that is away. */
export function createSend({ http, delay, random, policy }: RetryPorts): Send {
  return async (hop, url, message) => {
    for (let attempt = 0; ; attempt++) {
      let answer: HttpAnswer | string
      try {
        answer = await http(url, message)
      } catch (error) {
        answer = messageOf(error)
      }
      if (typeof answer !== 'string' && !awayStatuses.has(answer.status)) return answer
      const wait = policy.waitsMs[attempt]
      if (wait === undefined)
        return failure(hop, 'unreachable', typeof answer === 'string' ? answer : `HTTP ${answer.status}`)
      await delay(withJitter(wait, policy.jitter, random))
    }
  }
}

function withJitter(waitMs: number, jitter: number, random: Random): number {
  const [high = 0, low = 0] = random.octets(2)
  const share = (high * 256 + low) / 0xffff
  return Math.round(waitMs * (1 + jitter * (2 * share - 1)))
}
