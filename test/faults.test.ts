/** Every fault of the catalogue, switched on over the control API: what its row promises is what the API shows. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faultCatalogue, faultNames } from '../emulator/faults/index.ts'
import { type Json, startWholeWorld } from './testing/whole-world.ts'

let world: Awaited<ReturnType<typeof startWholeWorld>>

beforeAll(async () => {
  world = await startWholeWorld()
})
afterAll(() => world.close())
/** Devices that are not leased any more do not poll through the hours that others wait. */
const leases: string[] = []

afterEach(async () => {
  for (const leaseId of leases.splice(0)) await world.control('DELETE', `/leases/${leaseId}`)
  await world.control('DELETE', '/faults')
  await world.control('POST', '/clock', { paused: false })
})

/** What the procedures need. */
const shapes = {
  download: { orders: [{}] },
  enable: { profiles: [{ state: 'disabled' }] },
  disable: { profiles: [{ state: 'enabled' }] },
  delete: { profiles: [{ state: 'disabled' }] },
}

async function lease(procedure: keyof typeof shapes) {
  const { body } = await world.control('POST', '/leases', shapes[procedure])
  const { leaseId, eid, profiles, orders } = body
  leases.push(leaseId)
  const [order] = orders
  const esim = { eid, iccid: order?.iccid ?? profiles[0].iccid }
  return { eid, request: { esim, ...(order && { activationCode: order.activationCode }) } }
}

/** What the API shows of an operation that goes on only when the fault is cleared. */
async function clear(operationId: string) {
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  const { body } = await world.api('GET', `/operations/${operationId}`)
  await world.control('DELETE', '/faults')
  await world.control('POST', '/clock', { paused: false })
  return body.status
}

const injections = async (fault: string, eid: string): Promise<readonly Json[]> =>
  (await world.control('GET', '/faults/report')).body.injections.filter(
    (one: Json) => one['fault'] === fault && one['eid'] === eid,
  )

describe.each(Object.entries(faultCatalogue))('%s', (fault, { outcome, layer }) => {
  const { procedure, plan: when, message, shows, code, details = '' } = outcome
  const asked = { fault, when, ...(message && { message }) }

  test(`${procedure}: ${outcome.sentence}`, async () => {
    // What an order is like is decided before there is a device to name.
    const comesFirst = layer.at === 'order'
    if (comesFirst) await world.control('POST', '/faults', asked)
    const { eid, request } = await lease(procedure)
    if (!comesFirst) await world.control('POST', '/faults', { ...asked, devices: [eid] })
    if (shows === 'pending') await world.control('POST', '/clock', { paused: true })
    const { operationId, completed } = await world.operate(procedure, request)
    if (shows === 'pending') expect(await clear(operationId)).toBe('accepted')
    const { result, error } = (await completed) as { result: Json; error?: Json }
    expect(result['outcome']).toBe(shows === 'failed' ? 'failed' : 'success')
    if (shows === 'failed') expect(error).toMatchObject({ code, details: expect.stringContaining(details) })
    const [first] = await injections(fault, eid)
    expect(first).toMatchObject({ place: faultCatalogue[fault as keyof typeof faultCatalogue].place.hop, seed: 0 })
    const { body } = await world.control('GET', `/trace?after=${Number(first?.['traceIndex']) - 1}&limit=1`)
    expect(body.messages).toMatchObject([{ from: 'fault', status: fault, eid }])
  })
})

test('no fault of the catalogue has been left out', async () => {
  const { body } = await world.control('GET', '/faults/catalogue')
  expect(body.faults.map(({ fault }: Json) => fault)).toEqual(faultNames)
  const struck = (await world.control('GET', '/faults/report')).body.injections.map(({ fault }: Json) => fault)
  expect(faultNames.filter((fault) => !struck.includes(fault))).toEqual([])
})

test.each([
  [{ fault: 'nothing' }, 400],
  [{ fault: 'eim/status', unknown: 1 }, 400],
  [{ fault: 'eim/status', parameters: { unknown: 1 } }, 422],
  [{ fault: 'eim/status', message: 'ES10.LoadEuiccPackage' }, 422],
])('switching on %j is refused with %i', async (request, status) => {
  expect((await world.control('POST', '/faults', request)).status).toBe(status)
})

test('the end of a lease clears what was switched on for its device, DELETE everything; what is not on is not found', async () => {
  const { body: ended } = await world.control('POST', '/leases', {})
  const on = async (request: Json) => (await world.control('POST', '/faults', request)).body
  await on({ fault: 'eim/status', devices: [ended.eid] })
  const { id } = await on({ fault: 'eim/garbage' })
  await world.control('DELETE', `/leases/${ended.leaseId}`)
  expect((await world.control('GET', '/faults')).body.faults).toMatchObject([{ id }])
  expect((await world.control('GET', `/faults/${id}`)).body).toMatchObject({ fault: 'eim/garbage', strikes: 0 })
  expect((await world.control('DELETE', '/faults')).status).toBe(204)
  for (const method of ['GET', 'DELETE']) expect((await world.control(method, `/faults/${id}`)).status).toBe(404)
})

test('a fault for one device does not reach another one', async () => {
  const [first, second] = [await lease('enable'), await lease('enable')]
  await world.control('POST', '/faults', { fault: 'card/cat-busy', devices: [first.eid] })
  const outcomes = await Promise.all(
    [first, second].map(async ({ request }) => (await (await world.operate('enable', request)).completed)['result']),
  )
  expect(outcomes).toMatchObject([{ outcome: 'failed' }, { outcome: 'success' }])
})
