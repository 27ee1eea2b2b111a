/** What roles of the emulator are handed instead of reaching for it: time, chance, the wire and the trace. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** Time that passes: what waits for it, and what only must not take longer. A virtual clock goes where somebody waits. */
export interface Time extends Clock {
  /** Resolves when so much time has passed. Somebody waits for it. */
  delay(ms: number): Promise<void>
  /** Calls once when the time has passed: a limit of something else unless somebody waits for it. Returns what takes it back. */
  after(ms: number, call: () => void, kind?: 'limit' | 'wait'): () => void
  /** Calls again and again with so much time in between. Nobody waits for it unless it is wanted. */
  every(ms: number, call: () => void): Rhythm
}

export interface Rhythm {
  /** Somebody waits for what the next call will do, or does not any more. */
  want(isWanted: boolean): void
  stop(): void
}

export interface Random {
  octets(length: number): Uint8Array
}

/** Header names in lower case. */
export interface HttpMessage {
  readonly method: string
  /** Path with query, for example `/gsma/rsp2/asn1`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** What it came over: the same object for every message on one connection. */
  readonly connection?: object
  /** The client has shown a certificate below `clientCa` of the listener, and that it has its key. */
  readonly isProven?: true
  /** Who the server of a request must be; absent: one below the anchors of the client. */
  readonly trust?: TlsTrust
}

/** DER of the one key that a TLS server may have (SubjectPublicKeyInfo), or of the one certificate that it is, or is below. */
export type TlsTrust =
  | { readonly kind: 'publicKey'; readonly value: Uint8Array }
  | { readonly kind: 'certificate'; readonly value: Uint8Array }

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Instead of the body, piece by piece: of answers too long to be held as a whole. */
  readonly pieces?: Iterable<Uint8Array>
  /** Of a fault: the connection is reset after so many octets of the body, at 0 before anything of the answer. */
  readonly cutAfter?: number
}

/** A server without its socket. Never rejects because of what it was sent. */
export type HttpHandler = (message: HttpMessage) => Promise<HttpAnswer>

/** Sends one request to an absolute URL. Rejects when there is no answer: no connection, TLS refused, time-out. */
export type HttpClient = (
  url: string,
  message: Omit<HttpMessage, 'path' | 'connection' | 'isProven'>,
) => Promise<HttpAnswer>

/** A card behind a reader: one command APDU in, one response APDU (data, SW1, SW2) out. */
export interface CardChannel {
  transmit(command: Uint8Array): Promise<Uint8Array>
  reset(): Promise<void>
}

/** The hops of the main flow; the trace colours and filters by them. */
export type TraceInterface = 'API' | 'northbound' | 'ESipa' | 'ES2+' | 'ES9+' | 'ES10' | 'ES11' | 'ES12' | 'event'

/** One message on one hop, as the sender or the receiver saw it. Recorded once per message. */
export interface TraceEntry {
  readonly eid?: string
  readonly interface: TraceInterface
  readonly from: string
  readonly to: string
  /** The function as its standard names it, or method and path. */
  readonly operation: string
  /** HTTP status, status word or error name of an answer. */
  readonly status?: string
  readonly octets?: Uint8Array
  readonly json?: unknown
  /** Instead of both: a body of HTTP, which is JSON, or octets that are none. It is read when somebody looks. */
  readonly body?: Uint8Array
  /** What ties messages together: transactionId, eimTransactionId, packageId, operationId. */
  readonly correlation?: Readonly<Record<string, string>>
}

export interface Trace {
  record(entry: TraceEntry): void
}
