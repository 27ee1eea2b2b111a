/** Orders as resources of the eIM, and what their outcomes say of eUICCs: the same key finds the same resource, also when the answer to its creation was lost. */
import { isDeepStrictEqual } from 'node:util'
import { createTurnstile } from '../operations/turnstile.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import {
  endOrder,
  findOrder,
  type KeptOrder,
  keepOrder,
  keepProfiles,
  nameOrder,
  profilesOf,
  unclaimed,
} from '../store/platform.ts'
import type { Facility, OnomondoClient, Resource } from './onomondo-http.ts'
import type { Watch } from './onomondo-watch.ts'
import { listing, profilesAfter, type Understood, understood, type Worded } from './onomondo-wording.ts'
import type { OrderRefused, Package } from './platform.ts'

type Ordered = Extract<Worded, { facility: Facility }>
type Placed = { readonly kind: 'package'; readonly package: Package } | OrderRefused

export interface Packages {
  place(eid: string, ordered: Ordered, key: string): Promise<Placed>
  /** An order of our own for the profiles of the eUICC. */
  askForProfiles(eid: string, about: string): Promise<Placed>
  /** undefined: the eIM does not know it. */
  look(packageId: string): Promise<Package | undefined>
  delete(packageId: string): Promise<void>
}

interface Around {
  readonly eim: OnomondoClient
  readonly database: Database
  readonly outside: Pick<Outside, 'clock'>
  readonly watch: Watch
}

const stateOf = { new: 'queued', work: 'delivered', done: 'done' } as const

export const createPackages = (around: Around): Packages => {
  const { eim, database, watch } = around
  const { clock } = around.outside
  const { send, resourceAt } = createResources(around)

  const place: Packages['place'] = async (eid, ordered, key) => {
    const sent = await send(eid, ordered, key)
    if (sent.kind === 'refused') return sent
    const { packageId } = sent
    return { kind: 'package', package: (await look(packageId)) ?? { packageId, eid, state: 'queued' } }
  }

  const askForProfiles: Packages['askForProfiles'] = (eid, about) => place(eid, listing, askingFor(about))

  const look: Packages['look'] = async (packageId) => {
    const found = await resourceAt(packageId)
    if (!found) return undefined
    const { eidValue: eid } = found.resource
    const state = stateOf[found.status]
    if (state === 'done') return { packageId, eid, ...(await ended(packageId, found)) }
    watch.add(packageId, state)
    return { packageId, eid, state }
  }

  const ended = async (
    packageId: string,
    { resource, outcome }: Resource,
  ): Promise<Omit<Package, 'packageId' | 'eid'>> => {
    const end = understood(packageId.startsWith('download/') ? 'download' : 'psmo', outcome)
    const kept = await findOrder(database, packageId)
    if (kept && !kept.isEnded && end.kind === 'result') await learn(kept, resource.order, end)
    await endOrder(database, packageId, clock.now())
    return end.kind === 'result' ? { state: 'done', result: end.result } : { state: end.kind }
  }

  /** Once for each package. Where its outcome does not say enough the eUICC is asked, and behind a download, which says nothing of the new profile's state. */
  const learn = async (kept: KeptOrder, order: unknown, { result, profiles }: Understood): Promise<void> => {
    const { eid, key, packageId = '' } = kept
    const before = await profilesOf(database, eid)
    const told = profiles ?? (before && profilesAfter(before, order, result))
    if (told) await keepProfiles(database, { ...kept, profiles: told, now: clock.now() })
    const isEnough = told && result.kind !== 'profileInstallationResult'
    if (!isEnough && !isAsking(key)) await askForProfiles(eid, packageId)
  }

  return { place, askForProfiles, look, delete: (packageId) => eim.delete(...placeOf(packageId)) }
}

const createResources = ({ eim, database, outside: { clock } }: Around) => {
  /** Orders for one eUICC reach the eIM in the order of their positions. */
  const turnstile = createTurnstile()

  const resourceAt = async (packageId: string): Promise<Resource | undefined> => {
    const [facility, resourceId] = placeOf(packageId)
    return facility === 'psmo' || facility === 'download' ? eim.lookUp(facility, resourceId) : undefined
  }

  /** The resource of an order that was on its way when somebody died: one that says the same and belongs to no other order. */
  const lostResource = async (eid: string, { facility, order }: Ordered): Promise<string | undefined> => {
    const packageIds = (await eim.list(facility)).map((resourceId) => packageIdOf(facility, resourceId))
    for (const packageId of await unclaimed(database, packageIds)) {
      const found = await resourceAt(packageId)
      if (found && isDeepStrictEqual(found.resource, { eidValue: eid, order })) return packageId
    }
    return undefined
  }

  const sendNow = async (eid: string, ordered: Ordered, key: string) => {
    const { order: kept, isNew } = await keepOrder(database, { eid, key, now: clock.now() })
    const known = kept.packageId ?? (isNew ? undefined : await lostResource(eid, ordered))
    const made = known ? undefined : await eim.create(ordered.facility, { eidValue: eid, order: ordered.order })
    if (made?.kind === 'refused') return made
    const packageId = known ?? packageIdOf(ordered.facility, made?.resourceId ?? '')
    if (kept.packageId === undefined) await nameOrder(database, key, packageId)
    return { kind: 'package' as const, packageId }
  }

  return {
    resourceAt,
    send: (eid: string, ordered: Ordered, key: string) => turnstile.enter(eid, () => sendNow(eid, ordered, key)),
  }
}

/** Keys of orders of our own. */
export const askingFor = (about: string): string => `profiles/${about}`
const isAsking = (key: string): boolean => key.startsWith(askingFor(''))

const packageIdOf = (facility: Facility, resourceId: string): string => `${facility}/${resourceId}`

const placeOf = (packageId: string): readonly [Facility, string] => {
  const [facility, ...rest] = packageId.split('/')
  return [facility as Facility, rest.join('/')]
}
