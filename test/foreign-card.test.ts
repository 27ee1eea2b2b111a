import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

/** The built command line; `npm test` builds it first. */
const program = fileURLToPath(new URL('../dist/bin/esim-testbed.js', import.meta.url))

const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill()
    await once(child, 'exit')
  }
})

/** Everything that a process says, and what waits for a part of it. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  let said = ''
  const waiting: { pattern: RegExp; resolve: (match: RegExpExecArray) => void }[] = []
  const look = () => {
    for (const { pattern, resolve } of waiting) {
      const match = pattern.exec(said)
      if (match) resolve(match)
    }
  }
  child.stdout.on('data', (chunk) => {
    said += chunk
    look()
  })
  return (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      waiting.push({ pattern, resolve })
      look()
    })
}

const EID = '89049032010000000000000000007704'

async function ask(url: string, method = 'GET', body?: unknown) {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return JSON.parse(await answer.text())
}

/** Resolves with the package when the eIM tells that it has its result. */
async function done(eim: string, order: unknown) {
  const ended = new AbortController()
  const events = await fetch(`${eim}/eim/v1/events`, { signal: ended.signal })
  const { packageId } = await ask(`${eim}/eim/v1/euiccs/${EID}/packages`, 'POST', order)
  let seen = ''
  for await (const chunk of events.body ?? []) {
    seen += new TextDecoder().decode(chunk)
    const isDone = seen.split('\n').some((line) => line.includes(packageId) && line.includes('"state":"done"'))
    if (isDone) break
  }
  ended.abort()
  return ask(`${eim}/eim/v1/packages/${packageId}`)
}

test('a card of another process, put into the reader of the testbed, is onboarded, downloads a profile and enables it', {
  timeout: 180_000,
}, async () => {
  const config = join(mkdtempSync(join(tmpdir(), 'up-')), 'up.json')
  const ports = {
    control: { port: 0 },
    eim: { esipaPort: 0, northboundPort: 0, onomondoPort: 0 },
    smdp: { port: 0 },
    smds: { port: 0 },
  }
  writeFileSync(config, JSON.stringify({ ...ports, devices: { count: 0 }, provider: { enabled: false } }))
  const up = start(['up', '--config', config, '--card', 'vpcd://127.0.0.1:0'])
  const [, reader = ''] = await up(/card reader at vpcd:\/\/(\S+)/)
  const [, control = ''] = await up(/control\s+(\S+)/)
  const [, eim = ''] = await up(/eimNorthbound\s+(\S+)/)
  start(['card', '--vpcd', reader, '--eid', EID])
  await up(new RegExp(`card attached: ${EID}`))
  const { iccid, activationCode } = await ask(`${control}/orders`, 'POST', {})
  expect(await done(eim, { download: { activationCode } })).toMatchObject({ result: { verified: true, iccid } })
  const enabled = await done(eim, { psmo: [{ enable: { iccid } }] })
  expect(enabled).toMatchObject({ result: { verified: true, results: [{ result: 'ok' }] } })
  const { profiles } = await ask(`${eim}/eim/v1/euiccs/${EID}`)
  expect(profiles).toMatchObject([{ iccid, state: 'enabled' }])
  const { messages } = await ask(`${control}/trace?eid=${EID}&limit=1000`)
  expect(messages.some(({ operation }: { operation: string }) => operation === 'LoadEuiccPackage')).toBe(true)
})
