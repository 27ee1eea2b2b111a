/** PostgreSQL as a server. Statements are prepared once on each connection, under a name made of their text. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { type Database, type Queries, type Shared, withoutParameters } from './database.ts'

interface Served {
  readonly url: string
  readonly leaseMs: number
}

const connectTimeoutMs = 10_000
const reconnectMs = 1000

export const openServedDatabase = ({ url, leaseMs }: Served): Database => {
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs, max: 10 })
  // Of an idle connection; whoever asks next gets another one, or an error of its own.
  pool.on('error', () => {})
  return {
    ...queriesOf(pool),
    shared: { leaseMs, listen: createListener(url) },
    async transaction(work) {
      const client = await pool.connect().catch(withoutParameters)
      try {
        await client.query('begin')
        const answer = await work(queriesOf(client))
        await client.query('commit').catch(withoutParameters)
        client.release()
        return answer
      } catch (error) {
        // A connection that cannot even roll back is given up.
        const broken = await client.query('rollback').then(
          () => false,
          () => true,
        )
        client.release(broken)
        throw error
      }
    },
    close: () => pool.end(),
  }
}

const names = new Map<string, string>()
const nameOf = (sql: string): string => {
  const name = names.get(sql) ?? createHash('sha256').update(sql).digest('base64url').slice(0, 32)
  names.set(sql, name)
  return name
}

const queriesOf = (connection: pg.Pool | pg.ClientBase): Queries => ({
  async query<Row>(text: string, values: readonly unknown[] = []) {
    const { rows } = await connection.query({ name: nameOf(text), text, values: [...values] }).catch(withoutParameters)
    return rows as Row[]
  },
})

/** On a connection of its own, which is made again whenever it breaks. */
const createListener =
  (connectionString: string): Shared['listen'] =>
  async (channel, hear, gap) => {
    let current: pg.Client | undefined
    let ended = false
    const connect = async (): Promise<void> => {
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs })
      client.on('notification', ({ payload }) => hear(payload ?? ''))
      client.on('error', () => {})
      client.once('end', again)
      await client.connect().catch(withoutParameters)
      await client.query(`listen ${client.escapeIdentifier(channel)}`)
      current = client
      if (ended) await client.end()
    }
    const again = (): void => {
      current = undefined
      if (ended) return
      const retry = () => void connect().then(gap, () => undefined)
      setTimeout(retry, reconnectMs).unref()
    }
    await connect().catch((error: unknown) => {
      ended = true
      throw error
    })
    return async () => {
      ended = true
      await current?.end()
    }
  }
