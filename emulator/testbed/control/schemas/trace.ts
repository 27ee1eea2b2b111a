/** What was seen. */
import type { JsonSchema } from '../../../rest/index.ts'
import { count, eid, instant, list, record, text } from './words.ts'

const message: JsonSchema = {
  type: 'object',
  required: ['index', 'at', 'interface', 'from', 'to', 'operation'],
  properties: {
    index: count,
    at: instant,
    eid,
    interface: {
      type: 'string',
      enum: ['API', 'northbound', 'ESipa', 'ES2+', 'ES9+', 'ES10', 'ES11', 'ES12', 'event'],
    },
    from: text,
    to: text,
    operation: text,
    status: text,
    octets: text,
    json: {},
    correlation: { type: 'object', additionalProperties: text },
  },
}

export const messages = record({ messages: list(message), next: count })
