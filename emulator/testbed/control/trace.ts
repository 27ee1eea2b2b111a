/** The resource `trace` of the control API: what was seen, page by page, and for other programs. Long exports are sent as they are made. */
import { fromHex } from '../../../protocol/ber/index.ts'
import { problem, type Route } from '../../rest/index.ts'
import { ndjsonPages, pcapngHeader, pcapngPacket, type TraceLog } from '../../trace/index.ts'
import type { Pool } from '../device/pool.ts'
import type { RecordedStep } from '../device/recording.ts'
import { messages } from './schemas/trace.ts'
import { eid, page } from './schemas/words.ts'

interface Trace {
  readonly pool: Pool
  readonly trace: TraceLog
}

const formats = {
  ndjson: { mediaType: 'application/x-ndjson', extension: 'ndjson' },
  pcapng: { mediaType: 'application/x-pcapng', extension: 'pcapng' },
} as const
type Format = keyof typeof formats

const names = Object.keys(formats) as readonly Format[]
const mediaTypes = names.map((name) => formats[name].mediaType).join(', ')

export const traceRoutes = ({ pool, trace }: Trace): readonly Route[] => [
  {
    method: 'GET',
    path: '/trace',
    summary: 'Messages of all hops, oldest first.',
    query: { eid, after: { type: 'integer', minimum: 0, default: 0 }, limit: page },
    answers: {
      200: { description: 'Messages behind `after`; `next` is the `after` of the following page.', schema: messages },
    },
    handle: ({ query }) => ({ status: 200, body: trace.read(query) }),
  },
  {
    method: 'GET',
    path: '/trace/export',
    summary:
      'For other programs: messages of all hops (ndjson), or the APDUs of the cards with GSMTAP, which Wireshark reads (pcapng).',
    query: { format: { type: 'string', enum: names, default: 'ndjson' }, eid },
    answers: {
      200: {
        description: `By format: ${mediaTypes}.`,
        mediaType: formats.ndjson.mediaType,
        schema: { type: 'string' },
      },
      404: { description: 'No device has this EID.' },
    },
    handle({ query }) {
      const { format, eid } = query as { format: Format; eid?: string }
      if (eid !== undefined && !pool.find(eid)) return problem(404, 'No device has this EID')
      const { mediaType, extension } = formats[format]
      const headers = {
        'content-type': mediaType,
        'content-disposition': `attachment; filename="trace.${extension}"`,
      }
      return { status: 200, headers, pieces: format === 'pcapng' ? packets(pool, eid) : lines(trace, eid) }
    },
  },
]

function* lines(trace: TraceLog, eid?: string): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const page of ndjsonPages(trace, eid)) if (page !== '') yield encoder.encode(page)
}

/** Card after card; who reads a capture sorts by time. The order of the cards is that of their EIDs. */
function* packets(pool: Pool, eid?: string): Generator<Uint8Array> {
  yield pcapngHeader()
  const devices = [...pool.all()].sort((a, b) => a.eid.localeCompare(b.eid))
  for (const [card, device] of devices.entries()) {
    if (eid !== undefined && device.eid !== eid) continue
    for (const step of device.card.steps) if (step.step === 'apdu') yield pcapngPacket({ ...exchangeOf(step), card })
  }
}

type RecordedApdu = Extract<RecordedStep, { step: 'apdu' }>

const exchangeOf = ({ at, command, response }: RecordedApdu) => ({
  at,
  command: fromHex(command),
  response: fromHex(response),
})
