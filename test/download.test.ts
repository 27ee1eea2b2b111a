import { describe, expect, it } from 'vitest'
import { profilesOf } from '../emulator/euicc/index.ts'
import { decode, encode, fromHex } from '../protocol/ber/index.ts'
import { CancelSessionRequest, ProfileInstallationResult, SmdpSigned2 } from '../protocol/sgp22/index.ts'
import {
  authenticate,
  base64,
  download,
  EID,
  es9,
  fetchPackage,
  load,
  meet,
  octetsOf,
  storeData,
} from './testing/meeting.ts'

describe.each(['nist', 'brainpool'] as const)('a card and an SM-DP+ below a CI on %s', (curve) => {
  it.each([
    { template: 'minimal', replaceSessionKeys: false },
    { template: 'typical', replaceSessionKeys: false },
    { template: 'typical', replaceSessionKeys: true },
    { template: 'large', replaceSessionKeys: false },
  ] as const)('install a profile: %o', async ({ template, replaceSessionKeys }) => {
    const meeting = meet(curve)
    const profile = { template, serviceProviderName: 'Télécom', profileName: 'IoT', fallbackAllowed: true }
    const { iccid, result } = await download(meeting, { profile, replaceSessionKeys })
    expect(result).toMatchObject({ smdpOid: '2.999.10', finalResult: { kind: 'successResult' } })
    expect(profilesOf(meeting.card.state)).toMatchObject([
      { iccid, state: 'disabled', fallbackAllowed: true, serviceProviderName: 'Télécom', profileName: 'IoT' },
    ])
    expect(meeting.smdp.orders.get(iccid)).toMatchObject({ state: 'installed', eid: EID })
  })
})

describe('a card', () => {
  it('takes one profile after the other, and tells what it cannot take', async () => {
    const meeting = meet('nist')
    const first = await download(meeting, { profile: { template: 'typical' } })
    const second = await download(meeting, { profile: { template: 'minimal', gid1: fromHex('0102') } })
    expect(profilesOf(meeting.card.state).map(({ iccid }) => iccid)).toEqual([first.iccid, second.iccid])
    const third = await download(meeting, { profile: { template: 'minimal', profilePolicyRules: ['ppr1'] } })
    const refusal = { kind: 'error', bppCommandId: 'storeMetadata', errorReason: 'pprNotAllowed' }
    expect(meeting.smdp.orders.get(third.iccid)).toMatchObject({ state: 'error', result: refusal })
    expect(profilesOf(meeting.card.state)).toHaveLength(2)
  })

  it('cancels a session, and the SM-DP+ believes it', async () => {
    const meeting = meet('nist')
    const { iccid, matchingId } = meeting.smdp.orders.create()
    const { transactionId = '' } = await authenticate(meeting, matchingId)
    const request = encode(CancelSessionRequest, { transactionId, reason: 'postponed' })
    const cancelSessionResponse = base64(storeData(meeting.card, request))
    expect(await es9(meeting.smdp, 'cancelSession', { transactionId, cancelSessionResponse })).toEqual({
      header: { functionExecutionStatus: { status: 'Executed-Success' } },
    })
    expect(meeting.smdp.orders.get(iccid)?.state).toBe('released')
  })

  it('that put a download off gets the same package when it comes back', async () => {
    const meeting = meet('nist')
    const { iccid, matchingId } = meeting.smdp.orders.create()
    const first = await authenticate(meeting, matchingId)
    await fetchPackage(meeting, first)
    const { transactionId = '' } = first
    storeData(meeting.card, encode(CancelSessionRequest, { transactionId, reason: 'postponed' }))
    const again = await authenticate(meeting, matchingId)
    expect(decode(SmdpSigned2, octetsOf(again.smdpSigned2)).bppEuiccOtpk).toBeDefined()
    const result = decode(ProfileInstallationResult, load(meeting.card, await fetchPackage(meeting, again)))
    expect(result.profileInstallationResultData.value.finalResult.kind).toBe('successResult')
    expect(meeting.smdp.orders.get(iccid)?.state).toBe('downloaded')
  })
})
