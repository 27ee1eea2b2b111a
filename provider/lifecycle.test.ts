import { afterAll, beforeAll, expect, it } from 'vitest'
import { newIccid, startWorld, type World } from './testing/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

it('brings an eSIM through its whole life, with one event for each operation', async () => {
  const provider = await world.start()
  const { eid } = world.card()
  const iccid = newIccid()
  world.eim.downloads.set('LPA:1$smdp.example$life', { iccid, fallbackAllowed: true })

  const run = async (path: string, body: object) => {
    const accepted = await provider.post(path, { ...body, sink: `${world.sink.url}/life${path}` })
    expect(accepted.status).toBe(202)
    expect(accepted.body).toMatchObject({ status: 'accepted', esim: { eid, iccid } })
    expect(accepted.body).not.toHaveProperty('result')
    const [event] = await world.sink.received(`/life${path}`)
    const { type, data } = JSON.parse(event?.text ?? '')
    expect(data).toMatchObject({ operationId: accepted.body.operationId, result: { outcome: 'success' } })
    const read = await provider.get(`/operations/${accepted.body.operationId}`)
    expect(read.body).toEqual(data)
    const state = (await provider.post('/retrieve-status', { esim: { eid } })).body.esims
    return { type: type.split('.').at(-1), state }
  }
  const esim = { iccid }
  const download = { esim: { eid, iccid }, activationCode: 'LPA:1$smdp.example$life' }
  const installed = { eid, iccid, state: 'disabled', isFallback: false }

  expect(await run('/download', download)).toEqual({ type: 'esim-downloaded', state: [installed] })
  expect(await run('/set-fallback', { esim })).toEqual({
    type: 'esim-fallback-set',
    state: [{ ...installed, isFallback: true }],
  })
  expect(await run('/enable', { esim })).toEqual({
    type: 'esim-enabled',
    state: [{ ...installed, state: 'enabled', isFallback: true }],
  })
  expect(await run('/disable', { esim })).toEqual({
    type: 'esim-disabled',
    state: [{ ...installed, isFallback: true }],
  })
  expect(await run('/delete', { esim })).toEqual({ type: 'esim-deleted', state: [] })
})
