/** What all scenarios of one run share. */
import type { Authorization } from '../authorization/client-http.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { SchemaChecks } from '../dialects/schemas.ts'
import type { Ics } from '../ics/ics.ts'
import type { Mismatch } from '../scenario/mismatch.ts'
import type { SinkServer } from '../sink/http.ts'
import type { ClockOffset } from '../testbed/clock-offset.ts'
import type { Testbed } from '../testbed/http.ts'
import type { Shelf } from '../testbed/shelf.ts'
import type { Clock } from './clock-system.ts'
import type { HttpClient } from './http.ts'

export interface Session {
  /** API root without a slash at its end. */
  readonly target: string
  readonly dialect: Dialect
  readonly ics: Ics
  readonly seed: number
  /** Random sequences that are tried; the feature's own number unless told otherwise. */
  readonly modelRuns: number | undefined
  readonly clock: Clock
  readonly api: HttpClient
  readonly testbed: Testbed
  readonly shelf: Shelf
  readonly testbedClock: ClockOffset
  readonly sinks: SinkServer
  readonly authorization: Authorization
  readonly schemas: SchemaChecks
  /** Looked at once more when all scenarios are done: what came late. By id of the started test case. */
  readonly audits: Map<string, () => readonly Mismatch[]>
}

/**
 * Sessions by id. Cucumber hands a World nothing but JSON, and a process may hold this module twice (as source and as built
 * file), so the table hangs on the process.
 */
const key = Symbol.for('esim-testbed.conformance.sessions')
const holder = globalThis as { [key]?: Map<string, unknown> }
holder[key] ??= new Map()
const sessions = holder[key]

export const openSession = (id: string, session: unknown): void => void sessions.set(id, session)
export const closeSession = (id: string): void => void sessions.delete(id)
export function sessionOf<Kind = Session>(id: string): Kind {
  const session = sessions.get(id)
  if (session === undefined) throw new Error(`no session ${id}`)
  return session as Kind
}
