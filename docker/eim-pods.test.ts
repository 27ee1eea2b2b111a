import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Postgres, postgres } from '../provider/testing/postgres-process.ts'

/** What kubernetes/eim.yaml starts, as two processes of the built program on one PostgreSQL. Only ports and names are those of one machine. */

const program = fileURLToPath(new URL('../dist/bin/esim-testbed.js', import.meta.url))
const [deployment] = parseAllDocuments(readFileSync(new URL('kubernetes/eim.yaml', import.meta.url), 'utf8')).map(
  (document) => document.toJS(),
)
const { args } = deployment.spec.template.spec.containers[0] as { readonly args: readonly string[] }
const ports = ['EIM_ESIPA', 'EIM_NORTHBOUND', 'EIM_ONOMONDO', 'SMDP', 'SMDS', 'CONTROL']
const anyPort = Object.fromEntries(ports.map((name) => [`ESIM_TESTBED_${name}_PORT`, '0']))

describe.skipIf(postgres.kind === 'absent')('two pods of eim.yaml (run where PostgreSQL is installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pods-'))
  const processes: ChildProcess[] = []
  let server: Postgres
  let pods: readonly Readonly<Record<string, string>>[]

  beforeAll(async () => {
    if (postgres.kind === 'absent') throw new Error(postgres.why)
    server = await postgres.start()
    const url = await server.database()
    pods = await Promise.all([startPod(url), startPod(url)])
  }, 120_000)
  afterAll(async () => {
    for (const pod of processes) pod.kill('SIGKILL')
    await server?.close()
    rmSync(folder, { recursive: true })
  })

  /** Its doors, when they are open. */
  async function startPod(url: string): Promise<Readonly<Record<string, string>>> {
    const pod = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...anyPort, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(pod)
    const text = await new Promise<string>((resolve, reject) => {
      let said = ''
      pod.stdout.on('data', (part) => {
        said += part
        if (/control +http\S+\n/.test(said)) resolve(said)
      })
      pod.once('exit', () => reject(new Error(said)))
    })
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    )
  }

  const ask = async (door: string | undefined, method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${door}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    expect({ method, path, isOk: answer.ok }).toEqual({ method, path, isOk: true })
    return (await answer.json()) as Readonly<Record<string, string>>
  }

  /** A device of another process that polls this one. */
  const startDevice = async (onomondo: string | undefined) => {
    const file = join(folder, 'eim.json')
    writeFileSync(file, JSON.stringify(await ask(onomondo, 'GET', '/')))
    const rows = join(folder, 'device.ndjson')
    const flags = ['--eim-config', file, '--interval', '0.2', '--certificates', rows]
    const device = spawn(process.execPath, [program, 'fleet', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
    processes.push(device)
    await new Promise((resolve) => device.stderr.once('data', resolve))
    return JSON.parse(readFileSync(rows, 'utf8'))
  }

  test('one knows the device that the other was told of, and hands over what is ordered at the other', async () => {
    const [polled, other] = pods
    const { eid, associationToken, euiccCertificate, eumCertificate } = await startDevice(polled?.['eimOnomondo'])
    await ask(other?.['eimNorthbound'], 'PUT', `/eim/v1/euiccs/${eid}`, { euiccCertificate, eumCertificate })
    await ask(other?.['eimNorthbound'], 'PUT', `/eim/v1/euiccs/${eid}/association-token`, { associationToken })
    const order = { psmo: [{ listProfileInfo: {} }] }
    const { packageId } = await ask(other?.['eimNorthbound'], 'POST', `/eim/v1/euiccs/${eid}/packages`, order)
    const states = async () => (await ask(other?.['eimNorthbound'], 'GET', `/eim/v1/packages/${packageId}`)).state
    await vi.waitUntil(async () => (await states()) === 'done', { timeout: 60_000 })
    expect(await ask(polled?.['eimNorthbound'], 'GET', `/eim/v1/packages/${packageId}`)).toMatchObject({
      state: 'done',
      result: { verified: true },
    })
  }, 120_000)
})
