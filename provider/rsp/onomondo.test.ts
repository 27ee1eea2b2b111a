import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../clock-system.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrations.ts'
import { openEmbeddedDatabase } from '../store/store-pglite.ts'
import { type OnomondoStub, startOnomondoStub } from '../testing/onomondo-stub-http.ts'
import { createManualTime, type ManualTime } from '../testing/time.ts'
import { createOnomondoPlatform } from './onomondo.ts'
import { type PackageOrder, PlatformUnavailable, type RspPlatform } from './platform.ts'

const iccid = '8944058925001234759'
const hex = '984450985200214357F9'
const enable = { psmo: [{ enable: { iccid } }] }
const listed = (profileState: string) => ({
  listProfileInfoResult: { finalResult: 'successResult', profileInfoList: [{ iccid: hex, profileState }] },
})
const known = (state: string) => ({ iccid, state, fallbackAttribute: false, fallbackAllowed: false })

let database: Database
let eim: OnomondoStub
let time: ManualTime
let closing: AbortController
let platform: RspPlatform
let eid: string
let last = 0

beforeAll(async () => {
  database = await openEmbeddedDatabase()
  await migrate(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  eim = await startOnomondoStub()
  time = createManualTime(Date.now())
  closing = new AbortController()
  last += 1
  eid = `8904903200000000000000000000${String(last).padStart(4, '0')}`
  platform = start()
})
afterEach(async () => {
  closing.abort()
  await eim.close()
})

const start = (euiccs: readonly string[] = []) =>
  createOnomondoPlatform(
    { url: eim.url, pollMs: 10, inventoryMs: 60_000, firstContactMs: 10 },
    { database, euiccs, closing: closing.signal, outside: { clock: time, timers: time, random: systemRandom } },
  )
const resources = () => [...eim.resources.values()]
const submit = async (order: PackageOrder, key = `${eid}/${last}`) => {
  const answer = await platform.submit(eid, order, key)
  if (answer.kind === 'refused') throw new Error(answer.detail)
  return answer.package
}
const resourceIdOf = (packageId: string) => packageId.split('/')[1] ?? ''
/** The eUICC has said that it has the profile. */
const meet = async (state: string) => {
  eim.set.outcomeOf = () => [listed(state)]
  await platform.euicc(eid)
  eim.set.outcomeOf = undefined
}
/** The order, how it ends, and what the package is then. */
const ended = async (order: PackageOrder, outcome: readonly unknown[], key?: string) => {
  const { packageId } = await submit(order, key)
  eim.update(resourceIdOf(packageId), { status: 'done', outcome })
  return platform.package(packageId)
}

describe('an eIM of the onomondo dialect', () => {
  it('gets orders in its words, and its answers are packages', async () => {
    await meet('disabled')
    const { packageId } = await submit(enable)
    expect(
      resources()
        .slice(1)
        .map(({ facility, resource }) => ({ facility, ...resource })),
    ).toEqual([{ facility: 'psmo', eidValue: eid, order: { psmo: [{ enable: { iccid: hex } }] } }])
    expect(await platform.package(packageId)).toEqual({ packageId, eid, state: 'queued' })
    eim.update(resourceIdOf(packageId), { status: 'work' })
    expect(await platform.package(packageId)).toEqual({ packageId, eid, state: 'delivered' })
    eim.update(resourceIdOf(packageId), { status: 'done', outcome: [{ enableResult: 'ok' }] })
    expect(await platform.package(packageId)).toEqual({
      ...{ packageId, eid, state: 'done' },
      result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
    })
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('enabled')] })
    expect(await platform.profile(iccid)).toMatchObject({ state: 'enabled' })
  })

  it('makes one resource for each key, also when the answer to the first request was lost', async () => {
    const first = await submit(enable)
    expect(await submit(enable)).toEqual(first)
    eim.set.losing = true
    await expect(submit(enable, `${eid}/lost`)).rejects.toThrow(PlatformUnavailable)
    eim.set.losing = false
    platform = start()
    const again = await submit(enable, `${eid}/lost`)
    expect(again.packageId).not.toBe(first.packageId)
    expect(resources().map(({ resourceId }) => `psmo/${resourceId}`)).toEqual([first.packageId, again.packageId])
  })

  it.each<[string, PackageOrder]>([
    ['the fallback attribute', { psmo: [{ setFallbackAttribute: { iccid } }] }],
    ['two operations in one package', { psmo: [{ disable: { iccid } }, { delete: { iccid } }] }],
  ])('is not asked for what it cannot carry: %s', async (_what, order) => {
    expect(await platform.submit(eid, order, 'k')).toEqual({ kind: 'refused', detail: expect.stringMatching(/eIM/) })
    expect(resources()).toEqual([])
  })

  const download = { download: { activationCode: 'LPA:1$smdp.example$A' } }
  it.each<[string, PackageOrder, readonly unknown[], object]>([
    [
      'an operation that the card refuses',
      enable,
      [{ enableResult: 'profileNotInDisabledState' }],
      { kind: 'euiccPackageResult', results: [{ operation: 'enable', result: 'profileNotInDisabledState' }] },
    ],
    [
      'an operation that was not carried out',
      enable,
      [{ processingTerminated: 'undefinedError' }],
      { results: [{ operation: 'processingTerminated', result: 'undefinedError' }] },
    ],
    ['a rollback', enable, [{ rollbackResult: 'ok' }], { results: [{ operation: 'rollback', result: 'ok' }] }],
    [
      'a package that the card refuses',
      enable,
      [{ euiccPackageErrorCode: 'replayError' }],
      { kind: 'euiccPackageError', verified: true, error: 'replayError' },
    ],
    ['an order that it does not understand', enable, [{ procedureError: 'badPsmo' }], { error: 'badPsmo' }],
    ['a package that the IPA cannot read', enable, [{ eimPackageError: 'unknownPackage' }], { kind: 'packageError' }],
    [
      'an installation',
      download,
      [{ profileInstallationResult: { finalResult: 'successResult', iccid: hex } }],
      { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid },
    ],
    [
      'an installation whose ICCID is not told',
      download,
      [{ profileInstallationResult: { finalResult: 'successResult' } }],
      { kind: 'profileDownloadError', reason: expect.stringMatching(/installed/) },
    ],
    [
      'an installation that failed',
      download,
      [{ profileInstallationResult: { finalResult: 'errorResult' } }],
      { kind: 'profileDownloadError', reason: 'profileInstallationResult errorResult' },
    ],
    [
      'a download that failed',
      download,
      [{ procedureError: 'authenticateClientError' }],
      { kind: 'profileDownloadError', reason: 'authenticateClientError' },
    ],
    ['a session that was cancelled', download, [{ cancelSessionResult: 'ok' }], { reason: 'cancelSession' }],
  ])('tells of %s', async (_what, order, outcome, result) => {
    expect(await ended(order, outcome)).toMatchObject({ state: 'done', result })
  })

  it('tells of a package that somebody has cancelled, and of one that is gone', async () => {
    expect(await ended(enable, [{ procedureError: 'abortedOrder' }])).toMatchObject({ state: 'cancelled' })
    expect(await platform.package('psmo/none')).toBeUndefined()
    expect(await platform.package('none')).toBeUndefined()
  })

  it('takes back what waits, and not what the IPA has', async () => {
    const first = await submit(enable)
    expect(await platform.withdraw(first.packageId)).toMatchObject({ state: 'cancelled' })
    expect(resources()).toEqual([])
    const second = await submit(enable, `${eid}/second`)
    eim.update(resourceIdOf(second.packageId), { status: 'work' })
    expect(await platform.withdraw(second.packageId)).toMatchObject({ state: 'delivered' })
    expect(await platform.withdraw('psmo/none')).toBeUndefined()
  })

  it.each([0, 408, 429, 500, 503])('is not well when it answers %d (0: not at all)', async (status) => {
    eim.set.failing = status
    await expect(platform.submit(eid, enable, 'not well')).rejects.toThrow(PlatformUnavailable)
    await expect(platform.package('psmo/x')).rejects.toThrow(PlatformUnavailable)
    await expect(platform.ready()).rejects.toThrow(PlatformUnavailable)
  })

  it.each([400, 404, 415])('refuses an order with %d', async (status) => {
    eim.set.failing = status
    expect(await platform.submit(eid, enable, `${eid}/refused`)).toMatchObject({ kind: 'refused' })
  })
})

describe('profiles of an eUICC', () => {
  const aList = (order: unknown) => JSON.stringify(order) === '{"psmo":[{"listProfileInfo":{}}]}'

  it('that has never said anything are asked for, once, and not known before it answers', async () => {
    const asked = platform.euicc(eid)
    const impatient = expect(asked).rejects.toThrow(PlatformUnavailable)
    while (resources().length === 0) await new Promise(setImmediate)
    for (let passed = 0; passed < 100; passed++) {
      time.pass(1)
      await new Promise(setImmediate)
    }
    await impatient
    const [{ resourceId } = { resourceId: '' }] = resources()
    eim.update(resourceId, { status: 'done', outcome: [listed('disabled')] })
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('disabled')] })
    expect(resources().map(({ resource }) => resource.order)).toEqual([{ psmo: [{ listProfileInfo: {} }] }])
  })

  it('are asked for again when the question has come to nothing', async () => {
    eim.set.outcomeOf = () => [{ procedureError: 'noshowOrder' }]
    await expect(platform.euicc(eid)).rejects.toThrow(PlatformUnavailable)
    eim.set.outcomeOf = () => [listed('enabled')]
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('enabled')] })
  })

  it('are asked for after an outcome that does not say enough, and an older answer never replaces a newer one', async () => {
    await meet('disabled')
    const early = await submit(enable, `${eid}/early`)
    eim.set.outcomeOf = (_facility, order) => (aList(order) ? [listed('enabled')] : undefined)
    expect(await ended(enable, [{ enableResult: 'profileNotInDisabledState' }], `${eid}/late`)).toBeDefined()
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('enabled')] })
    eim.update(resourceIdOf(early.packageId), { status: 'done', outcome: [listed('disabled')] })
    await platform.package(early.packageId)
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('enabled')] })
  })

  it.each<[string, string, PackageOrder, string, readonly object[]]>([
    ['enabled', 'disabled', enable, 'enableResult', [known('enabled')]],
    ['disabled', 'enabled', { psmo: [{ disable: { iccid } }] }, 'disableResult', [known('disabled')]],
    ['gone', 'disabled', { psmo: [{ delete: { iccid } }] }, 'deleteResult', []],
  ])('are %s when the card has said so, without being asked for', async (_what, before, order, result, after) => {
    await meet(before)
    await ended(order, [{ [result]: 'ok' }])
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: after })
    expect(resources()).toHaveLength(2)
  })

  it('have the one that was installed, before they are asked for', async () => {
    eim.set.outcomeOf = () => [{ listProfileInfoResult: { finalResult: 'successResult', profileInfoList: [] } }]
    await platform.euicc(eid)
    eim.set.outcomeOf = (_facility, order) =>
      aList(order) ? undefined : [{ profileInstallationResult: { finalResult: 'successResult', iccid: hex } }]
    await submit({ download: { activationCode: 'LPA:1$smdp.example$B' } })
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [known('disabled')] })
  })

  it('are asked for at the start and then regularly, whatever the card has done on its own', async () => {
    eim.set.outcomeOf = () => [listed('disabled')]
    platform = start([eid])
    const changes = platform.changes()[Symbol.asyncIterator]()
    expect((await changes.next()).value).toEqual({ kind: 'connected' })
    const going = changes.next()
    const stateIs = async (state: string) => {
      for (;;) {
        time.pass(10)
        await new Promise(setImmediate)
        if ((await platform.profile(iccid))?.eid === eid && (await platform.profile(iccid))?.state === state) return
      }
    }
    await stateIs('disabled')
    eim.set.outcomeOf = () => [listed('enabled')]
    time.pass(60_000)
    await stateIs('enabled')
    closing.abort()
    await going.catch(() => undefined)
  })
})
