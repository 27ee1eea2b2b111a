/** An exchange has got its answer: the package is done, or stays with the IPA for the listProfileInfo that makes the inventory true again. */
import { newTransactionId, type Tools } from './delivery.ts'
import type { PackageResult } from './model.ts'
import { inventoryEffects } from './notifications.ts'
import { completePackage } from './queue.ts'
import type { Reception } from './reception.ts'
import type { EuiccState, Exchange, Inventory, Turn } from './state.ts'

export interface Answered {
  /** With what the answer has told. */
  readonly state: EuiccState
  readonly exchange: Exchange
  readonly result: PackageResult
  readonly acknowledged: readonly number[]
}

export function settle(before: EuiccState, answered: Answered, tools: Tools): Turn<Reception> {
  const { state, exchange, result, acknowledged } = answered
  const told = inventoryEffects(before, state)
  const answer = { acknowledged }
  if (state.identities.length > 0 && needsInventory(exchange, state.inventory)) {
    const next = askInventory(exchange, result, tools)
    return { state: { ...state, exchange: next }, effects: told, answer }
  }
  const inventory = askLater(state.inventory, tools)
  const { state: after, effects } = completePackage({ ...state, exchange, inventory }, result, tools.now)
  return { state: after, effects: [...told, ...effects], answer }
}

/** Not after eCOs: they change no profile, and one of them may have ended our own association. */
const needsInventory = ({ purpose, package: { order } }: Exchange, { stale }: Inventory): boolean =>
  stale && purpose === 'order' && !('eco' in order)

const askInventory = (exchange: Exchange, result: PackageResult, { random }: Tools): Exchange => ({
  package: exchange.package,
  purpose: 'inventory',
  eimTransactionId: newTransactionId(random),
  deliveries: 0,
  result,
})

const askLater = (inventory: Inventory, { now, retryAfterMs }: Tools): Inventory =>
  inventory.stale ? { ...inventory, askAt: now + retryAfterMs } : inventory
