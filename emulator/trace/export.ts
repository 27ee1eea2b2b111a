import type { TraceLog, TraceMessage } from './trace.ts'

/** One JSON object a line (application/x-ndjson), in the order given. */
export const toNdjson = (messages: Iterable<TraceMessage>): string =>
  Array.from(messages, (message) => `${JSON.stringify(message)}\n`).join('')

const PAGE = 500

/** The same of a whole log in pieces, up to the message that is the latest now. */
export function* ndjsonPages(trace: TraceLog, eid?: string): Generator<string> {
  const { next: end } = trace.read({ limit: 0, after: Number.MAX_SAFE_INTEGER })
  let after = 0
  for (;;) {
    const { messages, next } = trace.read({ after, limit: PAGE, ...(eid !== undefined && { eid }) })
    yield toNdjson(messages)
    if (messages.length < PAGE || next >= end) return
    after = next
  }
}
