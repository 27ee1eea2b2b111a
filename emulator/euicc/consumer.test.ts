import { expect, test } from 'vitest'
import { decode, encode, fromHex, toHex } from '../../protocol/ber/index.ts'
import {
  EnableProfileRequest,
  EnableProfileResponse,
  RetrieveNotificationsListRequest,
} from '../../protocol/sgp22/index.ts'
import { EUICCInfo2 } from '../../protocol/sgp32/index.ts'
import { withMemory } from './state.ts'
import { newCard } from './testing/cards.ts'
import { installedProfile } from './testing/eim.ts'
import { ICCID } from './testing/profiles.ts'
import { download } from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'

const consumer = () => new Terminal(newCard({ personality: 'consumer' })).selectIsdr()

test('a consumer card selects without the template of SGP.32', () => {
  expect(consumer().send('00c0000021')).toBe('6f1f8410a0000005591010ffffffff8900000100a5049f6501ffe00582030205009000')
})

test.each([
  'bf51',
  'bf55',
  'bf56',
  'bf57',
  'bf58',
  'bf59',
  'bf5a',
  'bf5b',
  'bf5c',
  'bf5d',
  'bf5e',
  'bf5f',
  'bf64',
  'bf65',
])('the function %s of SGP.32 is unknown to it', (tag) => {
  expect(toHex(consumer().storeData(fromHex(`${tag}00`)))).toBe('6a88')
})

test('its EUICCInfo2 and its notifications have no parts for IoT', () => {
  const info = decode(EUICCInfo2, consumer().storeData(fromHex('bf2200')).subarray(0, -2))
  expect([info.ipaMode, info.iotSpecificInfo]).toEqual([undefined, undefined])
  expect(toHex(consumer().storeData(fromHex('bf2b04a0028200')))).toBe('6a80')
  expect(toHex(consumer().storeData(encode(RetrieveNotificationsListRequest, {})))).toBe('bf2b02a0009000')
})

test('it lists profiles with nickname and icon and without the tags of SGP.32', () => {
  const card = consumer()
  const profile = { ...installedProfile(ICCID), nickname: 'Work' }
  card.state = withMemory(card.state, { profiles: [profile], fallback: ICCID })
  const list = toHex(card.storeData(fromHex('bf2d00')))
  expect(list).toContain('9004576f726b')
  for (const tag of ['9f7b', '9f26', '9f67']) expect(list).not.toContain(tag)
  expect(toHex(card.storeData(fromHex('bf2d055c039f26 5a'.replace(' ', ''))))).not.toContain('9f26')
})

test('a profile is downloaded to it and enabled', () => {
  const card = consumer()
  download(card)
  const request = { profileIdentifier: { kind: 'iccid', value: ICCID }, refreshFlag: false } as const
  expect(card.call(EnableProfileRequest, request, EnableProfileResponse).enableResult).toBe('ok')
})

test('neither card has an agent in it: its activation is not supported', () => {
  const activation = fromHex('bf420480020780')
  for (const personality of ['iot', 'consumer'] as const) {
    const card = new Terminal(newCard({ personality })).selectIsdr()
    expect(toHex(card.storeData(activation))).toBe('bf42038001019000')
  }
})
