import { expect, test } from 'vitest'
import type { Device, Testbed } from './http.ts'
import { createShelf } from './shelf.ts'

/** A testbed whose cards are these values. */
function testbedOf({ truth = true } = {}) {
  const cards = new Map<string, Device>()
  const released: string[] = []
  const testbed = {
    truth,
    lease: async () => {
      const eid = `${cards.size + 1}`
      cards.set(eid, { eid, reachable: true, sequence: 7, profiles: [] })
      return { leaseId: `lease ${eid}`, eid, owner: 'acme', profiles: [], orders: [] }
    },
    device: async (eid: string) => cards.get(eid) as Device,
    release: async (leaseId: string) => void released.push(leaseId),
  } as Partial<Testbed> as Testbed
  const change = (eid: string, what: Partial<Device>) => cards.set(eid, { ...(cards.get(eid) as Device), ...what })
  return { shelf: createShelf(testbed), released, change }
}

const request = { profiles: [{ state: 'enabled' }] } as const

test('a device that comes back as it was lent is lent to the next who wants such a device, and to nobody else', async () => {
  const { shelf, released } = testbedOf()
  const first = await shelf.lend(request)
  await shelf.takeBack(first, false)
  expect((await shelf.lend({})).lease.eid).toBe('2')
  expect((await shelf.lend(request)).lease).toEqual(first.lease)
  expect((await shelf.lend(request)).lease.eid).toBe('3')
  expect(released).toEqual([])
})

test('what was used is released, and so is what is not as it was, when it comes back and when it is wanted again', async () => {
  const { shelf, released, change } = testbedOf()
  const [used, changed, cut, late] = [
    await shelf.lend(request),
    await shelf.lend(request),
    await shelf.lend(request),
    await shelf.lend(request),
  ]
  await shelf.takeBack(used, true)
  change('2', { sequence: 8 })
  await shelf.takeBack(changed, false)
  change('3', { reachable: false })
  await shelf.takeBack(cut, false)
  await shelf.takeBack(late, false)
  expect(released).toEqual(['lease 1', 'lease 2', 'lease 3'])
  change('4', { profiles: [{ iccid: '89', state: 'enabled', fallbackAttribute: false }] })
  expect((await shelf.lend(request)).lease.eid).toBe('5')
  expect(released).toContain('lease 4')
})

test('where nobody sees the card every device is lent once', async () => {
  const { shelf, released } = testbedOf({ truth: false })
  await shelf.takeBack(await shelf.lend(request), false)
  expect((await shelf.lend(request)).lease.eid).toBe('2')
  expect(released).toEqual(['lease 1'])
})

test('at the end everything that is left goes back', async () => {
  const { shelf, released } = testbedOf()
  await shelf.takeBack(await shelf.lend(request), false)
  await shelf.clear()
  expect(released).toEqual(['lease 1'])
})
