/**
 * An eIM that speaks the REST dialect of onomondo-eim as an RSP platform. That dialect knows orders and their outcomes and nothing else, so what is missing is made
 * here: the same key finds the same resource, packages are looked at until they have ended, and eUICCs are asked for their profiles.
 */
import { isDeepStrictEqual } from 'node:util'
import { createTurnstile } from '../operations/turnstile.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import {
  dropOrder,
  eidWith,
  endOrder,
  findOrder,
  forgetOrders,
  type KeptOrder,
  keepOrder,
  keepProfiles,
  nameOrder,
  openOrders,
  profilesOf,
  takeSilent,
  unclaimed,
} from '../store/platform.ts'
import type { TlsSettings } from './fetch-http.ts'
import { wait } from './follow.ts'
import { createOnomondoClient, type Facility, type Resource } from './onomondo-http.ts'
import { listing, profilesAfter, type Understood, understood, type Worded, wordedOrder } from './onomondo-wording.ts'
import { type Change, type Package, PlatformUnavailable, type Profile, type RspPlatform } from './platform.ts'

export interface OnomondoSettings extends TlsSettings {
  /** The door, without a path. */
  readonly url: string
  /** Between two looks at packages that are under way. */
  readonly pollMs?: number
  /** After which an eUICC is asked for its profiles again: what it does on its own shows no sooner. */
  readonly inventoryMs?: number
  /** How long a question about an eUICC that has never said anything waits for its first answer. */
  readonly firstContactMs?: number
}

interface Around {
  readonly database: Database
  readonly outside: Pick<Outside, 'clock' | 'timers' | 'random'>
  readonly closing: AbortSignal
  /** Asked for their profiles at the start. */
  readonly euiccs: readonly string[]
}

const defaults = { pollMs: 1000, inventoryMs: 3_600_000, firstContactMs: 5000 }
/** eUICCs that are asked again at once, and packages that are looked at together. */
const together = 16
/** Longer than any operation and its retention lasts. */
const keptMs = 90 * 86_400_000

const stateOf = { new: 'queued', work: 'delivered', done: 'done' } as const

type Ordered = Extract<Worded, { facility: Facility }>

export const createOnomondoPlatform = (settings: OnomondoSettings, around: Around): RspPlatform => {
  const { pollMs, inventoryMs, firstContactMs } = { ...defaults, ...settings }
  const { database, outside, closing, euiccs } = around
  const { clock, timers, random } = outside
  const eim = createOnomondoClient(settings, closing)
  /** Packages that have not ended, and where they were when they were last looked at. */
  const underWay = new Map<string, Package['state']>()
  /** Ends a rest. */
  let wake = () => {}

  /** Orders for one eUICC reach the eIM in the order of their positions. */
  const turnstile = createTurnstile()

  /** The resource of an order that was on its way when somebody died: one that says the same and belongs to no other order. */
  const lostResource = async (eid: string, { facility, order }: Ordered): Promise<string | undefined> => {
    const packageIds = (await eim.list(facility)).map((resourceId) => packageIdOf(facility, resourceId))
    for (const packageId of await unclaimed(database, packageIds)) {
      const found = await resourceAt(packageId)
      if (found && isDeepStrictEqual(found.resource, { eidValue: eid, order })) return packageId
    }
    return undefined
  }

  const resourceAt = async (packageId: string): Promise<Resource | undefined> => {
    const [facility, ...rest] = packageId.split('/')
    return facility === 'psmo' || facility === 'download' ? eim.lookUp(facility, rest.join('/')) : undefined
  }

  const send = async (eid: string, ordered: Ordered, key: string) => {
    const { order: kept, isNew } = await keepOrder(database, { eid, key, now: clock.now() })
    const known = kept.packageId ?? (isNew ? undefined : await lostResource(eid, ordered))
    const made = known ? undefined : await eim.create(ordered.facility, { eidValue: eid, order: ordered.order })
    if (made?.kind === 'refused') return made
    const packageId = known ?? packageIdOf(ordered.facility, made?.resourceId ?? '')
    if (kept.packageId === undefined) await nameOrder(database, key, packageId)
    return { kind: 'package' as const, packageId }
  }

  const place = async (eid: string, ordered: Ordered, key: string) => {
    const sent = await turnstile.enter(eid, () => send(eid, ordered, key))
    if (sent.kind === 'refused') return sent
    const { packageId } = sent
    const queued = { packageId, eid, state: 'queued' } as const
    return { kind: 'package' as const, package: (await look(packageId)) ?? queued }
  }

  const askForProfiles = (eid: string, key: string) => place(eid, listing, key)

  const look = async (packageId: string): Promise<Package | undefined> => {
    const found = await resourceAt(packageId)
    if (!found) return undefined
    const { eidValue: eid } = found.resource
    const state = stateOf[found.status]
    if (state !== 'done') {
      if (!underWay.has(packageId)) watch(packageId, state)
      return { packageId, eid, state }
    }
    const facility = packageId.startsWith('download/') ? 'download' : 'psmo'
    const ended = understood(facility, found.outcome)
    const kept = await findOrder(database, packageId)
    if (kept && !kept.isEnded && ended.kind === 'result') await learn(kept, found.resource.order, ended)
    await endOrder(database, packageId, clock.now())
    return ended.kind === 'result'
      ? { packageId, eid, state, result: ended.result }
      : { packageId, eid, state: ended.kind }
  }

  /** Once for each package. Where its outcome does not say enough the eUICC is asked, and behind a download, which says nothing of the new profile's state. */
  const learn = async (kept: KeptOrder, order: unknown, { result, profiles }: Understood): Promise<void> => {
    const { eid, key } = kept
    const before = await profilesOf(database, eid)
    const told = profiles ?? (before && profilesAfter(before, order, result))
    if (told) await keepProfiles(database, { ...kept, profiles: told, now: clock.now() })
    const isEnough = told && result.kind !== 'profileInstallationResult'
    if (!isEnough && !key.startsWith(asking)) await askForProfiles(eid, `${asking}${kept.packageId}`)
  }

  const firstProfiles = async (eid: string): Promise<readonly Profile[]> => {
    const patientUntil = clock.now() + firstContactMs
    const key = `${asking}${eid}`
    const answer = await askForProfiles(eid, key)
    if (answer.kind === 'refused') throw new PlatformUnavailable(answer.detail)
    for (let asked: Package | undefined = answer.package; ; asked = await look(answer.package.packageId)) {
      const told = await profilesOf(database, eid)
      if (told) return told
      if (!isOpen(asked)) await dropOrder(database, key)
      if (!isOpen(asked) || clock.now() >= patientUntil || closing.aborted)
        throw new PlatformUnavailable(`eUICC ${eid} has not said yet which profiles it has`)
      await wait(Math.min(pollMs, firstContactMs), { timers, signal: closing })
    }
  }

  const watch = (packageId: string, state: Package['state']): void => {
    const wasIdle = underWay.size === 0
    underWay.set(packageId, state)
    if (wasIdle) wake()
  }

  /** Until the next look; with nothing under way nobody waits for that. */
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel()
        closing.removeEventListener('abort', end)
        resolve()
      }
      const cancel = timers.after(pollMs, end, underWay.size > 0 ? 'wait' : 'limit')
      closing.addEventListener('abort', end)
      wake = end
    })

  const lookAtAll = async function* (): AsyncGenerator<Change> {
    const waiting = [...underWay]
    for (let from = 0; from < waiting.length; from += together) {
      const some = waiting.slice(from, from + together)
      const found = await Promise.all(some.map(([packageId]) => look(packageId)))
      for (const [index, [packageId, before]] of some.entries()) {
        const now = found[index]
        if (now && isOpen(now)) underWay.set(packageId, now.state)
        else underWay.delete(packageId)
        if (!now) await endOrder(database, packageId, clock.now())
        if (now && now.state !== before) yield { kind: 'package', package: now }
      }
    }
  }

  const askTheSilent = async (): Promise<void> => {
    const now = clock.now()
    const silent = await takeSilent(database, { now, before: now - inventoryMs, limit: together })
    for (const eid of silent) await askForProfiles(eid, `${asking}${random.uuid()}`)
    if (silent.length > 0) await forgetOrders(database, now - keptMs)
  }

  return {
    ready: eim.ready,
    async euicc(eid) {
      return { eid, profiles: (await profilesOf(database, eid)) ?? (await firstProfiles(eid)) }
    },
    async profile(iccid) {
      const eid = await eidWith(database, iccid)
      const found = eid && (await profilesOf(database, eid))?.find((profile) => profile.iccid === iccid)
      return eid && found ? { eid, ...found } : undefined
    },
    async submit(eid, order, key) {
      const worded = wordedOrder(order)
      return 'facility' in worded ? place(eid, worded, key) : worded
    },
    package: look,
    /** Unverified: between the look and the deletion the IPA may still come for it. What it then does shows when it is next asked for its profiles. */
    async withdraw(packageId) {
      const found = await look(packageId)
      if (found?.state !== 'queued') return found
      const [facility, ...rest] = packageId.split('/')
      await eim.delete(facility as Facility, rest.join('/'))
      underWay.delete(packageId)
      return { ...found, state: 'cancelled' }
    },
    async *changes() {
      await eim.ready()
      yield { kind: 'connected' }
      for (const packageId of await openOrders(database))
        if (!underWay.has(packageId)) underWay.set(packageId, 'queued')
      for (const eid of euiccs) await askForProfiles(eid, `${asking}${eid}`)
      while (!closing.aborted) {
        yield* lookAtAll()
        await askTheSilent()
        await rest()
      }
    },
  }
}

/** Keys of orders of our own. */
const asking = 'profiles/'

const isOpen = (found: Package | undefined): boolean => found?.state === 'queued' || found?.state === 'delivered'

const packageIdOf = (facility: Facility, resourceId: string): string => `${facility}/${resourceId}`
