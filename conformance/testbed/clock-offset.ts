/** How the testbed's clock relates to the runner's, measured by round trips as in RFC 5905, section 8, without its filters. */
export interface ClockOffset {
  /** Testbed time minus runner time, milliseconds. */
  readonly offsetMs: number
  /** The true offset lies within plus or minus this. */
  readonly uncertaintyMs: number
}

/** Of a clock that stands still and jumps: nothing about the order of moments on the two clocks is certain. */
export const unknownOffset: ClockOffset = { offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY }

/** It goes on as the runner's does. */
export const isSteady = ({ uncertaintyMs }: ClockOffset): boolean => Number.isFinite(uncertaintyMs)

/** The testbed says milliseconds: half of one to either side cannot be known. */
const RESOLUTION_MS = 1

export async function measureOffset(
  now: () => number,
  remote: () => Promise<number>,
  samples = 5,
): Promise<ClockOffset> {
  const measured: ClockOffset[] = []
  for (let sample = 0; sample < samples; sample++) {
    const sent = now()
    const there = await remote()
    const received = now()
    measured.push({ offsetMs: there - (sent + received) / 2, uncertaintyMs: (received - sent) / 2 + RESOLUTION_MS })
  }
  return measured.reduce((best, next) => (next.uncertaintyMs < best.uncertaintyMs ? next : best))
}

/** True only when the card's moment is later than the runner's beyond every doubt. */
export const certainlyAfter = (cardMs: number, runnerMs: number, { offsetMs, uncertaintyMs }: ClockOffset): boolean =>
  cardMs > runnerMs + offsetMs + uncertaintyMs
