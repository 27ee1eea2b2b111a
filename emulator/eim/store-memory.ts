/** The eIM's knowledge in memory: gone with the process. */
import { createEventRing } from './event-ring.ts'
import type { Package } from './model.ts'
import type { Effect, EuiccState } from './state.ts'
import type { EimStore } from './store.ts'

export interface MemoryStoreOptions {
  /** Events kept for those who resume. */
  readonly keptEvents?: number
  /** Packages that are over, the latest so many. By default all. */
  readonly keptPackages?: number
}

export function createMemoryStore(options: MemoryStoreOptions = {}): EimStore {
  const { keptEvents = 10_000, keptPackages = Number.POSITIVE_INFINITY } = options
  const euiccs = new Map<string, EuiccState>()
  let inOrder: readonly string[] = []
  const packages = new Map<string, Package>()
  const ended = new Set<string>()
  const packageIdOfKey = new Map<string, string>()
  const keyOfPackage = new Map<string, string>()
  const eidOfProfile = new Map<string, string>()
  const eidOfTransaction = new Map<string, string>()
  const events = createEventRing(keptEvents)

  const keep = (before: EuiccState | undefined, after: EuiccState) => {
    euiccs.set(after.eid, after)
    if (before?.exchange) eidOfTransaction.delete(before.exchange.eimTransactionId)
    if (after.exchange) {
      eidOfTransaction.set(after.exchange.eimTransactionId, after.eid)
      packages.set(after.exchange.package.packageId, after.exchange.package)
    }
    if (before?.inventory.profiles === after.inventory.profiles) return
    for (const { iccid } of before?.inventory.profiles ?? [])
      if (eidOfProfile.get(iccid) === after.eid) eidOfProfile.delete(iccid)
    for (const { iccid } of after.inventory.profiles) eidOfProfile.set(iccid, after.eid)
  }

  const forget = (packageId: string) => {
    packages.delete(packageId)
    ended.delete(packageId)
    packageIdOfKey.delete(keyOfPackage.get(packageId) ?? '')
    keyOfPackage.delete(packageId)
  }

  const publish = (eid: string, effect: Effect) => {
    if (effect.kind === 'inventory') events.append('euicc', { eid })
    if (effect.kind !== 'package') return
    const { packageId, state } = effect.package
    packages.set(packageId, effect.package)
    if (effect.idempotencyKey !== undefined) {
      packageIdOfKey.set(keyOf(eid, effect.idempotencyKey), packageId)
      keyOfPackage.set(packageId, keyOf(eid, effect.idempotencyKey))
    }
    if (state === 'done' || state === 'cancelled') ended.add(packageId)
    const [oldest] = ended
    if (oldest !== undefined && ended.size > keptPackages) forget(oldest)
    events.append('package', effect.package)
  }

  return {
    async change({ eid, idempotencyKey }, decide) {
      const before = euiccs.get(eid)
      const ordered =
        idempotencyKey === undefined ? undefined : packages.get(packageIdOfKey.get(keyOf(eid, idempotencyKey)) ?? '')
      const turn = decide(before, ordered)
      if (turn.state) keep(before, turn.state)
      for (const effect of turn.effects) publish(eid, effect)
      return turn
    },
    euicc: async (eid) => euiccs.get(eid),
    async euiccs({ after = '', limit }) {
      if (inOrder.length !== euiccs.size) inOrder = [...euiccs.keys()].sort()
      const from = inOrder.findIndex((eid) => eid > after)
      return from < 0 ? [] : inOrder.slice(from, from + limit).flatMap((eid) => euiccs.get(eid) ?? [])
    },
    package: async (packageId) => packages.get(packageId),
    eidOfProfile: async (iccid) => eidOfProfile.get(iccid),
    eidOfTransaction: async (eimTransactionId) => eidOfTransaction.get(eimTransactionId),
    events,
  }
}

const keyOf = (eid: string, idempotencyKey: string) => `${eid} ${idempotencyKey}`
