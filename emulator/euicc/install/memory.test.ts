import { expect, test } from 'vitest'
import { decode, fromHex, toHex } from '../../../protocol/ber/index.ts'
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  ProfileInstallationResult,
} from '../../../protocol/sgp22/index.ts'
import { EUICCInfo2 } from '../../../protocol/sgp32/index.ts'
import { freeMemory } from '../state.ts'
import { newCard } from '../testing/cards.ts'
import { elementsOf, metadataOf, packageOf } from '../testing/profiles.ts'
import { download } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const iccidOf = (number: number): string => `894900000000000${String(number).padStart(4, '0')}`

const SIZE = packageOf(elementsOf(iccidOf(0))).length

function outcomeOf(card: Terminal, number: number): string {
  const iccid = iccidOf(number)
  const metadata = metadataOf(iccid, { notificationConfigurationInfo: [] })
  const answer = download(card, { metadata, upp: packageOf(elementsOf(iccid)) }).subarray(0, -2)
  const { finalResult } = decode(ProfileInstallationResult, answer).profileInstallationResultData.value
  return finalResult.kind === 'errorResult' ? finalResult.value.errorReason : finalResult.kind
}

/** Tag 82 of extCardResource. */
function announced(card: Terminal): number {
  const { extCardResource } = decode(EUICCInfo2, card.storeData(fromHex('bf2200')).subarray(0, -2))
  const [, digits = ''] = /8204(.{8})/.exec(toHex(extCardResource)) ?? []
  return Number.parseInt(digits, 16)
}

const FULL = 'installFailedDueToInsufficientMemoryForProfile'

test('profiles are installed until the memory runs out, and again when one is deleted; EUICCInfo2 tells what is free', () => {
  const room = 3 * SIZE + 10
  const card = new Terminal(newCard({ limits: { nonVolatileMemory: room } })).selectIsdr()
  expect(announced(card)).toBe(room)
  for (const number of [1, 2, 3]) {
    expect(outcomeOf(card, number)).toBe('successResult')
    expect(announced(card)).toBe(room - number * SIZE)
  }
  expect(outcomeOf(card, 4)).toBe(FULL)
  expect(card.state.memory.profiles).toHaveLength(3)
  expect(announced(card)).toBe(10)
  card.call(DeleteProfileRequest, { kind: 'iccid', value: iccidOf(2) }, DeleteProfileResponse)
  expect(announced(card)).toBe(10 + SIZE)
  expect(outcomeOf(card, 4)).toBe('successResult')
  expect(outcomeOf(card, 5)).toBe(FULL)
  expect(freeMemory(card.state)).toBe(10)
})

test('a profile that needs the last octet fits, one octet less does not', () => {
  for (const [room, outcome] of [
    [SIZE, 'successResult'],
    [SIZE - 1, FULL],
  ] as const) {
    const card = new Terminal(newCard({ limits: { nonVolatileMemory: room } })).selectIsdr()
    expect(outcomeOf(card, 1)).toBe(outcome)
  }
})
