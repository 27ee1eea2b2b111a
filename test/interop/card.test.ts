/** What programs that are not ours demand of a card: observed with lpac 2.3, onomondo-ipa and pySim over PC/SC. */
import { describe, expect, it } from 'vitest'
import { ATR, profilesOf } from '../../emulator/euicc/index.ts'
import { newCard } from '../../emulator/euicc/testing/cards.ts'
import { configurationOf } from '../../emulator/euicc/testing/eim.ts'
import { elementsOf, ICCID, packageOf } from '../../emulator/euicc/testing/profiles.ts'
import {
  authenticate,
  bind,
  download,
  otpkOf,
  prepare,
  segmentsOf,
  signatureOf,
} from '../../emulator/euicc/testing/smdp.ts'
import { Terminal } from '../../emulator/euicc/testing/terminal.ts'
import { decode, encode, fromHex } from '../../protocol/ber/index.ts'
import type { ProfileElement } from '../../protocol/saip/index.ts'
import { AddInitialEimRequest, AddInitialEimResponse } from '../../protocol/sgp32/index.ts'
import { type Conversation, ISDR, reader, unexpected } from './reader.ts'

const EID_ANSWER = /^bf3e125a10[0-9a-f]{32}9000$/
const DONE = /^9000$/
const WAITING = /^61..$/
const NOT_FOUND = /^6a82$/

const conversations: readonly (readonly [string, Conversation])[] = [
  [
    'lpac over PC/SC: a channel that the card chooses, P2 00, no Le, GET RESPONSE in the class of STORE DATA',
    [
      ['80aa00000aa9088100820101830107', DONE],
      ['0070000001', /^019000$/],
      [`01a4040010${ISDR}`, WAITING],
      ['81e2910006bf3e035c015a', /^6115$/],
      ['81c0000015', EID_ANSWER],
      ['0070800100', DONE],
    ],
  ],
  [
    'onomondo-ipa: a channel by its number, P2 04, GET RESPONSE in the interindustry class',
    [
      ['80aa000005a903830107', DONE],
      ['0070000100', DONE],
      [`01a4040410${ISDR}`, WAITING],
      ['81e2910006bf3e035c015a', /^6115$/],
      ['01c0000015', EID_ANSWER],
      ['0070800100', DONE],
    ],
  ],
  [
    'a program on the basic channel, with Le',
    [
      [`00a4040010${ISDR}00`, WAITING],
      ['80e2910006bf3e035c015a00', /^6115$/],
      ['80c0000015', EID_ANSWER],
    ],
  ],
]

/** One after the other on the same card: pySim-shell selects all of them without looking at what is selected. */
const pySimProbes: Conversation = [
  ['00a40004023f00', WAITING],
  ['00a40004022f00', WAITING],
  ['00a40004027f20', NOT_FOUND],
  ['00a40004027fe0', NOT_FOUND],
  ['00a40004027f25', NOT_FOUND],
  ['00a4040410a0000005591010ffffffff8900000200', WAITING],
  ['00a4040408a000000003000000', NOT_FOUND],
  ['00a4040409a00000015141434c00', NOT_FOUND],
  ['00a4040407a000000087100a', NOT_FOUND],
  ['00a4040407a0000000871004', NOT_FOUND],
  ['00a4040407a000000087100b', NOT_FOUND],
  ['00a4040407a0000000871002', WAITING],
  ['00a40004026f07', WAITING],
  ['00b0000009', /^[0-9a-f]{18}9000$/],
  ['00a40004023f00', WAITING],
  ['00a40004022fe2', WAITING],
  ['00b000000a', /^98.{18}9000$/],
  [`00a4040410${ISDR}`, WAITING],
]

/** A card with one enabled profile. */
function withProfile() {
  const terminal = new Terminal(newCard()).selectIsdr()
  download(terminal)
  const { memory } = terminal.state
  const enabled = memory.profiles[0]?.iccid
  if (enabled === undefined) throw new Error('The download brought no profile')
  return reader({ ...terminal.state, memory: { ...memory, enabled } })
}

describe('the card holds the conversation of', () => {
  it.each(conversations)('%s', async (_, conversation) => {
    expect(await unexpected(reader(newCard()), conversation)).toEqual([])
  })

  it('pySim-shell, which looks for every application it knows', async () => {
    expect(await unexpected(withProfile(), pySimProbes)).toEqual([])
  })

  it('pySim-shell on a card without a profile: what is missing is not found, and nothing is refused otherwise', async () => {
    const { send } = reader(newCard())
    for (const [command] of pySimProbes)
      if (command.startsWith('00a4')) expect(await send(command)).toMatch(/^(61..|6a82)$/)
  })
})

describe('the ATR', () => {
  it('offers T=0 first', () => {
    const [, format = 0] = ATR
    const interfaceOctets = [0x10, 0x20, 0x40, 0x80].filter((bit) => format & bit)
    expect(interfaceOctets.at(-1)).toBe(0x80)
    expect((ATR[1 + interfaceOctets.length] ?? 0xff) & 0x0f).toBe(0)
  })
})

/** A channel with the ISD-R on it. */
async function onIsdr(state = newCard()) {
  const opened = reader(state)
  await opened.send(`00a4040010${ISDR}`)
  return opened
}

describe('the functions that lpac calls answer with data', () => {
  it.each([
    ['GetEID', 'bf3e035c015a'],
    ['GetEuiccConfiguredAddresses', 'bf3c00'],
    ['GetRAT', 'bf4300'],
    ['GetEUICCInfo1', 'bf2000'],
    ['GetEUICCInfo2', 'bf2200'],
    ['GetEUICCChallenge', 'bf2e00'],
    ['GetProfilesInfo with an empty request', 'bf2d00'],
    ['EnableProfile', 'bf3111a00c5a0a98940000000000000010810100'],
    ['DisableProfile', 'bf3211a00c5a0a98940000000000000010810100'],
    ['DeleteProfile', 'bf330c5a0a98940000000000000010'],
    ['SetNickname', 'bf29115a0a989400000000000000109003616263'],
    ['ListNotification', 'bf2800'],
    ['RetrieveNotificationsList', 'bf2b05a003800101'],
    ['RemoveNotificationFromList', 'bf3003800101'],
    ['SetDefaultDpAddress', 'bf3f0d800b6578616d706c652e636f6d'],
  ])('%s', async (_, request) => {
    const { storeData, fetchAnswer } = await onIsdr()
    const [answer = ''] = await storeData(fromHex(request))
    expect(answer).toMatch(WAITING)
    expect(await fetchAnswer(answer, '80')).toMatch(new RegExp(`^${request.slice(0, 4)}.*9000$`))
  })

  it('GetCerts is answered, which tells programs that this is an eUICC for IoT', async () => {
    const { storeData, fetchAnswer } = await onIsdr()
    const [answer = ''] = await storeData(fromHex('bf5600'))
    expect(await fetchAnswer(answer)).toMatch(/^bf5682.*9000$/)
  })
})

describe('STORE DATA', () => {
  it('comes in blocks of any size from 6 to 255 octets, each but the last answered with 9000 and nothing else', async () => {
    const request = encode(AddInitialEimRequest, { eimConfigurationDataList: [configurationOf()] })
    for (let blockSize = 6; blockSize <= 255; blockSize++) {
      const { storeData, fetchAnswer } = await onIsdr()
      const answers = await storeData(request, { blockSize })
      const last = answers.pop() ?? ''
      expect(new Set(answers), `blocks of ${blockSize}`).toEqual(new Set(request.length > blockSize ? ['9000'] : []))
      const answer = decode(AddInitialEimResponse, fromHex((await fetchAnswer(last)).slice(0, -4)))
      expect(answer.kind).toBe('addInitialEimOk')
    }
  })
})

/** A card that has prepared a download, and the segments of the package for it. */
function prepared(options: Parameters<typeof bind>[1] = {}) {
  const terminal = new Terminal(newCard()).selectIsdr()
  const segments = segmentsOf(bind(otpkOf(prepare(terminal, signatureOf(authenticate(terminal)))), options))
  return { opened: reader(terminal.state), segments }
}

const [header, mf, usim, akaParameter] = elementsOf(ICCID)
const withLargeFile: readonly ProfileElement[] = [
  header,
  mf,
  usim,
  akaParameter,
  {
    kind: 'genericFileManagement',
    value: {
      header: { mandated: true, identification: 5 },
      fileManagementCMD: [
        [
          {
            kind: 'createFCP',
            value: { fileDescriptor: fromHex('4121'), fileID: fromHex('6f99'), efFileSize: fromHex('0800') },
          },
          { kind: 'fillFileContent', value: new Uint8Array(2048) },
        ],
      ],
    },
  },
  { kind: 'end', value: { header: { mandated: true, identification: 6 } } },
]

const headOf = ([first = 0, second = 0]: Uint8Array) => (first === 0xbf ? (first << 8) | second : first).toString(16)

describe('a bound profile package', () => {
  it.each([6, 120, 255])('in blocks of %i octets is answered with an empty 9000 until its end', async (blockSize) => {
    const { opened, segments } = prepared({ replaceSessionKeys: true })
    expect([...new Set(segments.map(headOf))]).toEqual(['bf36', 'a0', 'a1', '88', 'a2', 'a3', '86'])
    const answers: string[] = []
    for (const segment of segments) answers.push(...(await opened.storeData(segment, { blockSize })))
    const result = answers.pop() ?? ''
    expect(new Set(answers)).toEqual(new Set(['9000']))
    expect(await opened.fetchAnswer(result, '80')).toMatch(/^bf37.*9000$/)
    expect(profilesOf(opened.card.state)).toMatchObject([{ iccid: ICCID }])
  })

  it('may have segments of 1036 octets, more than the standard allows', async () => {
    const { opened, segments } = prepared({ payload: 1008, upp: packageOf(withLargeFile) })
    expect(Math.max(...segments.map(({ length }) => length))).toBe(1036)
    for (const segment of segments) await opened.storeData(segment, { blockSize: 120 })
    expect(profilesOf(opened.card.state)).toMatchObject([{ iccid: ICCID }])
  })
})

describe('status words', () => {
  it('are never 6Cxx for STORE DATA, which lpac does not understand, nor is there data before GET RESPONSE', async () => {
    const { send } = await onIsdr()
    for (const le of ['', '00', '01', 'ff'])
      for (const request of ['bf2e00', 'bf2000', 'bf5600'])
        expect(await send(`80e2910003${request}${le}`)).toMatch(WAITING)
  })

  it('are 61xx for a SELECT by name with P2 00 and 04, with Le and without, on every channel', async () => {
    const { send } = reader(newCard())
    for (const channel of ['00', '01', '02', '03']) {
      if (channel !== '00') await send('0070000001')
      for (const p2 of ['00', '04'])
        for (const le of ['', '00']) expect(await send(`${channel}a404${p2}10${ISDR}${le}`)).toMatch(WAITING)
    }
  })

  it('are 91xx when the card wants to be refreshed, which is success', async () => {
    const terminal = new Terminal(newCard()).selectIsdr()
    download(terminal)
    const { send, fetchAnswer } = await onIsdr(terminal.state)
    const answer = await send('80e2910014bf3111a00c5a0a989400000000000000f18101ff')
    expect(await fetchAnswer(answer, '80')).toMatch(/^bf310380010091..$/)
  })
})

describe('GET RESPONSE', () => {
  it('is taken in every class of the channel, and in parts', async () => {
    for (const cla of ['00', '80', 'c0', '40']) {
      const { send } = await onIsdr()
      await send('80e2910006bf3e035c015a')
      expect(await send(`${cla}c0000010`), cla).toBe('bf3e125a1089049032123451234512346105')
      expect(await send(`${cla}c0000005`), cla).toMatch(/9000$/)
    }
  })
})

describe('logical channels', () => {
  it('are closed by their number and chosen again', async () => {
    expect(
      await unexpected(reader(newCard()), [
        ['0070000001', /^019000$/],
        ['0070000001', /^029000$/],
        ['0070000001', /^039000$/],
        ['0070000001', /^6a81$/],
        ['0070800200', DONE],
        ['0270800200', /^6881$/],
        ['0070000200', DONE],
        ['0070800100', DONE],
        ['0070000001', /^019000$/],
      ]),
    ).toEqual([])
  })
})

describe('a reset', () => {
  const resets = [0, 1, 2, 3, 4, 5]

  it('of a storm at start forgets channels, selections, blocks and waiting answers each time', async () => {
    const { card, send } = reader(newCard())
    for (const _ of resets) {
      await card.reset()
      expect(await send('81e2910006bf3e035c015a')).toBe('6881')
      expect(await send('80c0000015')).toBe('6985')
      expect(await send('80e2910006bf3e035c015a')).toBe('6985')
      expect(await send('0070000001')).toBe('019000')
      expect(await send(`01a4040010${ISDR}`)).toMatch(WAITING)
      expect(await send('81e2110003bf3e03')).toBe('9000')
      await card.reset()
      await send('0070000100')
      await send(`01a4040010${ISDR}`)
      expect(await send('81e29101035c015a')).toBe('6a86')
    }
  })

  it('in the middle of a package ends the session; the profile is not there, and a new session brings it', async () => {
    const { opened, segments } = prepared()
    for (const segment of segments.slice(0, -1)) await opened.storeData(segment)
    await opened.card.reset()
    await opened.send(`00a4040010${ISDR}`)
    expect((await opened.storeData(segments.at(-1) ?? new Uint8Array())).at(-1)).toBe('6985')
    expect(profilesOf(opened.card.state)).toEqual([])
    const again = new Terminal(opened.card.state).selectIsdr()
    download(again)
    expect(profilesOf(again.state)).toMatchObject([{ iccid: ICCID }])
  })
})
