import { describe, expect, test } from 'vitest'
import { decode, encode, fromHex } from '../../../protocol/ber/index.ts'
import { AuthenticateServerRequest, EuiccConfiguredAddressesResponse } from '../../../protocol/sgp22/index.ts'
import { ProfileDownloadTriggerRequest } from '../../../protocol/sgp32/index.ts'
import { segmentsOf } from '../card/segments.ts'
import { toBase64 } from '../servers/es9plus.ts'
import { boundProfilePackage, installationResult, prepared, serverSigned1, transactionId } from '../testing/messages.ts'
import { code, errorResponseOf, functionsOf, good, triggered } from '../testing/triggered.ts'
import { createWorld } from '../testing/world.ts'

const afterInitialisation = (names: readonly string[]) => names.slice(names.indexOf('GetEUICCInfo1'))

const authenticateServer = ({ card }: ReturnType<typeof triggered>) => {
  const call = card.calls.find(({ name }) => name === 'AuthenticateServer')
  return decode(AuthenticateServerRequest, call?.request ?? fromHex(''))
}

describe('a download that goes well', () => {
  test('follows the steps of SGP.22 and tells the SM-DP+, then the eIM', async () => {
    const world = triggered()
    expect(await world.ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
    expect(afterInitialisation(functionsOf(world))).toEqual([
      'GetEUICCInfo1',
      'GetEUICCChallenge',
      'AuthenticateServer',
      'PrepareDownload',
      ...new Array(6).fill('segment'),
      'ImmediateEnable',
      'RemoveNotificationFromList',
      'RetrieveNotificationsList',
    ])
    expect(world.requests).toEqual([
      'eim.test getEimPackageRequest',
      'smdp.test initiateAuthentication',
      'smdp.test authenticateClient',
      'smdp.test getBoundProfilePackage',
      'smdp.test handleNotification',
      'eim.test provideEimPackageResult',
      'eim.test getEimPackageRequest',
    ])
    expect(world.results[0]?.eimPackageResult).toMatchObject({
      kind: 'profileDownloadTriggerResult',
      value: { eimTransactionId: '0A', profileDownloadTriggerResultData: { kind: 'profileInstallationResult' } },
    })
    expect(world.card.notifications.size).toBe(0)
    expect((await world.memory.load()).downloads).toEqual([])
  })

  test('hands the octets of each side to the other as they are', async () => {
    const world = triggered()
    await world.ipa.poll()
    expect(world.bodies).toMatchObject([
      { smdpAddress: 'smdp.test' },
      { transactionId },
      { transactionId, prepareDownloadResponse: toBase64(prepared) },
      { pendingNotification: toBase64(installationResult(4)) },
    ])
    const sent = world.card.calls.filter(({ name }) => name === 'segment').map(({ request }) => request)
    expect(sent).toEqual(segmentsOf(boundProfilePackage()))
    expect(authenticateServer(world).serverSigned1.octets).toEqual(serverSigned1())
  })

  test('is recorded with both transactions', async () => {
    const world = triggered()
    await world.ipa.poll()
    const load = world.trace.find(({ operation }) => operation === 'LoadBoundProfilePackage')
    expect(load?.correlation).toEqual({ eimTransactionId: '0A', transactionId })
  })

  test.each([
    ['the matching identifier of the activation code', good, 'TOKEN'],
    ['no matching identifier when the code has none', code('LPA:1$smdp.test$'), undefined],
  ])('gives the SM-DP+ %s', async (_name, trigger, matchingId) => {
    const world = triggered(trigger)
    await world.ipa.poll()
    expect(authenticateServer(world).ctxParams1.value.matchingId).toBe(matchingId)
  })

  test('compares the address of the server in any case', async () => {
    const world = triggered(code('1$SMDP.TEST$TOKEN'))
    await world.ipa.poll()
    expect(world.requests).toContain('smdp.test getBoundProfilePackage')
  })

  test('comes from the default SM-DP+ when the trigger says so', async () => {
    const addresses = { defaultDpAddress: 'smdp.test', rootDsAddress: 'ds.test' }
    const card = { GetEuiccConfiguredAddresses: encode(EuiccConfiguredAddressesResponse, addresses) }
    const world = triggered({ kind: 'contactDefaultSmdp', value: true }, { card })
    expect((await world.ipa.poll()).packagesProcessed).toBe(1)
    expect(world.results[0]?.eimPackageResult).toMatchObject({
      value: { profileDownloadTriggerResultData: { kind: 'profileInstallationResult' } },
    })
  })

  test('may end with an error that the eUICC has signed, after which nothing more is sent to it', async () => {
    const failed = installationResult(4, {
      kind: 'errorResult',
      value: { bppCommandId: 'storeMetadata', errorReason: 'pprNotAllowed' },
    })
    const world = triggered(good, { card: { segment: failed } })
    await world.ipa.poll()
    expect(functionsOf(world).filter((name) => name === 'segment')).toHaveLength(1)
    expect(world.requests).toContain('smdp.test handleNotification')
    expect(world.results[0]?.eimPackageResult).toMatchObject({
      value: {
        profileDownloadTriggerResultData: {
          kind: 'profileInstallationResult',
          value: { profileInstallationResultData: { value: { finalResult: { kind: 'errorResult' } } } },
        },
      },
    })
  })
})

describe('a download that has no source', () => {
  test.each([
    ['an activation code of another format', code('2$smdp.test$TOKEN')],
    ['a default SM-DP+ that the eUICC does not have', { kind: 'contactDefaultSmdp', value: true }],
    ['an SM-DS', { kind: 'contactSmds', value: {} }],
    ['nothing', undefined],
  ] as const)('is an error: %s', async (_name, data) => {
    const trigger = encode(ProfileDownloadTriggerRequest, {
      eimTransactionId: '0A',
      ...(data ? { profileDownloadData: data } : {}),
    })
    const world = createWorld({ packages: [trigger] })
    expect((await world.ipa.poll()).packagesProcessed).toBe(1)
    expect(errorResponseOf(world)).toBeUndefined()
    expect(world.requests.some((request) => request.startsWith('smdp'))).toBe(false)
  })

  test('is refused when the trigger cannot be read', async () => {
    const world = createWorld({ packages: [fromHex('bf5406a0018182010a')] })
    await world.ipa.poll()
    expect(world.results[0]?.eimPackageResult).toMatchObject({
      kind: 'eimPackageResultResponseError',
      value: { eimPackageResultErrorCode: 'invalidPackageFormat' },
    })
  })
})

describe('a result that cannot be delivered at once', () => {
  test('to the SM-DP+ is given to the eIM, and to the SM-DP+ in a later cycle', async () => {
    const world = triggered()
    const { script } = world.card
    world.card.script = {
      ...script,
      segment: (request) => {
        world.away.add('smdp.test')
        return typeof script.segment === 'function' ? script.segment(request) : 0x6f00
      },
    }
    expect((await world.ipa.poll()).packagesProcessed).toBe(1)
    expect(world.card.notifications.size).toBe(1)
    world.away.clear()
    await world.boot().poll()
    expect(world.requests.at(-1)).toBe('smdp.test handleNotification')
    expect(world.card.notifications.size).toBe(0)
  })

  test('to the eIM stays on the eUICC and is the first thing of the next cycle, also after a kill', async () => {
    const world = triggered()
    const { script } = world.card
    world.card.script = {
      ...script,
      segment: (request) => {
        world.away.add('eim.test')
        return typeof script.segment === 'function' ? script.segment(request) : 0x6f00
      },
    }
    expect(await world.ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [{ hop: 'ESipa' }] })
    expect(world.requests.filter((request) => request === 'smdp.test handleNotification')).toHaveLength(2)
    expect(world.card.notifications.size).toBe(1)
    world.away.clear()
    world.requests.length = 0
    await world.boot().poll()
    expect(world.requests).toEqual([
      'smdp.test handleNotification',
      'eim.test provideEimPackageResult',
      'eim.test getEimPackageRequest',
    ])
    expect(world.results[0]?.eimPackageResult).toMatchObject({ value: { eimTransactionId: '0A' } })
    expect(world.card.notifications.size).toBe(0)
  })

  test('because the card was lost before there was one is not invented: the eIM triggers the download again', async () => {
    const world = triggered()
    const trigger = world.packages[0] ?? fromHex('')
    const { script } = world.card
    let lost = true
    world.card.script = {
      ...script,
      segment: (request) => {
        if (!lost) return typeof script.segment === 'function' ? script.segment(request) : 0x6f00
        lost = false
        world.packages.push(trigger)
        return 0x6881
      },
    }
    expect(await world.ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
    expect(world.results).toHaveLength(1)
    expect(world.results[0]?.eimPackageResult).toMatchObject({
      value: { profileDownloadTriggerResultData: { kind: 'profileInstallationResult' } },
    })
    expect((await world.memory.load()).downloads).toEqual([])
  })

  test('is removed once when the eIM acknowledges it', async () => {
    const acknowledge = () => ({ kind: 'eimAcknowledgements', value: [4] }) as const
    const world = triggered(good, { acknowledge })
    await world.ipa.poll()
    expect(functionsOf(world).filter((name) => name === 'RemoveNotificationFromList')).toHaveLength(1)
    expect(world.card.notifications.size).toBe(0)
  })
})
