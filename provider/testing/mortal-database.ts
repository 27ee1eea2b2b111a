/** A database whose process dies: at its nth call, just before that call takes effect or just after; or when told. Nothing works from then on. */
import type { Database } from '../store/database.ts'

export interface Death {
  readonly atCall: number
  readonly when: 'before' | 'after'
}

export const createMortalDatabase = (
  database: Database,
  { atCall, when }: Death = { atCall: Infinity, when: 'before' },
) => {
  let calls = 0
  let dead = false
  let tell = () => {}
  const died = new Promise<'died'>((resolve) => {
    tell = () => resolve('died')
  })
  const die = (): void => {
    dead = true
    tell()
  }
  const kill = (): never => {
    die()
    throw new Error('killed')
  }
  const mortal = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1
    const mine = calls
    if (dead || mine > atCall || (mine === atCall && when === 'before')) kill()
    const answer = await call()
    return mine === atCall ? kill() : answer
  }
  return {
    died,
    die,
    database: {
      ...(database.shared && { shared: database.shared }),
      query: (sql, parameters) => mortal(() => database.query(sql, parameters)),
      transaction: (work) => mortal(() => database.transaction(work)),
      close: () => database.close(),
    } satisfies Database,
  }
}
