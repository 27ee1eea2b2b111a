import { expect, test } from 'vitest'
import { concatOctets, DecodeError, fromHex, toHex } from '../../../protocol/ber/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import { exchange } from './apdu.ts'
import { segmentsOf } from './segments.ts'
import { storeData } from './store-data.ts'

/** A card that answers from a list and keeps the commands. */
function scripted(...answers: readonly string[]) {
  const commands: string[] = []
  const channel: CardChannel = {
    transmit(command) {
      commands.push(toHex(command))
      const answer = answers[commands.length - 1]
      return answer === undefined ? Promise.reject(new Error('card removed')) : Promise.resolve(fromHex(answer))
    },
    reset: async () => {},
  }
  return { channel, commands }
}

const shown = ({ data, status }: { data: Uint8Array; status: string }) => `${toHex(data)} ${status}`

test('an answer announced by 61xx is fetched to its end with GET RESPONSE on the same channel', async () => {
  const card = scripted('6100', '01026102', '03049000')
  expect(shown(await exchange(card.channel, fromHex('81e291000000')))).toBe('01020304 9000')
  expect(card.commands.slice(1)).toEqual(['01c0000000', '01c0000002'])
})

test('GET RESPONSE uses the class of a further interindustry channel', async () => {
  const card = scripted('6101', '019000')
  await exchange(card.channel, fromHex('c2e291000000'))
  expect(card.commands[1]).toBe('42c0000001')
})

test('6Cxx repeats the command with the right Le, and once only', async () => {
  const card = scripted('6c03', '0102039000')
  expect(shown(await exchange(card.channel, fromHex('00b0000000')))).toBe('010203 9000')
  expect(card.commands[1]).toBe('00b0000003')
  expect(shown(await exchange(scripted('6c00').channel, fromHex('00b0000000')))).toBe(' 6c00')
})

test('a proactive command waiting behind the answer does not hide it', async () => {
  expect(shown(await exchange(scripted('6102', 'aabb9112').channel, fromHex('80e291000000')))).toBe('aabb 9112')
})

test('a card that is gone, says nothing or never ends gives no answer', async () => {
  expect(await exchange(scripted().channel, fromHex('80e291000000'))).toEqual({
    data: new Uint8Array(),
    status: 'card removed',
  })
  expect(await exchange(scripted('90').channel, fromHex('80e291000000'))).not.toHaveProperty('statusWord')
  const endless = { transmit: async () => fromHex('016110'), reset: async () => {} }
  expect(await exchange(endless, fromHex('80e291000000'))).not.toHaveProperty('statusWord')
})

test('a command that fits is one last block', async () => {
  const card = scripted('bf3e009000')
  await storeData({ channel: card.channel, logicalChannel: 0, blockSize: 255 }, fromHex('bf3e035c015a'))
  expect(card.commands).toEqual(['80e2910006bf3e035c015a00'])
})

test('a longer command is cut into numbered blocks of which only the last says so', async () => {
  const card = scripted('9000', '9000', 'aa9000')
  const answer = await storeData({ channel: card.channel, logicalChannel: 1, blockSize: 2 }, fromHex('0102030405'))
  expect(card.commands).toEqual(['81e2110002010200', '81e2110102030400', '81e29102010500'])
  expect(shown(answer)).toBe('aa 9000')
})

test('a command that fills its blocks exactly has no empty block behind it', async () => {
  const card = scripted('9000', '9000')
  await storeData({ channel: card.channel, logicalChannel: 4, blockSize: 2 }, fromHex('01020304'))
  expect(card.commands).toEqual(['c0e2110002010200', 'c0e2910102030400'])
})

test.each([
  ['refused', '6985', ' 6985'],
  ['answered', 'bf37009000', 'bf3700 9000'],
])('a block that is %s before the last ends the command', async (_name, answer, seen) => {
  const card = scripted(answer, '9000')
  expect(shown(await storeData({ channel: card.channel, logicalChannel: 0, blockSize: 1 }, fromHex('0102')))).toBe(seen)
  expect(card.commands).toHaveLength(1)
})

test('a command of more blocks than can be numbered is not sent', async () => {
  const card = scripted('9000')
  const isdr = { channel: card.channel, logicalChannel: 0, blockSize: 1 }
  expect((await storeData(isdr, new Uint8Array(257))).status).toBe('more than 256 blocks')
  expect(card.commands).toEqual([])
})

test('a bound profile package is cut where SGP.22 2.5.5 cuts it', () => {
  const segments = [
    'bf362dbf2303010203',
    'a0048702aabb',
    'a108',
    '8802ccdd',
    '8802eeff',
    'a206870101',
    '870102',
    'a307',
    '86021122',
    '860133',
  ]
  const whole = concatOctets(...segments.map(fromHex))
  const framed = concatOctets(fromHex(`bf36${(whole.length - 3).toString(16)}`), whole.subarray(3))
  expect(segmentsOf(framed).map(toHex)).toEqual([toHex(framed.subarray(0, 9)), ...segments.slice(1)])
  expect(toHex(concatOctets(...segmentsOf(framed)))).toBe(toHex(framed))
})

test('segments of a package inside a larger buffer are right too', () => {
  const whole = fromHex('bf3618bf2303010203a0048702aabba1048802ccdda30486021122')
  const buffer = concatOctets(fromHex('0000'), whole)
  expect(segmentsOf(buffer.subarray(2)).map(toHex)).toEqual(segmentsOf(whole).map(toHex))
})

test('a package without profile elements cannot be cut', () => {
  expect(() => segmentsOf(fromHex('bf3612bf2303010203a0048702aabba1048802ccdd'))).toThrow(DecodeError)
})
