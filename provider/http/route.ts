/**
 * A route of a dialect: one row that says everything about it. The shell (handler.ts) validates, authorizes, maps codes to statuses
 * and adds x-correlator; refusing with a code that `errors` does not list does not compile.
 */

import type { Schema } from '../schema.ts'
import type { Services } from '../services.ts'
import type { ErrorCode, Refusal } from './errors.ts'

export interface RouteRequest<B, P extends string = string> {
  readonly body: B
  /** Of the path, validated by `params`. */
  readonly params: Readonly<Record<P, string>>
  readonly tenant: string
  readonly correlator: string
}

export interface Answer<S> {
  readonly kind: 'answer'
  readonly body: S
}

export const answer = <S>(body: S): Answer<S> => ({ kind: 'answer', body })

export interface Route<B = unknown, S = unknown, C extends ErrorCode = ErrorCode, P extends string = string> {
  readonly method: 'GET' | 'POST'
  /** Below the dialect's base path; `{name}` stands for one segment. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly scope: string
  readonly params?: Readonly<Record<P, Schema<string>>>
  readonly body?: Schema<B>
  readonly success: { readonly status: number; readonly description: string; readonly body: Schema<S> }
  /** Beyond those that the shell itself gives (400, 401, 403, 404, 405, 413, 415, 500, 503). */
  readonly errors: readonly C[]
  /** The event that the API consumer gets at its sink, where there is one. */
  readonly callback?: { readonly summary: string; readonly event: Schema<unknown> }
  handle(request: RouteRequest<B, P>, services: Services): Promise<Answer<NoInfer<S>> | Refusal<NoInfer<C>>>
}

export const route = <B, S, const C extends ErrorCode, P extends string = never>(
  row: Route<B, S, C, P>,
): Route<B, S, C, P> => row
