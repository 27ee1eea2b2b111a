import { toHex } from '../../protocol/ber/index.ts'
import { type CardOptions, createCard, type EmulatedCard, type EntropyDraw, recordingEntropy } from '../euicc/index.ts'
import type { RecordedDraw, RecordedStep } from './recording.ts'

export interface RecordedCard extends EmulatedCard {
  /** Everything since the card was made. */
  readonly steps: readonly RecordedStep[]
}

/** A card that keeps every command, every answer and all chance in between, so that it can be replayed octet for octet. */
export function createRecordedCard({ entropy, ...options }: CardOptions, now: () => number): RecordedCard {
  const steps: RecordedStep[] = []
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
      steps.push({ ...step, response: toHex(response) })
      return response
    },
    async reset() {
      await card.reset()
      steps.push({ step: 'reset', at: now() })
    },
  }
}

function toText(draw: EntropyDraw): RecordedDraw {
  if (draw.kind === 'key-pair') return { kind: draw.kind, curve: draw.curve, scalar: toHex(draw.scalar) }
  return { kind: draw.kind, octets: toHex(draw.octets) }
}
