/** Events: `package` with a package whenever its state changes, `euicc` with an EID whenever the profiles on it do. */
import type { Call, Reply, Route, StreamEvent } from '../../rest/index.ts'
import { answers, type NorthboundContext } from './context.ts'

const eventId = { type: 'integer', minimum: 0 }
const description = 'Server-sent events. `gap`: some that came before are not kept any more.'

/**
 * What is kept behind Last-Event-ID, as a stream that ends: clients of server-sent events connect again. A listener answers with a stream that
 * stays open instead.
 */
export const eventRoutes = ({ store }: NorthboundContext): readonly Route[] => [
  {
    method: 'GET',
    path: '/events',
    summary: 'Changes as they happen, resumable behind Last-Event-ID or `after`.',
    headers: { 'last-event-id': eventId },
    query: { after: eventId },
    answers: answers({ 200: { description, schema: { type: 'string' }, mediaType: 'text/event-stream' } }),
    handle: ({ headers }: Call): Reply => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      body: store.events
        .since(Number(headers['last-event-id'] ?? Number.NaN))
        .map(toText)
        .join(''),
    }),
  },
]

const toText = ({ id, event, data }: StreamEvent): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
