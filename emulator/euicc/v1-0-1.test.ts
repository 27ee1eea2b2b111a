import { describe, expect, test } from 'vitest'
import { encode, fromHex, toHex } from '../../protocol/ber/index.ts'
import { readCertificate, verify } from '../../protocol/crypto/index.ts'
import { GetEuiccInfo2Request, Signature } from '../../protocol/sgp22/index.ts'
import {
  EUICCInfo2,
  EuiccPackageRequest,
  type EuiccPackageResult,
  ProfileRollbackRequest,
  ProfileRollbackResponse,
  type Psmo,
  sgp32Codecs,
} from '../../protocol/sgp32/index.ts'
import { type Memory, withMemory } from './state.ts'
import { credentials, EID, newCard } from './testing/cards.ts'
import { addInitialEim, configurationOf, EIM_ID, ecos, installedProfile, packageOf, psmos } from './testing/eim.ts'
import { ciPkIdOf } from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'

const A = '8949000000000000011'
const B = '8949000000000000029'
const profiles = [installedProfile(A, { fallbackAllowed: true }), installedProfile(B, {}, 0x11)]
const { EuiccPackageResult: Result } = sgp32Codecs['1.0.1']

function oldCard(memory: Partial<Memory> = {}): Terminal {
  const card = new Terminal(newCard({ specification: '1.0.1' })).selectIsdr()
  addInitialEim(card, configurationOf({ associationToken: -1, eimIdType: 'eimIdTypeFqdn' }))
  card.state = withMemory(card.state, { profiles, ...memory })
  return card
}

const load = (card: Terminal, request: EuiccPackageRequest): EuiccPackageResult =>
  card.call(EuiccPackageRequest, request, Result)

const request = (...operations: readonly Psmo[]) => packageOf(psmos(...operations), { token: 1 })

function isSigned(octets: Uint8Array, signature: Uint8Array, { eimSignature }: EuiccPackageRequest): boolean {
  const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf('nist')).euiccCertificate)
  return publicKey !== undefined && verify(publicKey, [octets, encode(Signature, eimSignature)], signature)
}

describe('A card of SGP.32 v1.0.1', () => {
  test('signs a result over its data and the signature of the package', () => {
    const asked = request({ kind: 'enable', value: { iccid: A } })
    const answer = load(oldCard(), asked)
    if (answer.kind !== 'euiccPackageResultSigned') throw new Error(answer.kind)
    const { euiccPackageResultDataSigned: data, euiccSignEPR } = answer.value
    expect(data.value.euiccResult).toEqual([{ kind: 'enableResult', value: 'ok' }])
    expect(isSigned(data.octets, euiccSignEPR, asked)).toBe(true)
  })

  test('signs an error in the same way', () => {
    const asked = packageOf(psmos(), { token: 1, counterValue: 10 })
    const answer = load(oldCard(), asked)
    if (answer.kind !== 'euiccPackageErrorSigned') throw new Error(answer.kind)
    const { euiccPackageErrorDataSigned: data, euiccSignEPE } = answer.value
    expect(data.value.euiccPackageErrorCode).toBe('replayError')
    expect(isSigned(data.octets, euiccSignEPE, asked)).toBe(true)
  })

  test('signs the result of a rollback with the signature of the package that is rolled back', () => {
    const card = oldCard({ enabled: B })
    const asked = request({ kind: 'enable', value: { iccid: A, rollbackFlag: true } })
    load(card, asked)
    const { cmdResult, eUICCPackageResult: answer } = card.call(
      ProfileRollbackRequest,
      { refreshFlag: false },
      ProfileRollbackResponse,
    )
    if (answer?.kind !== 'euiccPackageResultSigned') throw new Error(cmdResult)
    const { euiccPackageResultDataSigned: data, euiccSignEPR } = answer.value
    expect(isSigned(data.octets, euiccSignEPR, asked)).toBe(true)
  })

  test('says nothing of the transaction in an unsigned error', () => {
    const { euiccPackageSigned } = packageOf(psmos(), { eimTransactionId: '00112233' })
    const answer = load(oldCard(), { euiccPackageSigned, eimSignature: new Uint8Array(64) })
    expect(answer).toEqual({ kind: 'euiccPackageErrorUnsigned', value: { eimId: EIM_ID, associationToken: 1 } })
  })

  test.each<[string, Partial<Memory>, Psmo, unknown]>([
    [
      'ppr1',
      { enabled: A, profiles: [installedProfile(A, { profilePolicyRules: ['ppr1'] })] },
      { kind: 'disable', value: { iccid: A } },
      { kind: 'disableResult', value: 'undefinedError' },
    ],
    [
      'nothing to roll back to',
      {},
      { kind: 'enable', value: { iccid: A, rollbackFlag: true } },
      { kind: 'enableResult', value: 'undefinedError' },
    ],
    [
      'an operation of v1.2',
      {},
      { kind: 'setFallbackAttribute', value: { iccid: A } },
      { kind: 'processingTerminated', value: 'unknownOrDamagedCommand' },
    ],
    [
      'another operation of v1.2',
      {},
      { kind: 'setDefaultDpAddress', value: { defaultDpAddress: 'a' } },
      { kind: 'processingTerminated', value: 'unknownOrDamagedCommand' },
    ],
    [
      'nothing: configureAutoEnable',
      {},
      { kind: 'configureImmediateEnable', value: { immediateEnableFlag: true } },
      { kind: 'configureImmediateEnableResult', value: 'ok' },
    ],
  ])('names codes that it has: %s', (_why, memory, operation, result) => {
    const answer = load(oldCard(memory), request(operation))
    if (answer.kind !== 'euiccPackageResultSigned') throw new Error(answer.kind)
    expect(answer.value.euiccPackageResultDataSigned.value.euiccResult).toEqual([result])
  })

  test('an eIM that is there already is a commandError; the type of an eimId is under tag 84', () => {
    const operations = ecos({ kind: 'listEim', value: {} }, { kind: 'addEim', value: configurationOf() })
    const answer = load(oldCard(), packageOf(operations, { token: 1 }))
    if (answer.kind !== 'euiccPackageResultSigned') throw new Error(answer.kind)
    const { octets, value } = answer.value.euiccPackageResultDataSigned
    expect(value.euiccResult[1]).toEqual({
      kind: 'addEimResult',
      value: { kind: 'addEimResultCode', value: 'commandError' },
    })
    expect(toHex(octets)).toContain(`${toHex(new TextEncoder().encode(EIM_ID))}840102`)
  })

  test.each([
    ['ImmediateEnable has no flag', 'bf5a00', 'bf5a03800101'],
    ['both lists when nothing is searched for, but not without results', 'bf2b00', 'bf2b02a000'],
    ['results alone', 'bf2b04a0028200', 'bf2b02a200'],
    ['eUICCMemoryReset with its own options, under the tag of SGP.22', 'bf3404820203 18', 'bf3409020100810100820100'],
    ['GetEimConfigurationData has no criteria', 'bf5500', undefined],
    ['AddInitialEim refused', 'bf5702a000', 'bf5703810102'],
  ])('%s', (_what, sent, expected) => {
    const answer = toHex(oldCard().storeData(fromHex(sent.replaceAll(' ', ''))))
    if (expected) expect(answer).toBe(`${expected}9000`)
    else expect(answer.slice(-4)).toBe('9000')
  })

  test('a result waits beside the notifications until it is removed', () => {
    const card = oldCard()
    load(card, request({ kind: 'getRAT', value: {} }))
    expect(toHex(card.storeData(fromHex('bf2b00')))).toMatch(/^bf2b..a3..a000a1..bf51/)
  })

  test.each([
    'bf5b03800100',
    'bf5c03800100',
    'bf5d03800100',
    'bf5e03800100',
    'bf5f00',
    'bf64048202 0780',
    'bf6502 8000',
  ])('does not have the function of %s', (sent) => {
    expect(toHex(oldCard().storeData(fromHex(sent.replaceAll(' ', ''))))).toBe('6a88')
  })

  test('shows neither fallback nor the template of v1.1, and names its version', () => {
    const card = oldCard({ enabled: A })
    const { iotSpecificInfo } = card.call(GetEuiccInfo2Request, {}, EUICCInfo2)
    expect(iotSpecificInfo).toEqual({ iotVersion: ['1.0.1'] })
    expect(toHex(card.storeData(fromHex('bf2d00')))).not.toContain('9f67')
    const fci = card.fetch(card.transmit(fromHex('00a4040010a0000005591010ffffffff890000010000')))
    expect(toHex(fci)).not.toContain('e104')
  })
})
