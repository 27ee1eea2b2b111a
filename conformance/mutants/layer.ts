/** A wrong provider is a layer at the edge of a right one: it sees requests, answers and events, and changes them. */
import type { Tenant } from '../authorization/client-http.ts'
import type { Dialect } from '../dialects/dialect.ts'

export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One attempt to deliver an event. */
export interface Attempt {
  readonly sink: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a layer can do beside. */
export interface Edge {
  readonly token: (scopes: readonly string[], tenant?: Tenant) => Promise<string>
  /** Asks the provider behind the layer. */
  readonly ask: (request: ApiRequest) => Promise<ApiAnswer>
  /** Delivers an event to the consumer's sink; the status of its answer, 0 when there was none. */
  readonly deliver: (attempt: Attempt) => Promise<number>
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface Layer {
  /** Instead of handing the request on with `edge.ask`. */
  readonly api?: (request: ApiRequest, edge: Edge) => Promise<ApiAnswer>
  /** Instead of handing the event on with `edge.deliver`; the status is told to the provider. */
  readonly event?: (attempt: Attempt, edge: Edge) => Promise<number>
}

export interface Mutant {
  /** Words, stable. */
  readonly id: string
  readonly summary: string
  /** Id of the requirement that it breaks, and by which it must be caught. */
  readonly breaks: string
  /** The one scenario that is asked, where all that claim the requirement would take long. */
  readonly scenario?: string
  /** A layer of its own for each run: it may remember. */
  readonly layer: (dialect: Dialect) => Layer
}
