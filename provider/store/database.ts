/** The door to SQL. One dialect, PostgreSQL's; an embedded and a served database differ only in who implements this. */
export interface Queries {
  /** One statement. Parameters are strings, numbers, booleans, null and Date; JSON is kept as text. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

export interface Database extends Queries {
  /** All of it or nothing. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  /** There when other processes use the same database; nobody else uses an embedded one. */
  readonly shared?: Shared
  close(): Promise<void>
}

export interface Shared {
  /** How long an instance that says nothing counts as alive. */
  readonly leaseMs: number
  /** NOTIFY of this channel. `gap`: some may have been missed. The answer ends it. */
  listen(channel: string, hear: (payload: string) => void, gap: () => void): Promise<() => Promise<void>>
}

/** Says what went wrong without the values it went wrong with. */
export class DatabaseError extends Error {
  /** SQLSTATE, or what the network said. */
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** Ask again later: the database is not there, starts, stops, or is full. */
export class DatabaseUnavailable extends DatabaseError {
  override readonly name = 'DatabaseUnavailable'
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (operator); codes of the network begin with E. */
const passes = /^(08|53|57P|E[A-Z]+$|database$)/

/** An error of a driver carries the parameters, and those may be secrets. */
export const withoutParameters = (error: unknown): never => {
  if (error instanceof DatabaseError) throw error
  const { message, code } = Object(error) as { message?: unknown; code?: unknown }
  const kind = passes.test(String(code ?? 'database')) ? DatabaseUnavailable : DatabaseError
  throw new kind(String(code ?? 'database'), String(message))
}
