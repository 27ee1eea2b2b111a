import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import { seededEntropy } from '../entropy.ts'
import { newCard, seed } from '../testing/cards.ts'
import { Terminal } from '../testing/terminal.ts'
import { ATR } from './atr.ts'
import { createCard } from './card.ts'
import { reset, transmit } from './transmit.ts'

const ISDR = 'a0000005591010ffffffff8900000100'
const ECASD = 'a0000005591010ffffffff8900000200'
const GET_EID = '80e2910006bf3e035c015a00'
const EID_ANSWER = 'bf3e125a10890490321234512345123456789012359000'

const terminal = () => new Terminal(newCard())
const onIsdr = () => terminal().selectIsdr()

test('the ATR has a right check octet and says that this is an eUICC', () => {
  expect(ATR.subarray(1).reduce((sum, octet) => sum ^ octet, 0)).toBe(0)
  expect(ATR[6]).toBe(0x82)
})

test.each(['00a4040010', '00a4040410'])(
  'SELECT of the ISD-R with %s is answered with 61xx, with Le and without',
  (head) => {
    for (const le of ['', '00']) expect(terminal().send(`${head}${ISDR}${le}`)).toBe('6126')
  },
)

test.each(['00c0000026', '80c0000026'])(
  'GET RESPONSE %s fetches the FCI with both application templates',
  (command) => {
    expect(onIsdr().send(command)).toBe(`6f248410${ISDR}a5049f6501ffe0058203020500e1038001009000`)
  },
)

test('a name may be cut short at its end, and an unknown one is not found', () => {
  expect(terminal().send(`00a404000d${ISDR.slice(0, 26)}00`)).toMatch(/^61/)
  expect(terminal().send(`00a4040007a000000087100200`)).toBe('6a82')
  expect(terminal().send('00a4040004a000000500')).toBe('6a82')
})

test('a channel that the card chooses is answered with its number, and a chosen one without data', () => {
  const card = terminal()
  expect(card.send('0070000001')).toBe('019000')
  expect(card.send('0070000200')).toBe('9000')
  expect(card.send('0070000001')).toBe('039000')
  expect(card.send('0070000001')).toBe('6a81')
  expect(card.send('0070800200')).toBe('9000')
  expect(card.send('0070000001')).toBe('029000')
})

test.each([
  ['closing the basic channel', '00708000', '6a86'],
  ['closing a channel that is not open', '00708001', '6881'],
  ['opening a channel beyond those that there are', '0070000400', '6a86'],
  ['a command on a channel that is not open', '01a40004023f00', '6881'],
  ['opening without Le', '00700000', '6c01'],
  ['an instruction that is not known', '00ff0000', '6d00'],
  ['a class that is not known', '20a40004023f00', '6e00'],
  ['an interindustry instruction in the proprietary class', '80a40004023f00', '6e00'],
  ['a proprietary instruction in the interindustry class', '00e2910006bf3e035c015a00', '6e00'],
  ['secure messaging', '04a40004023f00', '6882'],
  ['Lc beyond the data', '00a4000403 3f00', '6700'],
  ['an extended length', '80e291000000 06bf3e035c015a', '6700'],
  ['three octets', '00a400', '6700'],
  ['GET RESPONSE when nothing waits', '00c0000000', '6985'],
  ['STORE DATA when the ISD-R is not selected', GET_EID, '6985'],
  ['SELECT by an unknown method', '00a40104023f00', '6a86'],
  ['a TERMINAL CAPABILITY that is no template', '80aa000002a903', '6a80'],
])('%s is refused', (_, command, statusWord) => {
  expect(terminal().send(command)).toBe(statusWord)
})

test('an instruction on the class of channel 1 uses what is selected there', () => {
  const card = terminal()
  card.send('0070000001')
  card.send(`01a4040010${ISDR}`)
  expect(card.send('81e2910006bf3e035c015a')).toBe('6115')
  expect(card.send('81c0000015')).toBe(EID_ANSWER)
  expect(card.send(GET_EID)).toBe('6985')
})

test('a command may come in blocks of any size, and only the last is answered with data', () => {
  for (let size = 1; size <= 6; size++) {
    const card = onIsdr()
    expect(toHex(card.storeData(fromHex('bf3e035c015a'), size))).toBe(EID_ANSWER)
  }
  const card = onIsdr()
  expect(card.send('80e2110003bf3e03')).toBe('9000')
  expect(card.send('80e29101035c015a')).toBe('6115')
})

test('a block out of sequence is refused and drops those before it; block 0 begins anew', () => {
  const card = onIsdr()
  card.send('80e2110003bf3e03')
  expect(card.send('80e29102035c015a')).toBe('6a86')
  expect(card.send('80e29101035c015a')).toBe('6a86')
  card.send('80e2110003bf2e00')
  expect(card.send(GET_EID)).toBe('6115')
})

test('the number of a block out of sequence gets the status word of the policy', () => {
  const card = new Terminal(newCard({ policy: { blockOutOfSequence: 'incorrectData' } })).selectIsdr()
  expect(card.send('80e29102035c015a')).toBe('6a80')
})

test('an answer of more than 256 octets is fetched in parts', () => {
  const card = onIsdr()
  expect(card.send('80e2910003bf560000')).toBe('6100')
  const part = card.send('00c0000000')
  expect(part).toMatch(/^bf5682.*6100$/)
  expect(part).toHaveLength(2 * 258)
  expect(card.send('00c0000010')).toMatch(/^.{32}6100$/)
})

test('what waits for GET RESPONSE is gone after any other command', () => {
  const card = onIsdr()
  card.send(GET_EID)
  card.send('80f2000000')
  expect(card.send('00c0000015')).toBe('6985')
})

test('a request that cannot be read gets 6A80, an event, and changes nothing', () => {
  const card = onIsdr()
  const { memory, volatile } = card.state
  expect(card.send('80e2910003bf3e0500')).toBe('6a80')
  expect(card.send('80e2910006bf3e035c025a00')).toBe('6a80')
  expect(card.state.memory).toBe(memory)
  expect(card.state.volatile.session).toBe(volatile.session)
  expect(card.events.map(({ type, cause, sequence }) => [type, cause, sequence])).toEqual([
    ['malformed', 'STORE DATA', 1],
    ['malformed', 'STORE DATA', 2],
  ])
})

test('a function that the card does not have gets the status word of the policy', () => {
  expect(onIsdr().send('80e2910003bf7a0000')).toBe('6a88')
  const strict = new Terminal(newCard({ policy: { unknownFunction: 'instructionNotSupported' } })).selectIsdr()
  expect(strict.send('80e2910003bf7a0000')).toBe('6d00')
})

test('an APDU that is none is an event', () => {
  const card = terminal()
  card.send('00')
  expect(card.events).toMatchObject([{ type: 'malformed', cause: 'APDU', detail: 'wrongLength' }])
})

test('TERMINAL CAPABILITY of consumer and IoT terminals and TERMINAL PROFILE are accepted', () => {
  const card = terminal()
  expect(card.send('80aa000005a903830107')).toBe('9000')
  expect(card.send('80aa00000aa9088100820101830107')).toBe('9000')
  expect(card.send('80aa000005a903840101')).toBe('9000')
  expect(toHex(card.state.volatile.terminalCapability ?? new Uint8Array())).toBe('a903840101')
  expect(card.send('801000000401020304')).toBe('9000')
})

test('the MF says that TERMINAL CAPABILITY is supported, and STATUS repeats its FCP', () => {
  const card = terminal()
  expect(card.send('00a40004023f00')).toBe('6122')
  const fcp = card.send('00c0000022')
  expect(fcp).toContain('870101')
  expect(card.send('80f2000000')).toBe(fcp)
  expect(card.send('80f20000')).toBe('6c22')
  expect(card.send('80f2000c')).toBe('9000')
})

test('without an enabled profile there is no file below the MF', () => {
  expect(terminal().send('00a40004022fe2')).toBe('6a82')
  expect(terminal().send('00b0000000')).toBe('6986')
})

test('the ECASD gives the EID', () => {
  const card = terminal()
  expect(card.send(`00a4040010${ECASD}`)).toBe('611a')
  expect(card.send('80ca005a00')).toBe('5a10890490321234512345123456789012359000')
  expect(card.send('80ca004200')).toBe('6a88')
})

test('a reset forgets channels, selections, half-sent commands and what waited for GET RESPONSE', () => {
  const card = onIsdr()
  card.send('0070000001')
  card.send('80e2110003bf3e03')
  card.state = reset(card.state)
  expect(card.state.volatile).toBe(newCard().volatile)
  expect(card.send('00c0000015')).toBe('6985')
  expect(card.send(GET_EID)).toBe('6985')
})

test('nothing that a terminal sends makes the card throw or answer without a status word', () => {
  const header = fc.tuple(
    fc.constantFrom(0x00, 0x01, 0x80, 0x81, 0xa0, 0xff),
    fc.constantFrom(0x10, 0x70, 0xa4, 0xaa, 0xb0, 0xb2, 0xc0, 0xca, 0xe2, 0xf2, 0x44),
    fc.constantFrom(0x00, 0x04, 0x08, 0x11, 0x91, 0x80, 0xff),
    fc.nat(0x0c),
  )
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((data) => Uint8Array.of(data.length, ...data)),
  )
  const apdu = fc.tuple(header, body).map(([head, data]) => Uint8Array.of(...head, ...data))
  fc.assert(
    fc.property(fc.array(apdu, { maxLength: 12 }), (commands) => {
      const card = onIsdr()
      for (const command of commands) expect(card.transmit(command).length).toBeGreaterThanOrEqual(2)
      expect(card.state.memory).toBe(newCard().memory)
    }),
    { numRuns: 200 },
  )
})

test('the shell keeps the state and reports events in order', async () => {
  const events: number[] = []
  const card = createCard({
    state: newCard(),
    entropy: seededEntropy(seed),
    onEvents: (list) => events.push(...list.map(({ sequence }) => sequence)),
  })
  await Promise.all(['00', `00a4040010${ISDR}`, '11', '80e2910003bf3e0500'].map((hex) => card.transmit(fromHex(hex))))
  expect(events).toEqual([1, 2, 3])
  expect(toHex(await card.transmit(fromHex(GET_EID)))).toBe('6115')
  await card.reset()
  expect(toHex(await card.transmit(fromHex(GET_EID)))).toBe('6985')
})

test('the same state, commands and entropy give the same octets', () => {
  const run = () => {
    const card = new Terminal(newCard(), seededEntropy(seed)).selectIsdr()
    return [card.send('80e2910003bf2e00'), card.send('00c0000015')]
  }
  expect(run()).toEqual(run())
  expect(transmit(newCard(), fromHex('00a40004023f00'), seededEntropy(seed)).state.eid).toBe(newCard().eid)
})
