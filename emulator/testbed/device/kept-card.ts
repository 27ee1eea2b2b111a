import type { EuiccState } from '../../euicc/index.ts'
import type { TestbedStore } from '../store-database.ts'
import type { NewDevice } from './new-device.ts'
import type { RecordedCard } from './recorded-card.ts'

/** A card that answers only when what it has changed in its memory is kept. */
export function createKeptCard(card: RecordedCard, keep: (state: EuiccState) => Promise<void>): RecordedCard {
  let { memory } = card.state
  const kept = async () => {
    if (card.state.memory === memory) return
    memory = card.state.memory
    await keep(card.state)
  }
  return {
    steps: card.steps,
    get state() {
      return card.state
    },
    async transmit(command) {
      const response = await card.transmit(command)
      await kept()
      return response
    },
    async reset() {
      await card.reset()
      await kept()
    },
  }
}

/** Keeps the card of a device. One that is only half made would be of no use: until `begin` it is not kept, so that it is made anew. */
export function createKeeper(store: TestbedStore, { eid, owner, specification }: NewDevice) {
  const device = { eid, owner, ...(specification && { specification }) }
  let hasBegun = false
  const keep = async ({ memory, sequence }: EuiccState) => {
    if (hasBegun) await store.put({ ...device, memory, sequence })
  }
  return {
    keep,
    async begin(state: EuiccState) {
      hasBegun = true
      await keep(state)
    },
  }
}
