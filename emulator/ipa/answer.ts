import { DecodeError, decode, type Schema } from '../../protocol/ber/index.ts'

/**
 * A hop that gave no usable answer. `unreachable`: none at all, the same request may be sent again later. `refused`: it said no, by status word,
 * HTTP status or status code. `undecodable`: its octets cannot be read.
 */
export interface Failure {
  readonly kind: 'failure'
  readonly hop: 'ES10' | 'ES9+' | 'ESipa'
  readonly reason: 'unreachable' | 'refused' | 'undecodable'
  /** Status word, status codes or what could not be read. */
  readonly detail: string
  /** Of a card that refused. */
  readonly statusWord?: number
  /** The answer as it was received, where it had a body. */
  readonly octets?: Uint8Array
}

export interface Answered<T> {
  readonly kind: 'answer'
  readonly value: T
  /** What the value was read from. */
  readonly octets: Uint8Array
}

/** What comes back over a hop. */
export type Answer<T> = Answered<T> | Failure

export const failure = (hop: Failure['hop'], reason: Failure['reason'], detail: string): Failure => ({
  kind: 'failure',
  hop,
  reason,
  detail,
})

/** What an exception says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The card is gone or was reset: nothing can be said about what it did last, and everything else has to wait until it is back. */
export interface CardLost extends Failure {
  readonly hop: 'ES10'
  readonly reason: 'unreachable'
}

export const isCardLost = (answer: Answer<unknown>): answer is CardLost =>
  answer.kind === 'failure' && answer.hop === 'ES10' && answer.reason === 'unreachable'

/** Nobody was there: a server, or the card. */
export const isAway = ({ reason }: Failure): boolean => reason === 'unreachable'

/** What a peer sent, as a value of the type that it should be of. */
export function read<T>(hop: Failure['hop'], schema: Schema<T>, octets: Uint8Array): Answer<T> {
  try {
    return { kind: 'answer', value: decode(schema, octets), octets }
  } catch (error) {
    if (error instanceof DecodeError) return { ...failure(hop, 'undecodable', error.message), octets }
    throw error
  }
}
