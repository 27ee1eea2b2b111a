/** The testbed itself. */
import { instant, record, text } from './words.ts'

export const info = record({
  name: text,
  version: text,
  startedAt: instant,
  doors: { type: 'object', additionalProperties: text, description: 'URLs of the other doors that are open' },
})
