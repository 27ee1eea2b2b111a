/** One REST call as one row: from it come the matching, the validation, the refusals and the OpenAPI document. */

/** JSON Schema of draft 2020-12 restricted to what OpenAPI 3.0 also understands. */
export type JsonSchema = Readonly<Record<string, unknown>>

export interface RouteRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With parameters in braces: `/devices/{eid}`. */
  readonly path: string
  readonly summary: string
  /** Schema of each path parameter. */
  readonly parameters?: Readonly<Record<string, JsonSchema>>
  /** Schema of each query parameter; all optional. Numbers are converted. */
  readonly query?: Readonly<Record<string, JsonSchema>>
  /** Schema of each request header with a meaning, names in lower case; all optional. */
  readonly headers?: Readonly<Record<string, JsonSchema>>
  readonly body?: JsonSchema
  /** Instead of `body`: media type of a body that is text, which the handler gets as it is. */
  readonly text?: string
  readonly answers: Readonly<Record<number, AnswerRow>>
}

export interface AnswerRow {
  readonly description: string
  /** Absent: no body. */
  readonly schema?: JsonSchema
  readonly mediaType?: string
}

export interface Call {
  readonly parameters: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown
  /** Instead of a body: its pieces, sent as they are made. */
  readonly pieces?: Iterable<Uint8Array>
}

export interface Route extends RouteRow {
  readonly handle: (call: Call) => Reply | Promise<Reply>
}

export interface RestApi {
  /** For example `/testbed/v1`. */
  readonly base: string
  readonly title: string
  readonly version: string
  readonly routes: readonly Route[]
  /** Demanded as `Authorization: Bearer` of every call but the document. */
  readonly token?: string
  /** Told of an error that is ours; the caller only sees 500. */
  readonly onError?: (error: unknown) => void
}

/** RFC 9457. */
export function problem(status: number, title: string, detail?: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) },
  }
}
