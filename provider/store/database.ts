/** The door to SQL. One dialect, PostgreSQL's; an embedded and a served database differ only in who implements this. */
export interface Queries {
  /** Parameters are strings, numbers, booleans, null and Date; JSON is kept as text. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

export interface Database extends Queries {
  /** All of it or nothing. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Says what went wrong without the values it went wrong with. */
export class DatabaseError extends Error {}
