/**
 * A PostgreSQL of the test's own: a private cluster from the installed server on a free port and in a temporary folder, as a user that is not
 * root; or a database of its own on the server at DATABASE_URL. Where neither is there, `postgres` says why, and tests say that they were not run.
 */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

export interface Postgres {
  /** A new, empty database. */
  database(): Promise<string>
  close(): Promise<void>
}

export type PostgresServer =
  | { readonly kind: 'there'; start(): Promise<Postgres> }
  | { readonly kind: 'absent'; readonly why: string }

/** PostgreSQL refuses to run as root; Debian installs it outside PATH. */
const findServer = (): PostgresServer => {
  const given = process.env['DATABASE_URL']
  if (given)
    return { kind: 'there', start: async () => ({ database: () => newDatabase(given), close: async () => {} }) }
  const folder = foldersOfServers().find((candidate) => existsSync(join(candidate, 'initdb')))
  if (!folder) return { kind: 'absent', why: 'no PostgreSQL server is installed, and DATABASE_URL is not set' }
  const user = process.getuid?.() === 0 ? ['postgres', 'nobody'].find(isUser) : undefined
  if (process.getuid?.() === 0 && !user) return { kind: 'absent', why: 'PostgreSQL does not run as root' }
  return { kind: 'there', start: () => startCluster(folder, user) }
}

const foldersOfServers = (): readonly string[] => {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
}

const isUser = (name: string): boolean => {
  try {
    execFileSync('id', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const startCluster = async (bin: string, user: string | undefined): Promise<Postgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const data = join(folder, 'data')
  if (user) execFileSync('chown', [user, folder])
  chmodSync(folder, 0o700)
  const run = (program: string, ...args: string[]) => {
    const command = [join(bin, program), ...args]
    const [first = '', ...rest] = user ? ['setpriv', `--reuid=${user}`, '--clear-groups', ...command] : command
    execFileSync(first, rest, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  run('initdb', '-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C')
  const port = await freePort()
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`
  run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start')
  return {
    database: () => newDatabase(`postgres://test@127.0.0.1:${port}/postgres`),
    async close() {
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true })
    },
  }
}

const newDatabase = async (url: string): Promise<string> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

export const postgres: PostgresServer = findServer()
