import { toHex } from '../../../protocol/ber/index.ts'
import {
  type CardOptions,
  createCard,
  type EmulatedCard,
  type EntropyDraw,
  recordingEntropy,
} from '../../euicc/index.ts'
import type { RecordedDraw, RecordedStep } from './recording.ts'

export interface RecordedCard extends EmulatedCard {
  /** Since the card was made, as many as are kept. */
  readonly steps: readonly RecordedStep[]
}

/** A card that keeps commands, answers and all chance in between, so that it can be replayed octet for octet. */
export interface RecordedCardOptions extends CardOptions {
  /** The first so many steps: a replay begins with the first. By default all. */
  readonly keptSteps?: number
}

export function createRecordedCard(
  { entropy, keptSteps = Number.POSITIVE_INFINITY, ...options }: RecordedCardOptions,
  now: () => number,
): RecordedCard {
  const steps: RecordedStep[] = []
  const keep = (step: RecordedStep) => {
    if (steps.length < keptSteps) steps.push(step)
  }
  let draws: RecordedDraw[] = []
  const card = createCard({ ...options, entropy: recordingEntropy(entropy, (draw) => draws.push(toText(draw))) })
  return {
    steps,
    get state() {
      return card.state
    },
    async transmit(command) {
      draws = []
      const step = { step: 'apdu' as const, at: now(), command: toHex(command), draws }
      const response = await card.transmit(command)
      keep({ ...step, response: toHex(response) })
      return response
    },
    async reset() {
      await card.reset()
      keep({ step: 'reset', at: now() })
    },
  }
}

function toText(draw: EntropyDraw): RecordedDraw {
  if (draw.kind === 'key-pair') return { kind: draw.kind, curve: draw.curve, scalar: toHex(draw.scalar) }
  return { kind: draw.kind, octets: toHex(draw.octets) }
}
