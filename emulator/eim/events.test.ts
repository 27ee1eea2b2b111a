import { get } from 'node:http'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { expect, test } from 'vitest'
import { createHttpClient } from '../ports/index.ts'
import type { StreamEvent } from '../rest/index.ts'
import { type Bench, createBench, EID, told } from './testing/bench.ts'

const list = { psmo: [{ listProfileInfo: {} }] } as const
const ICCID = '8944058925001234561'

const shortOf = ({ event, data }: Pick<StreamEvent, 'event' | 'data'>) =>
  event === 'package' ? (data as { state: string }).state : event

const eventsOf = (bench: Bench, after = 0) => bench.eim.events.since(after)

test('each change of a package and of the profiles is an event, the profiles before the package that is done with them', async () => {
  const bench = await told(await createBench(), { iccid: ICCID, profileState: 'enabled' })
  expect(eventsOf(bench).map(shortOf)).toEqual(['delivered', 'euicc', 'done'])
  const ordered = await bench.order(list)
  expect(eventsOf(bench).slice(3)).toEqual([{ id: 4, event: 'package', data: ordered }])
  expect(eventsOf(bench)[1]).toEqual({ id: 2, event: 'euicc', data: { eid: EID } })
  await bench.ask('DELETE', `/packages/${ordered.packageId}`)
  expect(eventsOf(bench, 4).map(shortOf)).toEqual(['cancelled'])
})

test('an answer that changes no state is no event', async () => {
  const bench = await told(await createBench())
  await bench.order(list)
  const request = await bench.fetchPackage()
  const before = eventsOf(bench).length
  await bench.fetchPackage()
  await bench.provide({ kind: 'euiccPackageResult', value: bench.card.unsigned(request) })
  expect(eventsOf(bench)).toHaveLength(before)
})

test('who resumes behind an event that is not kept any more, or was of another process, is told of the gap', async () => {
  const bench = await createBench({ settings: { keptEvents: 3 } })
  for (let i = 0; i < 5; i++) await bench.order(list)
  expect(eventsOf(bench, 2).map(({ id }) => id)).toEqual([3, 4, 5])
  expect(eventsOf(bench, 5)).toEqual([])
  expect(eventsOf(bench, 1).map(({ id, event }) => `${id} ${event}`)).toEqual([
    '2 gap',
    '3 package',
    '4 package',
    '5 package',
  ])
  expect(eventsOf(bench, 99)[0]).toEqual({ id: 2, event: 'gap', data: { after: 99 } })
})

test('a listener that comes back with Last-Event-ID misses nothing and gets nothing twice', async () => {
  const bench = await createBench()
  const listener = await bench.eim.listenNorthbound({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listener.port}/eim/v1/events`
  const first = await bench.order(list)
  const seen = await follow(url, { lastEventId: 0, count: 1 })
  expect(seen.map(({ id, data }) => [id, JSON.parse(data).packageId])).toEqual([['1', first.packageId]])
  await bench.order(list)
  await bench.order(list)
  const following = follow(url, { lastEventId: 1, count: 3, whenOpen: () => bench.order(list) })
  expect((await following).map(({ id }) => id)).toEqual(['2', '3', '4'])
  await listener.close()
})

test('without an open connection the events kept are a stream that ends', async () => {
  const bench = await createBench()
  await bench.order(list)
  const { headers, body } = await bench.ask('GET', '/events', undefined, { 'last-event-id': '0' })
  expect(headers['content-type']).toBe('text/event-stream')
  expect(body).toMatch(/^id: 1\nevent: package\ndata: \{.*\}\n\n$/)
})

test('both doors answer over their sockets, ESipa under the name and port that eUICCs are told', async () => {
  const bench = await createBench({ fqdn: 'localhost' })
  const esipa = await bench.eim.listenEsipa({ host: '127.0.0.1', port: 0 })
  const body = Buffer.from(`bf4f125a10${EID}`, 'hex')
  const answer = await createHttpClient({ insecure: true })(`https://localhost:${esipa.port}/gsma/rsp2/asn1`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-gsma-rsp-asn1', 'x-admin-protocol': 'gsma/rsp/v2.1.0' },
    body,
  })
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-gsma-rsp-asn1' } })
  const { addInitialEimRequest } = (await bench.ask('GET', `/euiccs/${EID}/initial-configuration`)).body
  expect(Buffer.from(addInitialEimRequest, 'base64').toString('latin1')).toContain(`localhost:${esipa.port}`)
  await esipa.close()
})

interface Following {
  readonly lastEventId: number
  readonly count: number
  readonly whenOpen?: () => Promise<unknown>
}

/** The first events of a stream, which is then left. */
function follow(url: string, { lastEventId, count, whenOpen }: Following): Promise<EventSourceMessage[]> {
  return new Promise((resolve, reject) => {
    const events: EventSourceMessage[] = []
    const request = get(url, { headers: { 'last-event-id': lastEventId } }, (response) => {
      whenOpen?.().catch(reject)
      const parser = createParser({
        onEvent(event) {
          events.push(event)
          if (events.length < count) return
          request.destroy()
          resolve(events)
        },
      })
      response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
    })
    request.on('error', (error) => (events.length < count ? reject(error) : undefined))
  })
}
