import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EimStub, startEimStub } from '../testing/eim-stub-http.ts'
import { createEimPlatform } from './eim-http.ts'
import { type Change, PlatformUnavailable, type RspPlatform } from './platform.ts'

const eid = '89049032000000000000000000000001'
const iccid = '8901000000000000001'
const order = { psmo: [{ enable: { iccid } }] }
const profile = { iccid, state: 'disabled' as const, fallbackAttribute: false, fallbackAllowed: false }

let eim: EimStub
let platform: RspPlatform
let closing: AbortController
beforeEach(async () => {
  eim = await startEimStub()
  eim.cards.set(eid, [profile])
  eim.set.auto = false
  closing = new AbortController()
  platform = createEimPlatform({ url: eim.url }, closing.signal)
})
afterEach(async () => {
  closing.abort()
  await eim.close()
})

const submitted = async (key = 'k') => {
  const answer = await platform.submit(eid, order, key)
  if (answer.kind !== 'package') throw new Error(answer.detail)
  return answer.package
}

describe('an eIM', () => {
  it('tells what it knows, and that it does not know', async () => {
    expect(await platform.euicc(eid)).toEqual({ eid, profiles: [profile] })
    expect(await platform.profile(iccid)).toEqual({ eid, ...profile })
    expect(await platform.euicc('00000000000000000000000000000000')).toBeUndefined()
    expect(await platform.profile('0000000000000000000')).toBeUndefined()
    expect(await platform.package('none')).toBeUndefined()
  })

  it('takes a package once for each key', async () => {
    const first = await submitted()
    expect(await submitted()).toEqual(first)
    expect((await submitted('other')).packageId).not.toBe(first.packageId)
    expect(eim.packages.map(({ order, key }) => ({ order, key }))).toEqual([
      { order, key: 'k' },
      { order, key: 'other' },
    ])
  })

  it.each([400, 403, 404, 409, 422])('refuses a package with %d', async (status) => {
    eim.set.failing = () => status
    expect(await platform.submit(eid, order, 'k')).toEqual({ kind: 'refused', detail: 'no reason given' })
  })

  it('says why it refuses', async () => {
    eim.set.refuse = () => 'not in one package'
    expect(await platform.submit(eid, order, 'k')).toEqual({ kind: 'refused', detail: 'not in one package' })
  })

  it.each([0, 408, 429, 500, 502, 503])('is not well when it answers %d (0: not at all)', async (status) => {
    eim.set.failing = () => status
    await expect(platform.submit(eid, order, 'k')).rejects.toThrow(PlatformUnavailable)
    await expect(platform.euicc(eid)).rejects.toThrow(PlatformUnavailable)
    await expect(platform.changes()[Symbol.asyncIterator]().next()).rejects.toThrow(PlatformUnavailable)
  })

  it('takes back a package that waits, and says what became of one that does not', async () => {
    const { packageId } = await submitted()
    expect(await platform.withdraw(packageId)).toMatchObject({ packageId, state: 'cancelled' })
    const other = await submitted('other')
    eim.deliver(other.packageId)
    expect(await platform.withdraw(other.packageId)).toMatchObject({ state: 'delivered' })
    expect(await platform.withdraw('none')).toBeUndefined()
  })

  it('is left alone once the provider closes', async () => {
    closing.abort()
    await expect(platform.euicc(eid)).rejects.toThrow(PlatformUnavailable)
    expect(eim.calls).toEqual([])
  })
})

describe('the changes', () => {
  const next = async (changes: AsyncIterator<Change>) => (await changes.next()).value
  const statesOf = (change: Change | undefined) => (change?.kind === 'package' ? change.package.state : change?.kind)

  it('begin with the connection and come as they happen', async () => {
    const changes = platform.changes()[Symbol.asyncIterator]()
    expect(await next(changes)).toEqual({ kind: 'connected' })
    const { packageId } = await submitted()
    eim.deliver(packageId)
    eim.finish(packageId)
    expect(statesOf(await next(changes))).toBe('queued')
    expect(statesOf(await next(changes))).toBe('delivered')
    expect(await next(changes)).toEqual({
      kind: 'package',
      package: expect.objectContaining({
        state: 'done',
        result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
      }),
    })
  })

  it('go on after a lost connection with what was missed', async () => {
    const before = platform.changes()[Symbol.asyncIterator]()
    await next(before)
    const { packageId } = await submitted()
    expect(statesOf(await next(before))).toBe('queued')
    eim.dropStreams()
    await expect(next(before)).rejects.toThrow()
    eim.deliver(packageId)
    const after = platform.changes()[Symbol.asyncIterator]()
    expect(await next(after)).toEqual({ kind: 'connected' })
    expect(statesOf(await next(after))).toBe('delivered')
    expect(eim.calls.at(-1)?.headers['last-event-id']).toBe('1')
  })

  it('end when the provider closes', async () => {
    const changes = platform.changes()[Symbol.asyncIterator]()
    await next(changes)
    const waiting = next(changes)
    closing.abort()
    await expect(waiting).rejects.toThrow()
  })
})
