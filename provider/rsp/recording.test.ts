import { describe, expect, it } from 'vitest'
import { type Change, type Package, PlatformUnavailable, type RspPlatform } from './platform.ts'
import { createRecordedPlatform, recording, type Said } from './recording.ts'

const eid = '89049032000000000000000000000001'
const iccid = '8901000000000000001'
const order = { psmo: [{ enable: { iccid } }] }
const profile = (state: 'enabled' | 'disabled') => ({ iccid, state, fallbackAttribute: false, fallbackAllowed: false })
const queued: Package = { packageId: 'p', eid, state: 'queued' }
const done: Package = {
  ...{ packageId: 'p', eid, state: 'done' },
  result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
}

/** A platform with one card, whose profile is enabled by the only package. */
const live = (): RspPlatform => {
  let state: 'enabled' | 'disabled' = 'disabled'
  return {
    ready: async () => {},
    euicc: async (asked) => (asked === eid ? { eid, profiles: [profile(state)] } : undefined),
    profile: async (asked) => (asked === iccid ? { eid, ...profile(state) } : undefined),
    async submit() {
      state = 'enabled'
      return { kind: 'package', package: queued }
    },
    package: async () => done,
    withdraw: async () => done,
    async *changes() {
      yield { kind: 'connected' }
      yield { kind: 'package', package: done }
    },
  }
}

/** What somebody asks who enables the profile and looks before and after. */
const conversation = async (platform: RspPlatform): Promise<readonly unknown[]> => {
  const before = [await platform.euicc(eid), await platform.profile(iccid), await platform.profile('none')]
  const changes = platform.changes()[Symbol.asyncIterator]() as AsyncGenerator<Change>
  const connected = await changes.next()
  const submitted = await platform.submit(eid, order, 'k')
  const changed = await changes.next()
  const after = [await platform.euicc(eid), await platform.profile(iccid), await platform.package('p')]
  return [...before, connected, submitted, changed, ...after]
}

const recorded = async () => {
  const tape: Said[] = []
  const said = await conversation(recording(live(), (line) => tape.push(JSON.parse(JSON.stringify(line)))))
  return { tape, said }
}

describe('a recorded platform', () => {
  it('says what the platform has said, without it', async () => {
    const { tape, said } = await recorded()
    expect(await conversation(createRecordedPlatform(tape, new AbortController().signal))).toEqual(said)
  })

  it('takes a package once for each key', async () => {
    const { tape } = await recorded()
    const platform = createRecordedPlatform(tape, new AbortController().signal)
    const first = await platform.submit(eid, order, 'k')
    expect(await platform.submit(eid, order, 'k')).toEqual(first)
    await expect(platform.submit(eid, order, 'another')).rejects.toThrow(PlatformUnavailable)
    expect(await platform.withdraw('p')).toEqual(done)
    expect(await platform.package('none')).toBeUndefined()
  })

  it('does not make up what it was never asked', async () => {
    const platform = createRecordedPlatform([], new AbortController().signal)
    await expect(platform.euicc(eid)).rejects.toThrow(PlatformUnavailable)
    await expect(platform.profile(iccid)).rejects.toThrow(PlatformUnavailable)
    await expect(platform.submit(eid, order, 'k')).rejects.toThrow(PlatformUnavailable)
    await platform.ready()
  })

  it('ends its changes when the provider closes', async () => {
    const closing = new AbortController()
    const changes = createRecordedPlatform([], closing.signal).changes()[Symbol.asyncIterator]()
    expect((await changes.next()).value).toEqual({ kind: 'connected' })
    const waiting = changes.next()
    closing.abort()
    expect((await waiting).done).toBe(true)
  })
})
