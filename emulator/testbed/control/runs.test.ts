import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEventLog } from '../event-log.ts'
import { startTestbed, type Testbed } from '../testbed.ts'
import { small } from '../testing/small.ts'

let testbed: Testbed

interface Asked {
  readonly status: number
  readonly text: string
}

async function ask(method: string, path: string, body?: string, type = 'application/x-ndjson'): Promise<Asked> {
  const content = body === undefined ? {} : { body, headers: { 'content-type': type } }
  const answer = await fetch(testbed.doors.control + path, { method, ...content })
  return { status: answer.status, text: await answer.text() }
}
const kept = async () => JSON.parse((await ask('GET', '/runs')).text).runs as { runId: string; title: string }[]

beforeAll(async () => {
  testbed = await startTestbed(small({ seed: 'runs', devices: 1 }))
})
afterAll(() => testbed?.close())

test('a run that was exported is imported, listed, given back octet for octet, and deleted', async () => {
  const { text } = await ask('GET', '/run')
  const { status, text: view } = await ask('POST', '/runs?title=of%20yesterday', text)
  const { runId, ...rest } = JSON.parse(view)
  expect(status).toBe(201)
  expect(rest).toMatchObject({ title: 'of yesterday', devices: 1, size: Buffer.byteLength(text) })
  expect(rest.events).toBeGreaterThan(0)
  expect((await kept()).map(({ title }) => title)).toEqual(['of yesterday'])
  expect((await ask('GET', `/runs/${runId}`)).text).toBe(text)
  expect((await ask('DELETE', `/runs/${runId}`)).status).toBe(204)
  expect((await ask('DELETE', `/runs/${runId}`)).status).toBe(404)
  expect((await ask('GET', `/runs/${runId}`)).status).toBe(404)
})

test('a file that is no run is refused with its line, other media types and too many runs are, too', async () => {
  const [head = '', first = ''] = (await ask('GET', '/run')).text.split('\n')
  const refusal = async (text: string) => {
    const answer = await ask('POST', '/runs', text)
    return `${answer.status} ${JSON.parse(answer.text).detail}`
  }
  expect(await refusal('{}')).toBe('422 Line 1: the file does not begin as a run (esim-testbed/run/1).')
  expect(await refusal(`${head}\n${first}\nno`)).toBe('422 Line 3: neither an event nor a card.')
  expect(await refusal(`${head}\n{"card":{}}`)).toBe('422 Line 2: neither an event nor a card.')
  expect((await ask('POST', '/runs', '{}', 'application/json')).status).toBe(415)
  const statuses: number[] = []
  for (let i = 0; i < 9; i++) statuses.push((await ask('POST', '/runs/snapshots', '{}', 'application/json')).status)
  expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 201, 201, 409])
  for (const { runId } of await kept()) await ask('DELETE', `/runs/${runId}`)
})

test('a run that begins anew forgets trace and events, and devices stay', async () => {
  expect((await ask('DELETE', '/run')).status).toBe(204)
  expect(JSON.parse((await ask('GET', '/trace')).text).messages).toEqual([])
  const lines = (await ask('GET', '/run')).text.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).event).filter(Boolean)).toEqual(['gap', 'run'])
  expect(JSON.parse((await ask('GET', '/devices')).text).devices).toHaveLength(1)
})

test('an event stream that was cleared goes on behind the last number', () => {
  const log = createEventLog(3)
  for (const name of ['a', 'b', 'c', 'd']) log.append(name, {})
  const names = (after: number) => log.since(after).map(({ id, event }) => `${id} ${event}`)
  expect(names(1)).toEqual(['2 b', '3 c', '4 d'])
  expect(names(0)).toEqual(['1 gap', '2 b', '3 c', '4 d'])
  log.clear()
  log.append('e', {})
  expect(names(4)).toEqual(['5 e'])
  expect(names(0)).toEqual(['4 gap', '5 e'])
})
