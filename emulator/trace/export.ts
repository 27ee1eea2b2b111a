import type { TraceMessage } from './trace.ts'

/** One JSON object a line (application/x-ndjson), in the order given. */
export const toNdjson = (messages: Iterable<TraceMessage>): string =>
  Array.from(messages, (message) => `${JSON.stringify(message)}\n`).join('')
