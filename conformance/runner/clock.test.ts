import { expect, test } from 'vitest'
import { until } from './clock-system.ts'

/** A clock that moves only when somebody sleeps, and then by more when the process is held up. */
const manualClock = (heldUpMs = 0) => {
  let time = 0
  return {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds + heldUpMs
    },
  }
}

test('waiting ends with the answer', async () => {
  let asked = 0
  const clock = manualClock()
  expect(await until(() => (++asked === 4 ? 'here' : undefined), { clock, timeoutMs: 1000 })).toBe('here')
  expect(asked).toBe(4)
})

test('waiting ends without an answer when the time is over', async () => {
  const clock = manualClock()
  expect(await until(() => undefined, { clock, timeoutMs: 1000 })).toBeUndefined()
  expect(clock.now()).toBeGreaterThanOrEqual(1000)
  expect(clock.now()).toBeLessThan(1300)
})

test('time in which this process was held up does not count', async () => {
  const patient = manualClock(5000)
  expect(await until(() => (patient.now() > 20_000 ? 'late' : undefined), { clock: patient, timeoutMs: 500 })).toBe(
    'late',
  )
})
