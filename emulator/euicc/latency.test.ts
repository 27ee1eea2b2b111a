import { expect, test } from 'vitest'
import { createCard } from './card/card.ts'
import { systemEntropy } from './entropy.ts'
import { durationMs, type Latency, withLatency } from './latency.ts'
import type { EuiccState } from './state.ts'
import { newCard } from './testing/cards.ts'
import { download } from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'

/** A terminal that notes how long each command would take. */
class Stopwatch extends Terminal {
  readonly latency: Latency
  readonly times: number[] = []

  constructor(state: EuiccState, latency: Latency) {
    super(state)
    this.latency = latency
  }

  override transmit(apdu: Uint8Array): Uint8Array {
    this.times.push(durationMs(this.latency, this.state, apdu))
    return super.transmit(apdu)
  }
}

test.each([120, 255])('a download takes what real silicon takes, in blocks of %i octets', (blockSize) => {
  const card = new Stopwatch(newCard(), 'silicon')
  card.selectIsdr()
  download(card, { blockSize })
  const apart = card.times.filter((time) => [4.7, 3016, 3707].includes(time))
  expect(apart).toEqual([4.7, 3016, 3707])
  const sum = card.times.reduce((total, time) => total + time, 0)
  expect(sum - 4.7 - 3016 - 3707).toBeCloseTo(20_000, 6)
})

test('without latency nothing takes time; nor does a function that nobody has measured, or a segment of nothing', () => {
  const card = new Stopwatch(newCard(), 'none')
  card.selectIsdr()
  download(card)
  expect(new Set(card.times)).toEqual(new Set([0]))
  const other = new Stopwatch(newCard(), 'silicon')
  other.selectIsdr()
  for (const apdu of ['80e2910003bf2d00', '80e2910002a000', '80e29100', '00', '80e2910003bf2000']) other.send(apdu)
  expect(other.times).toEqual([0, 0, 0, 0, 0, 40])
})

test('the delay is around the card: commands wait for it and for each other, and the clock may skip it', async () => {
  const waited: number[] = []
  const card = createCard({ state: newCard(), entropy: systemEntropy })
  const slow = withLatency(card, { latency: 'silicon', delay: async (ms) => void waited.push(ms) })
  const apdus = ['00a4040010a0000005591010ffffffff8900000100', '80e2910003bf2000', '80e2910003bf2e00']
  const answers = await Promise.all(apdus.map((apdu) => slow.transmit(Buffer.from(apdu, 'hex'))))
  expect(answers.map((answer) => answer[0])).toEqual([0x61, 0x61, 0x61])
  expect(waited).toEqual([40, 4.7])
  await slow.reset()
  expect(withLatency(card, { latency: 'none', delay: async () => {} })).toBe(card)
})
