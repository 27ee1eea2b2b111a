/** RSP sessions that the eIM carries between an IPA and an SM-DP+. */
import type { CtxParams1 } from '../../../protocol/sgp22/index.ts'

export interface RelaySession {
  /** Upper-case hexadecimal. */
  readonly transactionId: string
  /** Host of the SM-DP+, with a port when there is one. */
  readonly smdpAddress: string
  readonly smdpOid?: string
  /** As the SM-DP+ has signed them. */
  readonly serverAddress: string
  readonly serverChallenge: Uint8Array
  /** Below which the eUICC signs. */
  readonly ciPKId: Uint8Array
  /** Of the download that was ordered, where one was. */
  readonly eimTransactionId?: string
  /** Known by that order, or by what the eUICC has shown. */
  readonly eid?: string
  /** Made here, so that a compact form leaves it out. */
  readonly ctxParams1?: CtxParams1
  readonly confirmationCode?: string
  readonly hashCc?: Uint8Array
  /** The one-time key of the eUICC that the package is bound to already. */
  readonly bppEuiccOtpk?: Uint8Array
  readonly iccid?: string
}

export interface RelaySessions {
  get(transactionId: string): Promise<RelaySession | undefined>
  put(session: RelaySession): Promise<void>
}

/** A session is needed until the result of its installation has come; the oldest ones give way. */
export function createMemorySessions(capacity = 10_000): RelaySessions {
  const sessions = new Map<string, RelaySession>()
  return {
    get: async (transactionId) => sessions.get(transactionId),
    async put(session) {
      sessions.set(session.transactionId, session)
      const [oldest] = sessions.keys()
      if (sessions.size > capacity && oldest !== undefined) sessions.delete(oldest)
    },
  }
}
