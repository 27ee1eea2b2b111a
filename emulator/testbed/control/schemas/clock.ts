/** Its clock. */
import { flag, instant, record } from './words.ts'

export const clock = record({ now: instant, mode: { type: 'string', enum: ['real', 'virtual'] }, paused: flag }, [
  'paused',
])

export const clockChange = record(
  {
    advanceMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3_153_600_000_000,
      description: 'milliseconds to go on by, whoever waits',
    },
    paused: { ...flag, description: 'true: it does not go on by itself' },
  },
  ['advanceMs', 'paused'],
)
