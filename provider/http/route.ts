/**
 * A route of a dialect: one row that says everything about it. The shell (handler.ts) validates, authorizes, maps codes to statuses
 * and adds x-correlator; refusing with a code that `errors` does not list does not compile.
 */

import type { Schema } from '../schema.ts'
import type { Services } from '../services.ts'
import type { ErrorCode, Refusal } from './errors.ts'

export interface RouteRequest<B, P extends string = string, Q extends string = string> {
  readonly body: B
  /** Of the path, validated by `params`. */
  readonly params: Readonly<Record<P, string>>
  /** Validated by `query`; what it does not list is not there. */
  readonly query: Readonly<Partial<Record<Q, string>>>
  readonly tenant: string
  readonly correlator: string
}

export interface Answer<S> {
  readonly kind: 'answer'
  readonly body: S
  /** Of what has been created, below the dialect's base path. */
  readonly location?: string
  /** The route starts operations, and has started none. */
  readonly isIdle?: true
}

export const answer = <S>(body: S, location?: string): Answer<S> => ({
  kind: 'answer',
  body,
  ...(location !== undefined && { location }),
})

export interface Route<
  B = unknown,
  S = unknown,
  C extends ErrorCode = ErrorCode,
  P extends string = string,
  Q extends string = string,
> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the dialect's base path; `{name}` stands for one segment. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly scope: string
  readonly params?: Readonly<Record<P, Schema<string>>>
  /** Each may be left out. */
  readonly query?: Readonly<Record<Q, Schema<string>>>
  readonly body?: Schema<B>
  readonly success: {
    readonly status: number
    readonly description: string
    /** Absent: the answer has no body. */
    readonly body?: Schema<S>
    /** The answer carries `Location`, which is this. */
    readonly location?: string
  }
  /** It starts an operation, and does not answer 202. */
  readonly starts?: true
  /** Beyond those that the shell itself gives (400, 401, 403, 404, 405, 413, 415, 500, 503). */
  readonly errors: readonly C[]
  /** The event that the API consumer gets at its sink, where there is one. */
  readonly callback?: { readonly summary: string; readonly event: Schema<unknown> }
  handle(request: RouteRequest<B, P, Q>, services: Services): Promise<Answer<NoInfer<S>> | Refusal<NoInfer<C>>>
}

export const route = <B, S, const C extends ErrorCode, P extends string = never, Q extends string = never>(
  row: Route<B, S, C, P, Q>,
): Route<B, S, C, P, Q> => row

/** Those that answer 202, and those of a dialect that has no 202. */
export const startsOperation = ({ starts, success }: Route): boolean => starts ?? success.status === 202
