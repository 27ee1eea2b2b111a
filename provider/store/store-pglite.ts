/** PostgreSQL in the process (PGlite). Without a folder everything is forgotten at the end. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { type Database, type Queries, withoutParameters } from './database.ts'

const queriesOf = (connection: PGlite | Transaction, wrote: () => void): Queries => ({
  async query<Row>(sql: string, parameters: readonly unknown[] = []) {
    if (!/^\s*select\b/i.test(sql)) wrote()
    const { rows } = await connection.query<Row>(sql, [...parameters]).catch(withoutParameters)
    return rows
  },
})

/** Statements between two VACUUMs, each some 30 ms of CPU. */
const VACUUM_EACH = 2000

export const openEmbeddedDatabase = async (folder?: string, vacuumEach = VACUUM_EACH): Promise<Database> => {
  const pglite = await plainlyCompiled(() => (folder === undefined ? openNew(inMemory) : openFolder(folder)))
  let written = 0
  const wrote = () => {
    written += 1
  }
  /** A server has its autovacuum; here nobody else would ever use the room of rows that are gone. Who wrote waits; what was written stays, whatever comes of it. */
  const tidied = async <T>(done: T): Promise<T> => {
    if (written < vacuumEach) return done
    written = 0
    await pglite.exec('vacuum').catch(() => undefined)
    return done
  }
  const alone = queriesOf(pglite, wrote)
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => tidied(await alone.query<Row>(sql, parameters)),
    transaction: async (work) => tidied(await pglite.transaction((transaction) => work(queriesOf(transaction, wrote)))),
    close: () => pglite.close(),
  }
}

/**
 * With V8's baseline compiler alone. The optimizing one takes two seconds of CPU for this module, and statements are no faster afterwards:
 * 0.5 ms each either way.
 */
const plainlyCompiled = async <T>(open: () => Promise<T>): Promise<T> => {
  setFlagsFromString('--liftoff-only')
  try {
    return await open()
  } finally {
    setFlagsFromString('--no-liftoff-only')
  }
}

/** A folder has a whole cluster in it or none: a new one is made beside it, so that a kill leaves nothing half made. */
const openFolder = async (folder: string): Promise<PGlite> => {
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    const unfinished = `${folder.replace(/\/+$/, '')}.new`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await openNew(unfinished).then((made) => made.close())
    await rename(unfinished, folder)
  }
  return PGlite.create(folder)
}

const inMemory = 'memory://'

/** Making a cluster (initdb) costs several times as much as reading one that was made before. */
const openNew = async (dataDir: string): Promise<PGlite> => {
  const file = await templateFile()
  const template = await readFile(file).catch(() => undefined)
  if (template) {
    const opened = await PGlite.create({ dataDir, loadDataDir: new Blob([template]) }).catch(() => undefined)
    if (opened) return opened
    if (dataDir !== inMemory) await rm(dataDir, { recursive: true, force: true })
  }
  const made = await PGlite.create(dataDir)
  // A cache that cannot be written is none.
  await keep(file, await made.dumpDataDir('none')).catch(() => undefined)
  return made
}

const keep = async (file: string, template: Blob): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, Buffer.from(await template.arrayBuffer()))
  await rename(unfinished, file)
}

/** In the user's own cache (XDG_CACHE_HOME), named after the version that made it. */
const templateFile = async (): Promise<string> => {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(await readFile(fileURLToPath(manifest), 'utf8')) as { version: string }
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'esim-testbed', `pglite-${version}.tar`)
}
