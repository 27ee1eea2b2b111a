/** SQL as PostgreSQL has it, served or embedded: what a role that keeps its state in a database is handed. */

export interface Queries {
  /** One statement. Parameters are strings, numbers, booleans and null. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

export interface Database extends Queries {
  /** All of it or nothing. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  /** There when other processes use the same database. */
  readonly shared?: {
    /** NOTIFY of a channel. `gap`: some may have been missed. The answer ends it. */
    listen(channel: string, hear: (payload: string) => void, gap: () => void): Promise<() => Promise<void>>
  }
}
