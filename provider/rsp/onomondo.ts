/**
 * An eIM that speaks the REST dialect of onomondo-eim as an RSP platform. That dialect knows orders and their outcomes and nothing else, so what is missing is made
 * here: the same key finds the same resource, packages are looked at until they have ended, and eUICCs are asked for their profiles.
 */
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { dropOrder, eidWith, endOrder, forgetOrders, openOrders, profilesOf, takeSilent } from '../store/platform.ts'
import type { TlsSettings } from './fetch-http.ts'
import { wait } from './follow.ts'
import { createOnomondoClient } from './onomondo-http.ts'
import { askingFor, createPackages, type Packages } from './onomondo-packages.ts'
import { createWatch, isOpen, type Watch } from './onomondo-watch.ts'
import { wordedOrder } from './onomondo-wording.ts'
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

export const createOnomondoPlatform = (chosen: OnomondoSettings, around: Around): RspPlatform => {
  const settings = { ...defaults, ...chosen }
  const { database, closing, euiccs } = around
  const eim = createOnomondoClient(settings, closing)
  const watch = createWatch({ ...around, pollMs: settings.pollMs })
  const packages = createPackages({ ...around, eim, watch })
  const firstProfiles = firstProfilesFrom(packages, settings, around)
  const lookAtAll = lookingAtAll(packages, watch, around)

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
      return 'facility' in worded ? packages.place(eid, worded, key) : worded
    },
    package: packages.look,
    /** Unverified: between the look and the deletion the IPA may still come for it. What it then does shows when it is next asked for its profiles. */
    async withdraw(packageId) {
      const found = await packages.look(packageId)
      if (found?.state !== 'queued') return found
      await packages.delete(packageId)
      watch.moved(packageId, 'cancelled')
      return { ...found, state: 'cancelled' }
    },
    async *changes() {
      await eim.ready()
      yield { kind: 'connected' }
      for (const packageId of await openOrders(database)) watch.add(packageId, 'queued')
      for (const eid of euiccs) await packages.askForProfiles(eid, eid)
      while (!closing.aborted) {
        yield* lookAtAll()
        await askTheSilent(packages, settings, around)
        await watch.rest()
      }
    },
  }
}

type Patience = Required<Pick<OnomondoSettings, 'pollMs' | 'inventoryMs' | 'firstContactMs'>>

const firstProfilesFrom =
  (packages: Packages, { pollMs, firstContactMs }: Patience, { database, outside, closing }: Around) =>
  async (eid: string): Promise<readonly Profile[]> => {
    const { clock, timers } = outside
    const patientUntil = clock.now() + firstContactMs
    const answer = await packages.askForProfiles(eid, eid)
    if (answer.kind === 'refused') throw new PlatformUnavailable(answer.detail)
    const { packageId } = answer.package
    for (let asked: Package | undefined = answer.package; ; asked = await packages.look(packageId)) {
      const told = await profilesOf(database, eid)
      if (told) return told
      if (!isOpen(asked?.state)) await dropOrder(database, askingFor(eid))
      if (!isOpen(asked?.state) || clock.now() >= patientUntil || closing.aborted)
        throw new PlatformUnavailable(`eUICC ${eid} has not said yet which profiles it has`)
      await wait(Math.min(pollMs, firstContactMs), { timers, signal: closing })
    }
  }

const lookingAtAll = (packages: Packages, watch: Watch, { database, outside }: Around) =>
  async function* (): AsyncGenerator<Change> {
    const waiting = watch.list()
    for (let from = 0; from < waiting.length; from += together) {
      const some = waiting.slice(from, from + together)
      const found = await Promise.all(some.map(([packageId]) => packages.look(packageId)))
      for (const [index, [packageId, before]] of some.entries()) {
        const now = found[index]
        watch.moved(packageId, now?.state)
        if (!now) await endOrder(database, packageId, outside.clock.now())
        if (now && now.state !== before) yield { kind: 'package', package: now }
      }
    }
  }

const askTheSilent = async (packages: Packages, { inventoryMs }: Patience, { database, outside }: Around) => {
  const now = outside.clock.now()
  const silent = await takeSilent(database, { now, before: now - inventoryMs, limit: together })
  for (const eid of silent) await packages.askForProfiles(eid, outside.random.uuid())
  if (silent.length > 0) await forgetOrders(database, now - keptMs)
}
