/** The event stream, read with fetch so that it can carry a token. It joins again behind the last event until it is ended. */
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { authorization, BASE } from './client-http.ts'
import type { StreamEvent } from './contract.ts'

export interface StreamListener {
  /** Before every connection: the number behind which to go on. Rejects when the testbed cannot be asked. */
  readonly prepare: () => Promise<number>
  readonly opened: () => void
  readonly events: (events: readonly StreamEvent[]) => void
  readonly lost: (status: number | undefined) => void
}

const FIRST_RETRY_MS = 300
const LAST_RETRY_MS = 5000

export function followEvents(listener: StreamListener): () => void {
  const ended = new AbortController()
  const run = async () => {
    let wait = FIRST_RETRY_MS
    while (!ended.signal.aborted) {
      const status = await connectOnce(listener, ended.signal).catch(() => undefined)
      if (ended.signal.aborted) return
      listener.lost(status)
      wait = status === 200 ? FIRST_RETRY_MS : Math.min(2 * wait, LAST_RETRY_MS)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  void run()
  return () => ended.abort()
}

/** The status with which the stream was answered, once it is over. */
async function connectOnce(listener: StreamListener, signal: AbortSignal): Promise<number> {
  const after = await listener.prepare()
  const answer = await fetch(`${BASE}/events?after=${after}`, { headers: authorization(), signal })
  if (!answer.ok || !answer.body) return answer.status
  listener.opened()
  const reader = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader()
  const collect = collector(listener.events)
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
    if (done || !value) return answer.status
    collect({ id: Number(value.id), event: value.event ?? 'message', data: JSON.parse(value.data) })
  }
}

/** Gives events on in batches: a burst of them is one change of the page. */
function collector(give: (events: readonly StreamEvent[]) => void): (event: StreamEvent) => void {
  let batch: StreamEvent[] = []
  return (event) => {
    if (batch.push(event) > 1) return
    setTimeout(() => {
      const full = batch
      batch = []
      give(full)
    }, BATCH_MS)
  }
}

const BATCH_MS = 40
