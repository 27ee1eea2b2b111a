import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Two processes of the built program: devices in one, servers in the other. */
const program = fileURLToPath(new URL('../dist/bin/esim-testbed.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fleet-'))
const ports = ['EIM_ESIPA', 'EIM_NORTHBOUND', 'EIM_ONOMONDO', 'SMDP', 'SMDS', 'CONTROL']
const environment = Object.fromEntries(ports.map((name) => [`ESIM_TESTBED_${name}_PORT`, '0']))

let servers: ChildProcess
let doors: Record<string, string>

beforeAll(async () => {
  servers = spawn(process.execPath, [program, 'up', '--no-provider', '--devices', '0'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const text = await new Promise<string>((resolve, reject) => {
    let said = ''
    servers.stdout?.on('data', (part) => {
      said += part
      if (/control +http\S+\n/.test(said)) resolve(said)
    })
    servers.once('exit', () => reject(new Error(said)))
  })
  doors = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  )
})

afterAll(() => {
  servers.kill()
  rmSync(folder, { recursive: true })
})

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function fleet(...args: readonly string[]): { readonly process: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, 'fleet', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const parts: string[] = []
    stream.on('data', (part) => parts.push(String(part)))
    return parts
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, stdout: out?.join('') ?? '', stderr: err?.join('') ?? '' }))
  })
  return { process: child, ended }
}

async function ask(door: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${doors[door]}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return JSON.parse(await answer.text())
}

const configuration = async (): Promise<string> => {
  const file = join(folder, 'eim.json')
  writeFileSync(file, JSON.stringify(await ask('eimOnomondo', 'GET', '/')))
  return file
}

interface Row {
  readonly eid: string
  readonly euiccCertificate: string
  readonly eumCertificate: string
  readonly associationToken: number
}

const rowsIn = (file: string): readonly Row[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** As the event stream of the eIM tells it. */
async function packagesDone(ids: readonly string[]): Promise<void> {
  const ending = new AbortController()
  const { body } = await fetch(`${doors['eimNorthbound']}/eim/v1/events?after=0`, { signal: ending.signal })
  const open = new Set(ids)
  let text = ''
  for await (const part of body ?? []) {
    text += Buffer.from(part).toString()
    for (const id of open)
      if (new RegExp(`^data: .*"packageId":"${id}".*"state":"done"`, 'm').test(text)) open.delete(id)
    if (open.size === 0) break
  }
  ending.abort()
}

test('devices of another process are onboarded by EID and certificate, and execute what is ordered for them', async () => {
  const certificates = join(folder, 'devices.ndjson')
  const { process: devices, ended } = fleet(
    ...['--eim-config', await configuration(), '--devices', '4', '--shard', '1/2', '--json'],
    ...['--certificates', certificates, '--interval', '0.2'],
  )
  // It says so when its devices are there.
  await new Promise((resolve) => devices.stderr?.once('data', resolve))
  const rows = rowsIn(certificates)
  expect(rows).toHaveLength(2)
  for (const { eid, euiccCertificate, eumCertificate, associationToken } of rows) {
    await ask('eimNorthbound', 'PUT', `/eim/v1/euiccs/${eid}`, { euiccCertificate, eumCertificate })
    await ask('eimNorthbound', 'PUT', `/eim/v1/euiccs/${eid}/association-token`, { associationToken })
  }
  const ids: string[] = []
  for (const { eid } of rows) {
    const { activationCode } = await ask('control', 'POST', '/orders', { eid })
    const order = { download: { activationCode } }
    ids.push((await ask('eimNorthbound', 'POST', `/eim/v1/euiccs/${eid}/packages`, order)).packageId)
  }
  await packagesDone(ids)
  devices.kill('SIGTERM')
  const { status, stdout, stderr } = await ended
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ devices: 2, failing: 0 })
  expect(stderr).toMatch(/2 devices, \d+ polls, \d+ packages, 0 failing/)
  for (const id of ids)
    expect(await ask('eimNorthbound', 'GET', `/eim/v1/packages/${id}`)).toMatchObject({
      state: 'done',
      result: { kind: 'profileInstallationResult', verified: true, outcome: 'success' },
    })
})

test('a fleet whose eIM is away ends with 1, and one without a configuration that it can read with 2', async () => {
  const [file, text] = [join(folder, 'none.txt'), join(folder, 'away.hex')]
  writeFileSync(file, 'nothing of the kind')
  const { eimConfigurationData } = await ask('eimOnomondo', 'GET', '/')
  const address = Buffer.from(new URL(doors['esipa'] ?? '').host)
    .toString('hex')
    .toUpperCase()
  const away = Buffer.from('localhost:1'.padEnd(address.length / 2, '1').slice(0, address.length / 2)).toString('hex')
  writeFileSync(text, String(eimConfigurationData).replace(address, away.toUpperCase()))
  const config = join(folder, 'config.yaml')
  writeFileSync(config, 'ipa: { retryWaitsSeconds: [] }\n')
  expect(await fleet('--eim-config', text, '--polls', '1', '--config', config).ended).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('1 times ESipa unreachable'),
  })
  expect(await fleet('--eim-config', file).ended).toMatchObject({ status: 2 })
  expect(await fleet('--eim-config', text, '--shard', '2/2').ended).toMatchObject({ status: 2 })
})

test('a campaign on two threads reaches every device, and says how fast and how long', async () => {
  const { status, stdout, stderr } = await fleet('campaign', '--devices', '3', '--threads', '2', '--json').ended
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('] 3 of 3 devices') })
  const summary = JSON.parse(stdout)
  expect(summary).toMatchObject({ devices: 3, done: 3, failed: 0 })
  for (const step of ['onboard', 'download', 'enable and set fallback'])
    expect(summary.durations[step]).toMatchObject({ count: 3, p50: expect.any(Number), p99: expect.any(Number) })
  expect(await fleet('campaign', '--threads', 'two').ended).toMatchObject({ status: 2 })
}, 180_000)
