import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import { eid, eimId, euiccInfo2 } from '../testing/messages.ts'
import { scriptedCard } from '../testing/scripted-card.ts'
import { createWorld } from '../testing/world.ts'
import { initialiseCard } from './initialise-card.ts'

function recorded(answers: Readonly<Record<string, string>> = {}) {
  const card = scriptedCard()
  const commands: string[] = []
  const channel: CardChannel = {
    async reset() {
      commands.push('reset')
    },
    async transmit(command) {
      const hex = toHex(command)
      commands.push(hex)
      const answer = answers[hex.slice(0, 4)]
      return answer === undefined ? card.transmit(command) : fromHex(answer)
    },
  }
  return { commands, run: () => initialiseCard({ channel, trace: { record() {} }, blockSize: 255 }) }
}

test('a card is reset, told of the IPAd, given a channel with the ISD-R selected, and asked who it is', async () => {
  const { commands, run } = recorded()
  expect(await run()).toMatchObject({ kind: 'ready', eid, euiccInfo2, eims: [{ eimId }], isdr: { logicalChannel: 1 } })
  expect(commands).toEqual([
    'reset',
    '80aa000005a903840101',
    '0070000001',
    '01a4040010a0000005591010ffffffff890000010000',
    '81e2910006bf3e035c015a00',
    '81e2910003bf220000',
    '81e2910003bf550000',
  ])
})

test('a card that does not know TERMINAL CAPABILITY is initialised all the same', async () => {
  expect(await recorded({ '80aa': '6d00' }).run()).toMatchObject({ kind: 'ready' })
})

test.each([
  ['MANAGE CHANNEL', '0070', '6a81', 3],
  ['SELECT', '01a4', '6a82', 4],
  ['an ES10 function', '81e2', '6f00', 5],
])('a card that refuses %s is not ready', async (_name, command, answer, commands) => {
  const card = recorded({ [command]: answer })
  expect(await card.run()).toMatchObject({ kind: 'failure', reason: 'refused', detail: answer })
  expect(card.commands).toHaveLength(commands)
})

test('a card whose capabilities cannot be read is ready all the same', async () => {
  const { ipa } = createWorld({ card: { GetEUICCInfo2: fromHex('bf2200'), GetEimConfigurationData: 0x6a88 } })
  const ready = await ipa.initialise()
  expect(ready).toMatchObject({ kind: 'ready', eid, eims: [] })
  expect(ready).not.toHaveProperty('euiccInfo2')
})

test('the IPA initialises the card by itself before the first poll, and only then', async () => {
  const { ipa, card } = createWorld()
  await ipa.poll()
  await ipa.poll()
  expect(card.resets).toBe(1)
})
