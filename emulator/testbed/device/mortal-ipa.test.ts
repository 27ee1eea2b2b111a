import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Ipa } from '../../ipa/index.ts'
import type { Time } from '../../ports/index.ts'
import { type Crash, createMortalIpa } from './mortal-ipa.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const time = { delay: async () => {} } as unknown as Time
const done = { packagesProcessed: 1, failures: [] }

test('what a crashed IPA was asked ends with nothing done, and the next one polls', async () => {
  let lives = 0
  let crashNow: Crash = () => new Promise(() => {})
  const polls = [() => crashNow(0), async () => done]
  const ipa = createMortalIpa(time, (crash) => {
    crashNow = crash
    const poll = polls[lives]
    lives += 1
    return { poll } as unknown as Ipa
  })
  expect(await ipa.poll()).toEqual({ packagesProcessed: 0, failures: [] })
  expect(await ipa.poll()).toEqual(done)
  expect(lives).toBe(2)
})

test('what somebody at the device asks of it ends, too, and what is asked while it is down waits for the next one', async () => {
  const [first, second]: Partial<Ipa>[] = [
    { returnFromFallback: () => crashNow(0), handleInject: () => crashNow(0), poll: async () => done },
    { returnFromFallback: async () => undefined, poll: async () => done },
  ]
  let start = () => {}
  const delay = () =>
    new Promise<void>((resolve) => {
      start = resolve
    })
  const down = { delay } as unknown as Time
  let crashNow: Crash = () => new Promise(() => {})
  const lives = [first, second]
  const ipa = createMortalIpa(down, (crash) => {
    crashNow = crash
    return lives.shift() as Ipa
  })
  expect(await ipa.returnFromFallback()).toMatchObject({ kind: 'failure', reason: 'unreachable' })
  const asked = ipa.returnFromFallback()
  start()
  expect(await asked).toBe(undefined)
})

test('a poll that is over is forgotten, however long the IPA lives', async () => {
  const ended: WeakRef<object>[] = []
  const poll = async () => {
    const result = { ...done }
    ended.push(new WeakRef(result))
    return result
  }
  const ipa = createMortalIpa(time, () => ({ poll }) as unknown as Ipa)
  for (let i = 0; i < 3; i++) await ipa.poll()
  // What a WeakRef has shown lives until the end of the task.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  expect(ended.map((one) => one.deref())).toEqual([undefined, undefined, undefined])
})
