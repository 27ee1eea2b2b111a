import { expect, test } from 'vitest'
import { observedHandler, observedSender } from './observer.ts'
import type { ObservedMessage } from './outside.ts'

const text = (value: string) => new TextEncoder().encode(value)

const message = (body: string, headers = {}) => ({
  method: 'POST',
  path: '/esim/enable',
  headers: { 'content-type': 'application/json', 'x-correlator': 'c', ...headers },
  body: text(body),
})

test('a request is told before it is handled, its answer afterwards, tied by correlator and operation', async () => {
  const told: (ObservedMessage | 'handled')[] = []
  const handle = observedHandler(
    async () => {
      told.push('handled')
      return { status: 202, headers: { 'x-correlator': 'c' }, body: { operationId: 'o', esim: { eid: 'e' } } }
    },
    (seen) => told.push(seen),
  )
  await handle(message('{"esim":{"iccid":"1"}}', { authorization: 'Bearer secret' }))
  expect(told).toEqual([
    {
      ...{ interface: 'API', from: 'API consumer', to: 'provider', operation: 'POST /esim/enable' },
      ...{ json: { esim: { iccid: '1' } }, correlation: { 'x-correlator': 'c' } },
    },
    'handled',
    {
      ...{
        interface: 'API',
        from: 'provider',
        to: 'API consumer',
        operation: 'POST /esim/enable',
        status: '202',
        eid: 'e',
      },
      ...{ json: { operationId: 'o', esim: { eid: 'e' } }, correlation: { 'x-correlator': 'c', operationId: 'o' } },
    },
  ])
})

test('a body that is not JSON is told by what is wrong with it', async () => {
  const told: ObservedMessage[] = []
  const answer = { status: 400, headers: { 'x-correlator': 'c' }, body: { code: 'INVALID_ARGUMENT' } }
  await observedHandler(
    async () => answer,
    (seen) => told.push(seen),
  )(message('{'))
  expect(told[0]?.json).toEqual(expect.any(String))
  expect(told[1]).toMatchObject({ status: '400', json: { code: 'INVALID_ARGUMENT' } })
})

test('an event is told with what the sink said, without its credential', async () => {
  const told: ObservedMessage[] = []
  const parcel = {
    ...{ eventId: 'i', stream: 'o', correlator: 'c', createdAt: 0, attempts: 0 },
    callback: { sink: 'https://sink.example/x', credential: { scheme: 'Bearer' as const, value: 'secret' } },
    envelope: JSON.stringify({ id: 'i', data: { operationId: 'o', esim: { eid: 'e' } } }),
  }
  await observedSender(
    async () => ({ kind: 'answered', status: 204 }),
    (seen) => told.push(seen),
  )(parcel as never, new AbortController().signal)
  expect(told.map(({ from, to, status, eid }) => [from, to, status, eid])).toEqual([
    ['provider', 'sink', undefined, 'e'],
    ['sink', 'provider', '204', 'e'],
  ])
  expect(JSON.stringify(told)).not.toContain('secret')
})
