/** The recording of a card: newline-delimited JSON, first its origin, then step by step what it was sent and answered. */
import type { Curve } from '../../protocol/crypto/index.ts'

/** First line of a recording. */
export interface Origin {
  readonly recording: typeof FORMAT
  readonly eid: string
  readonly seed: string
  /** Of the root SM-DS, as the card was made with it. */
  readonly rootDsAddress?: string
}

export const FORMAT = 'esim-testbed/card/1'

export const originOf = (eid: string, seed: string, made: Pick<Origin, 'rootDsAddress'> = {}): Origin => ({
  recording: FORMAT,
  eid,
  seed,
  ...made,
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
