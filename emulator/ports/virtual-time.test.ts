import { expect, test } from 'vitest'
import { createVirtualTime } from './virtual-time.ts'

/** A clock at 0 in a world where nothing but promises runs. */
function clock() {
  const seen: string[] = []
  const time = createVirtualTime({ start: 0, settled: () => new Promise(setImmediate) })
  const note = (what: string) => () => void seen.push(`${what} at ${time.now()}`)
  return { time, seen, note }
}

test('time goes where somebody waits, and what becomes of that happens before it goes on', async () => {
  const { time, seen, note } = clock()
  const first = time
    .delay(5000)
    .then(note('first'))
    .then(() => time.delay(10))
    .then(note('after the first'))
  const second = time.delay(6000).then(note('second'))
  await Promise.all([first, second])
  expect(seen).toEqual(['first at 5000', 'after the first at 5010', 'second at 6000'])
})

test('a limit does not pull the clock, but is passed at its instant', async () => {
  const { time, seen, note } = clock()
  time.after(1000, note('limit'))
  time.after(9000, note('a later limit'))
  await time.delay(3000).then(note('wait'))
  expect(seen).toEqual(['limit at 1000', 'wait at 3000'])
})

test('a limit that is taken back never rings; one that somebody waits for pulls', async () => {
  const { time, seen, note } = clock()
  time.after(1000, note('never'))()
  await new Promise<void>((resolve) => void time.after(2000, resolve, 'wait'))
  expect([time.now(), seen]).toEqual([2000, []])
})

test('a rhythm pulls the clock while it is wanted, and is passed otherwise', async () => {
  const { time, seen, note } = clock()
  const beat = note('beat')
  const twice = new Promise<void>((resolve) => {
    const rhythm = time.every(30, () => {
      beat()
      if (seen.length === 2) rhythm.want(false)
      if (seen.length === 2) resolve()
      if (seen.length === 3) rhythm.stop()
    })
    rhythm.want(true)
  })
  await twice
  expect(time.now()).toBe(60)
  await time.advance(1000)
  expect(seen).toEqual(['beat at 30', 'beat at 60', 'beat at 90'])
})

test('to advance rings everything on the way, in order, whoever waits', async () => {
  const { time, seen, note } = clock()
  time.after(50, note('b'))
  time.after(20, note('a'))
  time.after(50, note('c'))
  time.after(51, note('d'))
  await time.advance(50)
  expect([time.now(), seen]).toEqual([50, ['a at 20', 'b at 50', 'c at 50']])
})

test('a clock that is paused goes on only when it is told to', async () => {
  const { time, seen, note } = clock()
  time.pause()
  const waited = time.delay(100).then(note('wait'))
  await time.advance(99)
  expect([time.now(), seen, time.isPaused]).toEqual([99, [], true])
  time.resume()
  await waited
  expect(seen).toEqual(['wait at 100'])
})
