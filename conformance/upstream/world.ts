/** The world of a scenario of somebody else's test definition. */
import { World } from '@cucumber/cucumber'
import type { Authorization } from '../authorization/client-http.ts'
import type { ForgedToken } from '../authorization/forge.ts'
import type { Clock } from '../runner/clock-system.ts'
import type { Exchange, HttpClient } from '../runner/http.ts'
import { sessionOf } from '../runner/session.ts'
import { type Mismatch, Nonconformity } from '../scenario/mismatch.ts'
import type { Testbed } from '../testbed/http.ts'
import { type Assets, type AssetsFile, createAssets } from './assets.ts'
import type { Api, ApiOperation } from './openapi.ts'

export interface UpstreamSession {
  readonly target: string
  readonly api: Api
  readonly http: HttpClient
  readonly clock: Clock
  readonly authorization: Authorization
  readonly testbed: Testbed | undefined
  readonly file: AssetsFile
}

export type Token =
  | { readonly kind: 'none' }
  | { readonly kind: 'valid' }
  | { readonly kind: 'forged'; readonly forgery: ForgedToken }
  | { readonly kind: 'scopes'; readonly scopes: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string }

/** A value that is known only when the request is. */
export type Later = (operation: ApiOperation) => Promise<unknown> | unknown

export interface UpstreamDraft {
  resource: string | undefined
  token: Token
  readonly headers: Map<string, string>
  readonly path: Map<string, Later>
  readonly query: Map<string, string>
  /** Undefined: the smallest that complies, when the operation has a body. */
  body: Later | undefined
  readonly edits: { readonly path: string; readonly value: Later }[]
}

/** The environment cannot say; the scenario is skipped with this sentence. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable'
}

export class UpstreamWorld extends World<{ session: string }> {
  readonly draft: UpstreamDraft = {
    resource: undefined,
    token: { kind: 'none' },
    headers: new Map(),
    path: new Map(),
    query: new Map(),
    body: undefined,
    edits: [],
  }
  readonly exchanges: Exchange[] = []
  readonly mismatches: Mismatch[] = []
  asked: { readonly operation: ApiOperation; readonly exchange: Exchange } | undefined
  private known: Assets | undefined

  get session(): UpstreamSession {
    return sessionOf<UpstreamSession>(this.parameters.session)
  }

  get assets(): Assets {
    const { file, testbed, authorization } = this.session
    this.known ??= createAssets({ file, testbed, owner: authorization.owners.own })
    return this.known
  }

  get latest(): { readonly operation: ApiOperation; readonly exchange: Exchange } {
    if (this.asked === undefined) throw new Error('no request was sent yet')
    return this.asked
  }

  fail(mismatch: Mismatch): never {
    this.mismatches.push(mismatch)
    throw new Nonconformity(mismatch)
  }

  operation(operationId: string): ApiOperation {
    const { operations } = this.session.api
    const found = operations.get(operationId)
    if (found === undefined)
      throw new Error(`the definition has no operation "${operationId}"; it has ${[...operations.keys()].join(', ')}`)
    return found
  }
}
