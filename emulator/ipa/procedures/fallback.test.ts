import { expect, test } from 'vitest'
import { fromHex } from '../../../protocol/ber/index.ts'
import type { CardScript } from '../testing/scripted-card.ts'
import { createWorld } from '../testing/world.ts'

const done = fromHex('bf5d03 800100')

/** A device that has lost its eIM, until the Fallback Profile is enabled. */
function lost(reply: Uint8Array | number = done, fallbackAfterFailedPolls = 2) {
  const settings = { retry: { waitsMs: [], jitter: 0 }, fallbackAfterFailedPolls }
  const world = createWorld({ settings })
  const script: CardScript = {
    ExecuteFallbackMechanism() {
      if (reply === done) world.away.clear()
      return reply
    },
    ReturnFromFallback: fromHex('bf5e03 800100'),
  }
  world.card.script = script
  world.away.add('eim.test')
  const executions = () => world.card.calls.filter(({ name }) => name === 'ExecuteFallbackMechanism').length
  /** GetEimPackage requests that got through. */
  const asked = () =>
    world.trace
      .filter(({ from, operation }) => from === 'IPA' && operation === 'GetEimPackage')
      .map(({ octets }) =>
        Buffer.from(octets ?? [])
          .toString('hex')
          .slice(42),
      )
  return { ...world, executions, asked }
}

test('after so many failed polls in a row the Fallback Profile is enabled, and the eIM is told why', async () => {
  const { ipa, executions, asked } = lost()
  await ipa.poll()
  expect(executions()).toBe(0)
  expect((await ipa.poll()).failures).toMatchObject([{ reason: 'unreachable' }])
  expect(executions()).toBe(1)
  await ipa.poll()
  // notifyStateChange and stateChangeCause fallback, once.
  expect(asked()).toEqual(['', '', '8000810101', ''])
})

test('a poll that reaches the eIM counts anew', async () => {
  const { ipa, away, executions } = lost()
  await ipa.poll()
  away.clear()
  await ipa.poll()
  away.add('eim.test')
  await ipa.poll()
  expect(executions()).toBe(0)
})

test('an eIM that does not hear of it is told with the next poll', async () => {
  const { ipa, away, card, asked } = lost()
  card.script = { ...card.script, ExecuteFallbackMechanism: done }
  await ipa.poll()
  await ipa.poll()
  away.clear()
  await ipa.poll()
  expect(asked().slice(2)).toEqual(['8000810101', '8000810101'])
})

test.each([
  ['has no Fallback Profile', fromHex('bf5d03 800106')],
  ['does not know the function', 0x6a88],
])('a card that %s is asked again after as many polls', async (_what, reply) => {
  const { ipa, executions, asked } = lost(reply)
  for (let i = 0; i < 4; i++) await ipa.poll()
  expect(executions()).toBe(2)
  expect(new Set(asked())).toEqual(new Set(['']))
})

test('an IPA may be told never to fall back', async () => {
  const { ipa, executions } = lost(done, 0)
  for (let i = 0; i < 4; i++) await ipa.poll()
  expect(executions()).toBe(0)
})

test('it returns when it is told, and reports that', async () => {
  const { ipa, away, asked } = lost()
  away.clear()
  expect(await ipa.returnFromFallback()).toBeUndefined()
  await ipa.poll()
  expect(asked()).toEqual(['8000810101'])
})

test('a memory reset is reported with its cause, and one that found nothing is not', async () => {
  const { ipa, away, card, asked } = lost()
  away.clear()
  card.script = { EuiccMemoryReset: fromHex('bf6403 800101') }
  expect(await ipa.resetMemory(['deleteOperationalProfiles'])).toEqual({ resetResult: 'nothingToDelete' })
  await ipa.poll()
  card.script = { EuiccMemoryReset: fromHex('bf6403 800100') }
  expect(await ipa.resetMemory(['deleteOperationalProfiles'])).toEqual({ resetResult: 'ok' })
  await ipa.poll()
  expect(asked()).toEqual(['', '8000810104'])
})

test.each([
  ['the error of the eUICC', fromHex('bf5e03 800106'), 'fallbackNotAvailable'],
  ['the refusal of the card', 0x6a88, expect.objectContaining({ reason: 'refused' })],
])('a return that fails gives %s and nothing to report', async (_what, reply, expected) => {
  const { ipa, away, card, asked } = lost()
  away.clear()
  card.script = { ...card.script, ReturnFromFallback: reply }
  expect(await ipa.returnFromFallback()).toEqual(expected)
  await ipa.poll()
  expect(asked()).toEqual([''])
})
