import { describe, expect, it } from 'vitest'
import { concatOctets, decode, encode, equalOctets, fromHex, toHex } from '../../protocol/ber/index.ts'
import {
  agree,
  type BspState,
  deriveSessionKeys,
  readCertificate,
  sign,
  startBsp,
  unprotect,
  verify,
  verifyServerCertificate,
} from '../../protocol/crypto/index.ts'
import { eidToOctets } from '../../protocol/identifiers/index.ts'
import { readProfile } from '../../protocol/saip/index.ts'
import {
  BoundProfilePackage,
  NotificationMetadata,
  PendingNotification,
  ReplaceSessionKeysRequest,
  ServerSigned1,
  SmdpSigned2,
  smdpSignInput,
} from '../../protocol/sgp22/index.ts'
import { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import {
  ADDRESS,
  authenticateRequest,
  base64,
  call,
  cancelRequest,
  ciKeyIds,
  createWorld,
  der,
  EID,
  euiccOf,
  foreignPki,
  fromBase64,
  initiated,
  initiateRequest,
  installationResult,
  type Json,
  notify,
  otskOf,
  outcome,
  type Plan,
  packageRequest,
  pki,
  read,
  signatureOf,
  type World,
} from './testing/world.ts'

const order = {
  profile: {
    template: 'typical',
    iccid: '8988201234567890123',
    imsi: '001010123456789',
    serviceProviderName: 'Télécom',
    profileName: 'IoT Flat',
    fallbackAllowed: true,
    gid1: fromHex('a1'),
  },
  matchingId: 'TOKEN-1',
} as const

interface Download {
  readonly world: World
  readonly initiate: Json
  readonly authenticate: Json
  readonly getPackage: Json
}

/** Everything up to the package. */
async function download(plan: Plan, world = createWorld()): Promise<Download> {
  const placed = world.smdp.orders.list()[0] ?? world.smdp.orders.create(plan.order ?? order)
  const initiate = await call(world, 'initiateAuthentication', initiateRequest(plan))
  const request = authenticateRequest(plan, initiated(initiate), placed.matchingId ?? '')
  const authenticate = await call(world, 'authenticateClient', request)
  const getPackage = await call(world, 'getBoundProfilePackage', packageRequest(plan, authenticate))
  return { world, initiate, authenticate, getPackage }
}

const packageOf = ({ getPackage }: Download): BoundProfilePackage =>
  read(BoundProfilePackage, getPackage.boundProfilePackage)

/** A segment as it was in the package: the schema leaves its header away. */
const tlv = (tag: number, content: Uint8Array): Uint8Array => {
  const { length } = content
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concatOctets(Uint8Array.of(tag, ...header), content)
}

/** Opens the package as the eUICC does. */
function open(plan: Plan, bpp: BoundProfilePackage) {
  const { controlRefTemplate, smdpOtpk } = bpp.initialiseSecureChannelRequest.value
  const sharedSecret = agree(otskOf(plan), smdpOtpk) ?? new Uint8Array()
  const eid = eidToOctets(plan.eid ?? EID)
  let state: BspState = startBsp(deriveSessionKeys({ sharedSecret, hostId: controlRefTemplate.hostId, eid }))
  const openAll = (tag: number, segments: readonly Uint8Array[]): Uint8Array =>
    concatOctets(
      ...segments.map((segment) => {
        const opened = unprotect(state, tlv(tag, segment))
        if ('error' in opened) throw new Error(opened.error)
        state = opened[0]
        return opened[1]
      }),
    )
  const configure = openAll(0x87, bpp.firstSequenceOf87)
  const metadata = openAll(0x88, bpp.sequenceOf88)
  const replaced = bpp.secondSequenceOf87 && openAll(0x87, bpp.secondSequenceOf87)
  if (replaced) {
    const { initialMacChainingValue, ppkEnc, ppkCmac } = decode(ReplaceSessionKeysRequest, replaced)
    state = startBsp({ initialMacChainingValue, sEnc: ppkEnc, sMac: ppkCmac })
  }
  return { configure, metadata, profile: openAll(0x86, bpp.sequenceOf86) }
}

describe.each(['nist', 'brainpool'] as const)('a download with %s', (curve) => {
  const plan: Plan = { curve }

  it('begins with the signed challenge of the SM-DP+, below the CI that the client wants', async () => {
    const { initiate } = await download(plan)
    const { serverAddress, euiccChallenge } = initiated(initiate).serverSigned1
    expect([serverAddress, euiccChallenge]).toEqual([ADDRESS, new Uint8Array(16).fill(1)])
    const certificate = readCertificate(fromBase64(initiate.serverCertificate))
    const trusted = [readCertificate(pki[curve].ci.certificate)]
    expect(verifyServerCertificate(certificate, { roles: ['DPauth'], trusted })).toMatchObject({ ok: true })
    const signed = fromBase64(initiate.serverSigned1)
    expect(
      certificate.publicKey && verify(certificate.publicKey, [signed], signatureOf(initiate.serverSignature1)),
    ).toBe(true)
    expect(initiate.euiccCiPKIdToBeUsed).toBe(base64(concatOctets(fromHex('0414'), ciKeyIds[curve])))
  })

  it('goes on with the metadata, signed together with what the eUICC has signed', async () => {
    const { authenticate } = await download(plan)
    const certificate = readCertificate(fromBase64(authenticate.smdpCertificate))
    expect(read(SmdpSigned2, authenticate.smdpSigned2)).toEqual({
      transactionId: authenticate.transactionId,
      ccRequiredFlag: false,
    })
    expect(certificate.policies).toContain('2.23.146.1.2.1.5')
    expect(read(StoreMetadataRequest, authenticate.profileMetadata)).toEqual({
      iccid: '8988201234567890123',
      serviceProviderName: 'Télécom',
      profileName: 'IoT Flat',
      profileClass: 'operational',
      notificationConfigurationInfo: [
        {
          profileManagementOperation: ['notificationEnable', 'notificationDisable', 'notificationDelete'],
          notificationAddress: ADDRESS,
        },
      ],
      profileOwner: { mccMnc: fromHex('00f110'), gid1: fromHex('a1') },
      fallbackAllowed: true,
    })
  })

  it('ends with a package that the eUICC can verify and open', async () => {
    const result = await download(plan)
    const bpp = packageOf(result)
    const { initialiseSecureChannelRequest: channel } = bpp
    const dpPb = pki[curve].dpPb.privateKey.publicKey
    const covered = smdpSignInput(channel, otskOf(plan).publicKey.point)
    expect(verify(dpPb, [covered], channel.value.smdpSign)).toBe(true)
    expect(channel.value).toMatchObject({
      remoteOpId: 'installBoundProfilePackage',
      transactionId: result.authenticate.transactionId,
      controlRefTemplate: { keyType: fromHex('88'), keyLen: fromHex('10') },
    })
    const opened = open(plan, bpp)
    expect(toHex(opened.configure)).toBe('bf2400')
    expect(base64(opened.metadata)).toBe(result.authenticate.profileMetadata)
    expect(readProfile(opened.profile).at(-1)?.kind).toBe('end')
  })

  it('is over when the eUICC reports the installation', async () => {
    const { world, authenticate } = await download(plan)
    expect(world.smdp.orders.get(order.profile.iccid)?.state).toBe('downloaded')
    const transactionId = String(authenticate.transactionId)
    const report = installationResult(plan, { transactionId, iccid: order.profile.iccid })
    expect(await notify(world, report)).toMatchObject({ status: 204, body: new Uint8Array() })
    const installed = world.smdp.orders.get(order.profile.iccid)
    expect(installed).toMatchObject({ state: 'installed', eid: EID, result: { kind: 'success' } })
    expect((await notify(world, report)).status).toBe(204)
    expect(world.smdp.orders.get(order.profile.iccid)).toEqual(installed)
  })
})

describe('a bound profile package', () => {
  it('has segments of at most 1020 octets, all but the last one full', async () => {
    const { sequenceOf86 } = packageOf(await download({}))
    const lengths = sequenceOf86.map((segment) => tlv(0x86, segment).length)
    expect(lengths.length).toBeGreaterThan(10)
    expect(new Set(lengths.slice(0, -1))).toEqual(new Set([1020]))
    expect(lengths.at(-1)).toBeLessThanOrEqual(1020)
  })

  it('carries metadata with an icon in two segments', async () => {
    const icon = { type: 'png', octets: new Uint8Array(1024).fill(7) } as const
    const bpp = packageOf(await download({ order: { profile: { icon } } }))
    expect(bpp.sequenceOf88.map((segment) => tlv(0x88, segment).length)).toEqual([1020, expect.any(Number)])
    expect(decode(StoreMetadataRequest, open({}, bpp).metadata)).toMatchObject({ iconType: 'png', icon: icon.octets })
  })

  it('can protect the profile with keys of its own', async () => {
    const bpp = packageOf(await download({ order: { ...order, replaceSessionKeys: true } }))
    expect(bpp.secondSequenceOf87).toHaveLength(1)
    const plain = packageOf(await download({}))
    expect(open({}, bpp).profile).toEqual(open({}, plain).profile)
    expect(plain.secondSequenceOf87).toBeUndefined()
  })

  it('is bound with the same keys for an eUICC that comes back with its key, and says so before', async () => {
    const first = await download({})
    const again = await download({}, first.world)
    const otpk = otskOf({}).publicKey.point
    expect(read(SmdpSigned2, again.authenticate.smdpSigned2).bppEuiccOtpk).toEqual(otpk)
    const [one, two] = [packageOf(first), packageOf(again)]
    expect(two.sequenceOf86).toEqual(one.sequenceOf86)
    expect(two.initialiseSecureChannelRequest.value.smdpOtpk).toEqual(one.initialiseSecureChannelRequest.value.smdpOtpk)
    expect(two.initialiseSecureChannelRequest.value.transactionId).toBe(again.authenticate.transactionId)
  })

  it('is bound with new keys for an eUICC that comes back with a new key', async () => {
    const first = await download({})
    const plan = { otpkSeed: 'new' }
    const again = packageOf(await download(plan, first.world))
    expect(
      equalOctets(
        again.initialiseSecureChannelRequest.value.smdpOtpk,
        packageOf(first).initialiseSecureChannelRequest.value.smdpOtpk,
      ),
    ).toBe(false)
    expect(open(plan, again).profile).toEqual(open({}, packageOf(first)).profile)
  })
})

describe('curves side by side', () => {
  it('the first CI of the client that the SM-DP+ knows, too, is chosen, for each direction by its list', async () => {
    const foreign = readCertificate(foreignPki.nist.ci.certificate).subjectKeyIdentifier ?? new Uint8Array()
    const plan = {
      signing: [foreign, ciKeyIds.brainpool, ciKeyIds.nist],
      verification: [ciKeyIds.nist, ciKeyIds.brainpool],
    }
    const answer = await call(createWorld(), 'initiateAuthentication', initiateRequest(plan))
    expect(answer.euiccCiPKIdToBeUsed).toBe(base64(concatOctets(fromHex('0414'), ciKeyIds.brainpool)))
    expect(answer.serverCertificate).toBe(base64(pki.nist.dpAuth.certificate))
  })

  it('the eUICC may sign on one curve and agree on keys on the other', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    const signing = { curve: 'brainpool', verification: [ciKeyIds.nist] } as const
    const initiate = await call(world, 'initiateAuthentication', initiateRequest(signing))
    const authenticate = await call(
      world,
      'authenticateClient',
      authenticateRequest(signing, initiated(initiate), matchingId),
    )
    const signed2 = { euiccOtpk: otskOf({ curve: 'nist' }).publicKey.point }
    const answer = await call(world, 'getBoundProfilePackage', packageRequest({ ...signing, signed2 }, authenticate))
    expect(outcome(answer)).toBe('ok')
    expect(
      readProfile(open({ curve: 'nist' }, read(BoundProfilePackage, answer.boundProfilePackage)).profile).length,
    ).toBeGreaterThan(5)
  })
})

describe('an eUICC that comes back on another curve', () => {
  it('is not asked for its key of the first one', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    await download({}, world)
    const plan = { curve: 'brainpool' } as const
    const initiate = await call(world, 'initiateAuthentication', initiateRequest(plan))
    const again = await call(world, 'authenticateClient', authenticateRequest(plan, initiated(initiate), matchingId))
    expect(read(SmdpSigned2, again.smdpSigned2).bppEuiccOtpk).toBeUndefined()
    expect(outcome(await call(world, 'getBoundProfilePackage', packageRequest(plan, again)))).toBe('ok')
  })
})

describe('the address', () => {
  it.each([ADDRESS, ADDRESS.toUpperCase(), 'alias.example.com'])(
    '%s comes back as it was typed',
    async (smdpAddress) => {
      const world = createWorld({ otherAddresses: ['ALIAS.example.com'] })
      const answer = await call(world, 'initiateAuthentication', initiateRequest({ smdpAddress }))
      expect(read(ServerSigned1, answer.serverSigned1).serverAddress).toBe(smdpAddress)
    },
  )
})

describe('an order without a matchingId in the request', () => {
  it.each(['', undefined])('is found by the EID (%j)', async (matchingId) => {
    const world = createWorld()
    world.smdp.orders.create({ eid: '89049032000000000000000000000000' })
    const { iccid } = world.smdp.orders.create({ eid: EID })
    const initiate = await call(world, 'initiateAuthentication', initiateRequest({}))
    const value = {
      deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
      ...(matchingId === '' && { matchingId }),
    }
    const plan: Plan = { signed1: { ctxParams1: { kind: 'ctxParamsForCommonAuthentication', value } } }
    const answer = await call(world, 'authenticateClient', authenticateRequest(plan, initiated(initiate), ''))
    expect(read(StoreMetadataRequest, answer.profileMetadata).iccid).toBe(iccid)
  })
})

describe('a confirmation code', () => {
  const withCode = { order: { ...order, confirmationCode: '4711', confirmationAttempts: 2 } }

  it('is asked for, and the right one opens the download after a wrong one in the same session', async () => {
    const first = await download({ ...withCode, confirmationCode: '4712' })
    expect(read(SmdpSigned2, first.authenticate.smdpSigned2).ccRequiredFlag).toBe(true)
    expect(outcome(first.getPackage)).toBe('8.2.7/3.8 confirmation-code-right-or-last')
    const plan = { ...withCode, confirmationCode: '4711' }
    const second = await call(first.world, 'getBoundProfilePackage', packageRequest(plan, first.authenticate))
    expect(outcome(second)).toBe('ok')
  })

  it('that is wrong too often ends the order', async () => {
    const first = await download({ ...withCode, confirmationCode: '4712' })
    const retry = (confirmationCode: string) =>
      call(first.world, 'getBoundProfilePackage', packageRequest({ ...withCode, confirmationCode }, first.authenticate))
    expect(outcome(await retry('4713'))).toBe('8.2.7/6.4 confirmation-attempts-left')
    expect(outcome(await retry('4711'))).toBe('8.2.7/6.4 confirmation-attempts-left')
    expect(first.world.smdp.orders.get(order.profile.iccid)?.state).toBe('error')
  })

  it('shows in the activation code', () => {
    const { activationCode } = createWorld().smdp.orders.create(withCode.order)
    expect(activationCode).toBe(`LPA:1$${ADDRESS}$TOKEN-1$$1`)
  })
})

describe('the end of a session', () => {
  const cases = [
    ['endUserRejection', 'error'],
    ['postponed', 'released'],
    ['timeout', 'released'],
    ['pprNotAllowed', 'error'],
    ['metadataMismatch', 'error'],
    ['undefinedReason', 'error'],
  ] as const
  it.each(cases)('by the eUICC with %s leaves the order %s', async (reason, state) => {
    const { world, authenticate } = await download({})
    const transactionId = String(authenticate.transactionId)
    const answer = await call(world, 'cancelSession', cancelRequest({ cancelled: { reason } }, transactionId))
    expect(answer).toEqual({ header: { functionExecutionStatus: { status: 'Executed-Success' } } })
    expect(world.smdp.orders.get(order.profile.iccid)?.state).toBe(state)
    expect(outcome(await call(world, 'cancelSession', cancelRequest({}, transactionId)))).toBe(
      '8.10.1/3.9 transaction-known',
    )
  })

  it('can be told by an eUICC that was refused its profile', async () => {
    const world = createWorld()
    const initiate = await call(world, 'initiateAuthentication', initiateRequest({}))
    const refused = await call(world, 'authenticateClient', authenticateRequest({}, initiated(initiate), 'NO-SUCH'))
    expect(outcome(refused)).toBe('8.2.6/3.8 matching-id-known')
    expect(outcome(await call(world, 'cancelSession', cancelRequest({}, String(initiate.transactionId))))).toBe('ok')
  })

  it('comes by itself after ten minutes', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    const initiate = await call(world, 'initiateAuthentication', initiateRequest({}))
    world.clock.advance(600_000)
    await call(world, 'initiateAuthentication', initiateRequest({}))
    const late = await call(world, 'authenticateClient', authenticateRequest({}, initiated(initiate), matchingId))
    expect(outcome(late)).toBe('8.10.1/3.9 transaction-known')
  })
})

describe('a report of the eUICC', () => {
  const failure = (errorReason: 'pprNotAllowed' | 'installFailedDueToInterruption') =>
    ({ kind: 'errorResult', value: { bppCommandId: 'storeMetadata', errorReason } }) as const

  it.each([
    ['pprNotAllowed', 'error'],
    ['installFailedDueToInterruption', 'released'],
  ] as const)('that the installation has failed with %s leaves the order %s', async (reason, state) => {
    const { world, authenticate } = await download({})
    const about = {
      transactionId: String(authenticate.transactionId),
      iccid: order.profile.iccid,
      result: failure(reason),
    }
    await notify(world, installationResult({}, about))
    expect(world.smdp.orders.get(order.profile.iccid)?.state).toBe(state)
  })

  it('is believed when the session is long over', async () => {
    const { world, authenticate } = await download({})
    world.clock.advance(86_400_000)
    await notify(
      world,
      installationResult({}, { transactionId: String(authenticate.transactionId), iccid: order.profile.iccid }),
    )
    expect(world.smdp.orders.get(order.profile.iccid)?.state).toBe('installed')
  })

  it('that a package of an earlier session was installed counts, an error in that session does not', async () => {
    const first = await download({})
    await download({ otpkSeed: 'new' }, first.world)
    const about = { transactionId: String(first.authenticate.transactionId), iccid: order.profile.iccid }
    await notify(first.world, installationResult({}, { ...about, result: failure('pprNotAllowed') }))
    expect(first.world.smdp.orders.get(order.profile.iccid)?.state).toBe('downloaded')
    await notify(first.world, installationResult({}, about))
    expect(first.world.smdp.orders.get(order.profile.iccid)?.state).toBe('installed')
  })

  it.each<[string, Plan, { iccid?: string; transactionId?: string }]>([
    ['signed by someone else', { signatureKey: pki.nist.dpAuth.privateKey }, {}],
    ['of an unknown profile', {}, { transactionId: '00', iccid: '8900000000000000000' }],
  ])('%s is taken with 204 and changes nothing', async (_, plan, about) => {
    const { world, authenticate } = await download({})
    const own = { transactionId: String(authenticate.transactionId), iccid: order.profile.iccid }
    expect((await notify(world, installationResult(plan, { ...own, ...about }))).status).toBe(204)
    expect(world.smdp.orders.get(order.profile.iccid)?.state).toBe('downloaded')
  })

  const other = (plan: Plan, seqNumber: number, iccid = order.profile.iccid) => {
    const metadata = {
      seqNumber,
      profileManagementOperation: ['notificationEnable'],
      notificationAddress: ADDRESS,
      iccid,
    } as const
    const octets = encode(NotificationMetadata, metadata)
    const { certificate, privateKey } = euiccOf(plan)
    return {
      pendingNotification: der(PendingNotification, {
        kind: 'otherSignedNotification',
        value: {
          tbsOtherNotification: { octets, value: metadata },
          euiccNotificationSignature: sign(plan.signatureKey ?? privateKey, [octets]),
          euiccCertificate: certificate,
          eumCertificate: pki.nist.eum.certificate,
        },
      }),
    }
  }

  it('that the profile was enabled is kept once', async () => {
    const { world } = await download({})
    for (const seqNumber of [7, 7, 6]) await notify(world, other({}, seqNumber))
    expect(world.smdp.orders.get(order.profile.iccid)?.notifications).toEqual({ notificationEnable: 7 })
  })

  it.each<[string, Plan]>([
    ['another eUICC', { eid: '89049032123451234512345678901300' }],
    ['nobody', { signatureKey: pki.nist.dpAuth.privateKey }],
  ])('about the profile by %s is not believed', async (_, plan) => {
    const { world } = await download({})
    expect((await notify(world, other(plan, 7))).status).toBe(204)
    expect(world.smdp.orders.get(order.profile.iccid)?.notifications).toEqual({})
  })
})
