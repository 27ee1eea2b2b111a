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
  /** The error answer as it was received, where it had a body. */
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
