import { describe, expect, test } from 'vitest'
import { decode, encode, fromHex, toHex } from '../ber/index.ts'
import { otherVersionOf, sgp32Codecs } from './index.ts'

const old = sgp32Codecs['1.0.1']

describe('A data request of SGP.32 v1.0.1', () => {
  test.each([
    ['the default SM-DP+ under 80', 'bf52035c0180', [0x81]],
    ['the capabilities of the IPA under 88', 'bf52035c0188', [0xa8]],
    ['notifications under BF2B', 'bf52045c02bf2b', [0xa0]],
    ['results of packages under BF2B with a criterion', 'bf52085c02bf2ba1028200', [0xa2]],
    ['the same of both versions', 'bf52055c03bf20a5', [0xbf20, 0xa5]],
  ])('asks for %s', (_what, hex, tagList) => {
    const request = decode(old.IpaEuiccDataRequest, fromHex(hex))
    expect(request.tagList).toEqual(tagList)
    expect(toHex(encode(old.IpaEuiccDataRequest, request))).toBe(hex)
  })

  test.each(['a0', 'a2', '81'])('does not mean with %s what v1.2 means', (tag) => {
    const { tagList } = decode(old.IpaEuiccDataRequest, fromHex(`bf52035c01${tag}`))
    expect(tagList).toEqual([0x9f7f])
  })

  test('that asks for tags of v1.2 beside each other can be written again', () => {
    const request = decode(old.IpaEuiccDataRequest, fromHex('bf520a5c04a0a2a5a6a1028200'))
    expect(() => encode(old.IpaEuiccDataRequest, request)).not.toThrow()
  })

  test('has one list and one criterion', () => {
    expect(() => encode(old.IpaEuiccDataRequest, { tagList: [0xa0, 0xa2] })).toThrow(RangeError)
    const results = { tagList: [0xa2], searchCriteriaEuiccPackageResult: { kind: 'seqNumber', value: 5 } } as const
    expect(toHex(encode(old.IpaEuiccDataRequest, results))).toBe('bf52095c02bf2ba103800105')
  })
})

describe('What v1.0.1 cannot say', () => {
  test('an error without a number becomes the one for all others', () => {
    const notFound = { kind: 'eimPackageError', value: 'eidNotFound' } as const
    expect(toHex(encode(old.GetEimPackageResponse, notFound))).toBe('bf4f0302017f')
    const data = { kind: 'ipaEuiccDataResponseError', value: { ipaEuiccDataErrorCode: 'ecallActive' } } as const
    expect(toHex(encode(old.IpaEuiccDataResponse, data))).toBe('bf520381017f')
  })

  test('a cause of a change of state is left out, and so is the EID of a result', () => {
    const eidValue = '0'.repeat(32)
    const request = { eidValue, notifyStateChange: true, stateChangeCause: 'fallback' } as const
    expect(toHex(encode(old.GetEimPackageRequest, request))).toBe(`bf4f145a10${eidValue}8000`)
    const error = {
      kind: 'eimPackageResultResponseError',
      value: { eimPackageResultErrorCode: 'unknownPackage' },
    } as const
    expect(toHex(encode(old.ProvideEimPackageResult, { eidValue, eimPackageResult: error }))).toBe('bf5003020102')
  })
})

test('both forms of HandleNotification are read, and the one of X.680 is written', () => {
  const result = 'bf5107a2058003454944'
  for (const form of [`bf500a${result}`, `a10a${result}`]) {
    const message = decode(old.HandleNotificationEsipa, fromHex(`bf3d${toHex(Uint8Array.of(form.length / 2))}${form}`))
    expect(message.kind).toBe('provideEimPackageResult')
    expect(toHex(encode(old.HandleNotificationEsipa, message))).toBe(`bf3d0ca10a${result}`)
  }
})

test('a message is of the other version when only that can read it', () => {
  expect(otherVersionOf('EsipaMessageFromEimToIpa', fromHex('bf5000'), '1.2')).toBe('1.0.1')
  expect(otherVersionOf('EsipaMessageFromIpaToEim', fromHex('bf5006bf5203810105'), '1.2')).toBe('1.0.1')
  expect(
    otherVersionOf('EsipaMessageFromIpaToEim', fromHex(`bf50185a10${'00'.repeat(16)}a0050201028000`), '1.0.1'),
  ).toBe(undefined)
  expect(otherVersionOf('EsipaMessageFromEimToIpa', fromHex('bf7f00'), '1.2')).toBe(undefined)
})
