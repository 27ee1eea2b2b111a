import { describe, expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { AuthenticateServerResponse, GetRatResponse, PrepareDownloadResponse } from '../../../protocol/sgp22/index.ts'
import { ProfileInfoListResponse } from '../../../protocol/sgp32/index.ts'
import { toBase64 } from '../servers/es9plus.ts'
import {
  boundProfilePackage,
  prepared,
  serverSigned1,
  sessionCancelled,
  smdpSigned2,
  storeMetadata,
  transactionId,
} from '../testing/messages.ts'
import {
  cancelledWith,
  cancelRequest,
  code,
  errorResponseOf,
  functionsOf,
  good,
  triggered,
} from '../testing/triggered.ts'
import { refused } from '../testing/world.ts'

describe('a server that is not the one that was meant', () => {
  test.each([
    ['another address', good, { serverSigned1: toBase64(serverSigned1({ serverAddress: 'other.test' })) }],
    ['another transaction', good, { serverSigned1: toBase64(serverSigned1({ transactionId: 'FF' })) }],
    ['another OID', code('1$smdp.test$TOKEN$1.3.6.1.4.1.1'), {}],
  ])('is not shown to the eUICC: %s', async (_name, trigger, initiateAuthentication) => {
    const world = triggered(trigger, { smdp: { initiateAuthentication } })
    await world.ipa.poll()
    expect(errorResponseOf(world)).toBeUndefined()
    expect(functionsOf(world)).not.toContain('AuthenticateServer')
    expect(cancelledWith(world)).toEqual({ request: undefined, told: false })
  })
})

describe('an SM-DP+ that refuses', () => {
  test('the start of a session is reported with its answer, and there is nothing to cancel', async () => {
    const world = triggered(good, { smdp: { initiateAuthentication: refused('8.8.1', '3.8') } })
    await world.ipa.poll()
    expect(new TextDecoder().decode(errorResponseOf(world))).toContain('"subjectCode":"8.8.1"')
    expect(cancelledWith(world)).toEqual({ request: undefined, told: false })
  })

  test.each(['authenticateClient', 'getBoundProfilePackage'])(
    '%s is reported with its answer after both sides have cancelled',
    async (name) => {
      const world = triggered(good, { smdp: { [name]: refused('8.2.6', '3.8') } })
      await world.ipa.poll()
      expect(new TextDecoder().decode(errorResponseOf(world))).toContain('"reasonCode":"3.8"')
      expect(cancelledWith(world)).toEqual({ request: cancelRequest('undefinedReason'), told: true })
    },
  )

  test.each([
    ['authenticateClient', { transactionId: 'FF' }],
    ['authenticateClient', { smdpSigned2: toBase64(smdpSigned2({ transactionId: 'FF' })) }],
    ['getBoundProfilePackage', { transactionId: 'FF' }],
  ])('to stay in the transaction (%s) is left', async (name, change) => {
    const world = triggered(good, { smdp: { [name]: change } })
    await world.ipa.poll()
    expect(errorResponseOf(world)).toEqual(sessionCancelled)
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('undefinedReason'), told: true })
  })

  test('to be there in the middle of a download is a time-out', async () => {
    const world = triggered()
    const { script } = world.card
    world.card.script = {
      ...script,
      PrepareDownload: () => {
        world.away.add('smdp.test')
        return prepared
      },
    }
    await world.ipa.poll()
    expect(cancelledWith(world).request).toBe(cancelRequest('timeout'))
    expect(errorResponseOf(world)).toBeUndefined()
  })
})

describe('an eUICC that refuses', () => {
  test('the server has its error passed to the SM-DP+, which ends the session, and to the eIM', async () => {
    const error = encode<AuthenticateServerResponse>(AuthenticateServerResponse, {
      kind: 'authenticateResponseError',
      value: { transactionId, authenticateErrorCode: 'invalidCertificate' },
    })
    const world = triggered(good, {
      card: { AuthenticateServer: error },
      smdp: { authenticateClient: refused('8.1', '6.1') },
    })
    await world.ipa.poll()
    expect(world.bodies[1]).toEqual({ transactionId, authenticateServerResponse: toBase64(error) })
    expect(errorResponseOf(world)).toEqual(error)
  })

  test('to prepare the download has its error passed to the eIM after both sides have cancelled', async () => {
    const error = encode<PrepareDownloadResponse>(PrepareDownloadResponse, {
      kind: 'downloadResponseError',
      value: { transactionId, downloadErrorCode: 'invalidSignature' },
    })
    const world = triggered(good, { card: { PrepareDownload: error } })
    await world.ipa.poll()
    expect(errorResponseOf(world)).toEqual(error)
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('undefinedReason'), told: true })
  })

  test.each([
    ['with a status word', 0x6f00],
    ['without any result', 0x9000],
  ])('the profile %s has the session cancelled', async (_name, segment) => {
    const world = triggered(good, { card: { segment } })
    await world.ipa.poll()
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('loadBppExecutionError'), told: true })
    expect(errorResponseOf(world)).toEqual(sessionCancelled)
    expect((await world.memory.load()).downloads).toEqual([])
  })

  test.each(['GetEUICCInfo1', 'GetEUICCChallenge', 'AuthenticateServer', 'PrepareDownload'])(
    '%s by a status word ends the download',
    async (name) => {
      const world = triggered(good, { card: { [name]: 0x6f00 } })
      expect((await world.ipa.poll()).packagesProcessed).toBe(1)
      expect(errorResponseOf(world)).toBeUndefined()
    },
  )

  test('to cancel leaves nothing to tell the SM-DP+', async () => {
    const card = { CancelSession: fromHex('bf4103810105') }
    const world = triggered(good, { card, smdp: { authenticateClient: refused('8.2.6', '3.8') } })
    await world.ipa.poll()
    expect(cancelledWith(world).told).toBe(false)
    expect(errorResponseOf(world)).toBeDefined()
  })
})

describe('a profile that may not be installed', () => {
  const ruled = storeMetadata({ profilePolicyRules: ['ppr1'], profileOwner: { mccMnc: fromHex('00f110') } })
  const rat = (mccMnc: string) =>
    encode(GetRatResponse, {
      rat: [{ pprIds: ['ppr1'], allowedOperators: [{ mccMnc: fromHex(mccMnc) }], pprFlags: [] }],
    })
  const noProfiles = encode(ProfileInfoListResponse, { kind: 'profileInfoListOk', value: [] })

  test('because of its policy rules is refused with pprNotAllowed', async () => {
    const world = triggered(good, {
      card: { GetRAT: rat('00f120'), GetProfilesInfo: noProfiles },
      smdp: { authenticateClient: { profileMetadata: toBase64(ruled) } },
    })
    await world.ipa.poll()
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('pprNotAllowed'), told: true })
    expect(errorResponseOf(world)).toEqual(sessionCancelled)
  })

  test('unless the eUICC allows its rules', async () => {
    const world = triggered(good, {
      card: { GetRAT: rat('00f110'), GetProfilesInfo: noProfiles },
      smdp: {
        authenticateClient: { profileMetadata: toBase64(ruled) },
        getBoundProfilePackage: { boundProfilePackage: toBase64(boundProfilePackage(ruled)) },
      },
    })
    await world.ipa.poll()
    expect(world.requests).toContain('smdp.test handleNotification')
  })

  test('because the eUICC does not tell its rules is refused', async () => {
    const world = triggered(good, {
      card: { GetRAT: 0x6a88 },
      smdp: { authenticateClient: { profileMetadata: toBase64(ruled) } },
    })
    await world.ipa.poll()
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('undefinedReason'), told: true })
  })

  test('without a confirmation code is put off', async () => {
    const signed = toBase64(smdpSigned2({ ccRequiredFlag: true }))
    const world = triggered(good, { smdp: { authenticateClient: { smdpSigned2: signed } } })
    await world.ipa.poll()
    expect(cancelledWith(world)).toEqual({ request: cancelRequest('postponed'), told: true })
    const result = world.trace.find(({ operation, from }) => operation === 'ProvideEimPackageResult' && from === 'IPA')
    expect(result?.status).toBe('confirmation code required')
  })

  test.each([
    ['metadataMismatch', boundProfilePackage(storeMetadata({ profileName: 'Two' }))],
    ['loadBppExecutionError', fromHex('bf3600')],
  ] as const)('because it is not the one on offer is refused with %s', async (reason, octets) => {
    const world = triggered(good, { smdp: { getBoundProfilePackage: { boundProfilePackage: toBase64(octets) } } })
    await world.ipa.poll()
    expect(cancelledWith(world)).toEqual({ request: cancelRequest(reason), told: true })
    expect(functionsOf(world)).not.toContain('segment')
  })
})
