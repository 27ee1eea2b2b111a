import { expect, test } from 'vitest'
import type { HttpClient } from '../../ports/index.ts'
import { type Connectivity, createNetwork } from './connectivity.ts'

const A = '89000000000000000018'
const B = '89000000000000000026'

function deviceWith(connectivity: Connectivity) {
  const device = { enabled: A as string | undefined, waits: [] as number[], arrived: 0 }
  const network = createNetwork({
    delay: async (ms) => void device.waits.push(ms),
    enabledProfile: () => device.enabled,
  })
  network.change(connectivity)
  const http: HttpClient = async () => {
    device.arrived += 1
    return { status: 204, headers: {}, body: new Uint8Array() }
  }
  const client = network.over(http)
  const ask = () =>
    client('https://eim.test/', { method: 'POST', headers: {}, body: new Uint8Array() }).then(
      ({ status }) => `${status}`,
      (error: Error) => error.message,
    )
  return { device, network, ask }
}

test('a device that is not reachable reaches nobody, whatever its profile', async () => {
  const { device, network, ask } = deviceWith({ reachable: false })
  expect(await ask()).toBe('The device has no connectivity.')
  expect(device.arrived).toBe(0)
  network.change({ reachable: true })
  expect(await ask()).toBe('204')
})

test('a dead profile carries nothing, the next one does', async () => {
  const { device, ask } = deviceWith({ reachable: true, profiles: [{ iccid: A, dead: {} }] })
  expect(await ask()).toBe('The enabled profile has no connectivity.')
  device.enabled = B
  expect(await ask()).toBe('204')
  device.enabled = undefined
  expect(await ask()).toBe('204')
})

test('a slow profile takes its time', async () => {
  const { device, ask } = deviceWith({ reachable: true, profiles: [{ iccid: A, slow: { delayMs: 700 } }] })
  expect(await ask()).toBe('204')
  expect(device.waits).toEqual([700])
})

test('a lossy profile loses requests and answers, the same ones for the same seed', async () => {
  const lose = async (seed: number) => {
    const { device, ask } = deviceWith({ reachable: true, profiles: [{ iccid: A, lossy: { chance: 0.3, seed } }] })
    const seen: string[] = []
    for (let i = 0; i < 40; i++) seen.push(await ask())
    return { seen, arrived: device.arrived }
  }
  const first = await lose(1)
  expect(new Set(first.seen)).toEqual(new Set(['204', 'The request was lost.', 'The answer was lost.']))
  expect(first.arrived).toBe(first.seen.filter((answer) => answer !== 'The request was lost.').length)
  expect(await lose(1)).toEqual(first)
  expect(await lose(2)).not.toEqual(first)
})

test.each([
  [0, '204'],
  [1, 'The request was lost.'],
])('with chance %i the answer is always: %s', async (chance, answer) => {
  const { ask } = deviceWith({ reachable: true, profiles: [{ iccid: A, lossy: { chance } }] })
  for (let i = 0; i < 20; i++) expect(await ask()).toBe(answer)
})
