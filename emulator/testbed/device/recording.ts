/** The recording of a card: newline-delimited JSON, first its origin, then step by step what it was sent and answered. */
import type { Curve } from '../../../protocol/crypto/index.ts'
import type { CardSettings } from '../../euicc/index.ts'

/** First line of a recording. */
export interface Origin {
  readonly recording: typeof FORMAT
  readonly eid: string
  readonly seed: string
  /** How it was made. Absent: as the testbed makes cards. */
  readonly card?: CardSettings
}

export const FORMAT = 'esim-testbed/card/1'

export const originOf = (eid: string, seed: string, card: CardSettings = {}): Origin => ({
  recording: FORMAT,
  eid,
  seed,
  ...(Object.keys(card).length > 0 && { card }),
})

/** One step of a recording. Octets in hexadecimal, `at` in milliseconds since the Unix epoch. */
export type RecordedStep =
  | { readonly step: 'reset'; readonly at: number }
  | {
      readonly step: 'apdu'
      readonly at: number
      readonly command: string
      readonly response: string
      readonly draws: readonly RecordedDraw[]
    }

export type RecordedDraw =
  | { readonly kind: 'random' | 'signature'; readonly octets: string }
  | { readonly kind: 'key-pair'; readonly curve: Curve; readonly scalar: string }
