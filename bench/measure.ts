/** One line of the table: what is measured, and the other implementation it is compared with, doing the same to the same octets. */
export interface Benchmark {
  readonly name: string
  readonly ours: () => unknown
  readonly other: { readonly name: string; readonly run: () => unknown }
}

export interface Measured {
  readonly name: string
  readonly other: string
  readonly oursMicroseconds: number
  readonly otherMicroseconds: number
  readonly ratio: number
}

const ROUNDS = 9
const ROUND_MS = 40

/** Both sides in turns, so that what else the machine does meets both. */
export function measure({ name, ours, other }: Benchmark): Measured {
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: microseconds(ours), other: microseconds(other.run) }))
  const oursMicroseconds = median(rounds.map((round) => round.ours))
  const otherMicroseconds = median(rounds.map((round) => round.other))
  return { name, other: other.name, oursMicroseconds, otherMicroseconds, ratio: otherMicroseconds / oursMicroseconds }
}

/** Time of one call, from as many as fit in a round. */
function microseconds(run: () => unknown): number {
  const start = performance.now()
  const end = start + ROUND_MS
  let calls = 0
  let now = start
  while (now < end) {
    for (let i = 0; i < 16; i++) run()
    calls += 16
    now = performance.now()
  }
  return ((now - start) * 1000) / calls
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
