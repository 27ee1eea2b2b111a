/** What a handler sees of HTTP: pure values, so that the same handler runs in process and behind a socket. */
export interface HttpMessage {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What follows the question mark. */
  readonly query?: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array | BodyProblem
}

/** Why the body was not read: larger than the limit, in a content coding, or broken off. */
export type BodyProblem = 'too-large' | 'encoded' | 'unreadable'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** undefined: none. */
  readonly body: unknown
}
