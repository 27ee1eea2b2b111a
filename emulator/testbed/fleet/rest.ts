/** Devices of which most are at rest: a row of data each. A device has an IPA while it is awake. */
import { createCard, type EmulatedCard, type EuiccState, systemEntropy } from '../../euicc/index.ts'
import {
  createIpa,
  createVolatileMemory,
  type Ipa,
  type IpaMemory,
  type IpaSettings,
  type PollingOutcome,
} from '../../ipa/index.ts'
import type { HttpClient } from '../../ports/index.ts'
import { systemRandom } from '../clock-system.ts'

export interface DeviceParts {
  readonly http: HttpClient
  readonly delay: (ms: number) => Promise<void>
  readonly settings: Partial<IpaSettings>
  /** An IPA that wakes asks its card who it is, and what it can: so many stay awake, with 17 kB each. By default five thousand. */
  readonly awakeAtMost?: number
}

interface Awake {
  readonly card: EmulatedCard
  readonly ipa: Ipa
  readonly memory: IpaMemory
}

/** `cards` is theirs from now on: each is the card of its device as it was last seen. */
export function createRest(cards: EuiccState[], { awakeAtMost = 5_000, ...parts }: DeviceParts) {
  const awake = new Map<number, Awake>()
  function wake(state: EuiccState): Awake {
    const card = createCard({ state, entropy: systemEntropy })
    const memory = createVolatileMemory()
    return { card, memory, ipa: createIpa({ ...parts, card, random: systemRandom, memory }) }
  }
  return {
    async poll(device: number): Promise<PollingOutcome> {
      const state = cards[device]
      if (!state) throw new Error(`there is no device ${device}`)
      const agent = awake.get(device) ?? wake(state)
      awake.set(device, agent)
      const outcome = await agent.ipa.poll()
      if (awake.size > awakeAtMost && outcome.failures.length === 0 && (await isForgetful(agent.memory))) {
        await agent.card.reset()
        cards[device] = agent.card.state
        awake.delete(device)
      }
      return outcome
    },
  }
}

/** Nothing would be lost with this IPA. */
async function isForgetful(memory: IpaMemory): Promise<boolean> {
  const { downloads, stateChange, disclosed } = await memory.load()
  return downloads.length === 0 && stateChange === undefined && Object.keys(disclosed).length === 0
}
