import { fromHex, toHex } from '../../protocol/ber/index.ts'
import { problem, type Reply, type Route } from '../rest/index.ts'
import type { TraceLog } from '../trace/index.ts'
import type { Connectivity } from './connectivity.ts'
import type { Device } from './device.ts'
import { type LeaseRequest, type Leases, refusalOf } from './lease.ts'
import type { Pool } from './pool.ts'
import * as schemas from './schemas.ts'

export interface ControlApi {
  readonly info: () => unknown
  readonly pool: Pool
  readonly leases: Leases
  readonly trace: TraceLog
  /** Told when it is not the card that changed. */
  readonly onChanged: (device: Device) => void
}

const PAGE = { type: 'integer', minimum: 1, maximum: 1000, default: 100 }
const ofDevice = { eid: schemas.eid }
const noDevice = { 404: { description: 'No device has this EID.' } }

const json = (body: unknown, status = 200): Reply => ({ status, body })
const answers = (schema: object, description: string) => ({
  200: { description, schema: schema as Record<string, unknown> },
})

/** Control API: what the console and the conformance runner learn from and act through. */
export function controlRoutes({ info, pool, leases, trace, onChanged }: ControlApi): readonly Route[] {
  const withDevice = (eid: string | undefined, use: (device: Device) => Reply | Promise<Reply>) => {
    const device = pool.find(eid ?? '')
    return device ? use(device) : problem(404, 'No device has this EID')
  }
  return [
    {
      method: 'GET',
      path: '/',
      summary: 'Name, version and doors.',
      answers: answers(schemas.info, 'The testbed.'),
      handle: () => json(info()),
    },
    {
      method: 'POST',
      path: '/leases',
      summary: 'Makes a device for one test: profiles brought onto it by real downloads, orders waiting at the SM-DP+.',
      body: schemas.leaseRequest,
      answers: {
        201: { description: 'The device.', schema: schemas.lease },
        422: { description: 'The shape contradicts itself.' },
      },
      async handle({ body }) {
        const request = body as LeaseRequest
        const refusal = refusalOf(request)
        return refusal ? problem(422, 'The shape contradicts itself', refusal) : json(await leases.make(request), 201)
      },
    },
    {
      method: 'GET',
      path: '/leases/{leaseId}',
      summary: 'A lease as it was answered.',
      parameters: { leaseId: { type: 'string' } },
      answers: { ...answers(schemas.lease, 'The lease.'), 404: { description: 'No such lease.' } },
      handle({ parameters }) {
        const lease = leases.find(parameters['leaseId'] ?? '')
        return lease ? json(lease) : problem(404, 'No such lease')
      },
    },
    {
      method: 'DELETE',
      path: '/leases/{leaseId}',
      summary: 'Ends a lease. Its device stays as it is, but no longer polls.',
      parameters: { leaseId: { type: 'string' } },
      answers: { 204: { description: 'Ended.' }, 404: { description: 'No such lease.' } },
      handle: ({ parameters }) =>
        leases.end(parameters['leaseId'] ?? '') ? { status: 204 } : problem(404, 'No such lease'),
    },
    {
      method: 'GET',
      path: '/devices',
      summary: 'Devices in the order of their EIDs.',
      query: { after: schemas.eid, limit: PAGE },
      answers: answers(schemas.deviceList, 'One page; `next` is the `after` of the following one.'),
      handle: ({ query }) => json(pool.page(query['after'] as string | undefined, query['limit'] as number)),
    },
    {
      method: 'GET',
      path: '/devices/{eid}',
      summary: 'A device, read from the card itself.',
      parameters: ofDevice,
      answers: { ...answers(schemas.device, 'The device.'), ...noDevice },
      handle: ({ parameters }) => withDevice(parameters['eid'], (device) => json(device.view())),
    },
    {
      method: 'GET',
      path: '/devices/{eid}/events',
      summary: 'What the card did, oldest first.',
      parameters: ofDevice,
      query: { after: { type: 'integer', minimum: 0, default: 0 } },
      answers: { ...answers(schemas.cardEvents, 'Events with a higher sequence than `after`.'), ...noDevice },
      handle: ({ parameters, query }) =>
        withDevice(parameters['eid'], (device) => json({ events: device.eventsAfter(query['after'] as number) })),
    },
    {
      method: 'PUT',
      path: '/devices/{eid}/connectivity',
      summary:
        'Cuts or restores the connectivity of a device, as a whole or by profile. A device that is not reachable neither polls nor can be woken.',
      parameters: ofDevice,
      body: schemas.connectivity,
      answers: { ...answers(schemas.device, 'The device.'), ...noDevice },
      handle: ({ parameters, body }) =>
        withDevice(parameters['eid'], (device) => {
          device.setConnectivity(body as Connectivity)
          onChanged(device)
          return json(device.view())
        }),
    },
    {
      method: 'POST',
      path: '/devices/{eid}/polls',
      summary: 'Makes the IPA poll now; answers when its polling cycle has ended.',
      parameters: ofDevice,
      answers: {
        ...answers(schemas.polled, 'What the cycle did; nothing when the device is not reachable.'),
        ...noDevice,
      },
      handle: ({ parameters }) => withDevice(parameters['eid'], async (device) => json(await device.poll())),
    },
    {
      method: 'POST',
      path: '/devices/{eid}/apdu',
      summary: 'One command APDU to the card, beside its IPA.',
      parameters: ofDevice,
      body: schemas.command,
      answers: { ...answers(schemas.response, 'Its response APDU.'), ...noDevice },
      handle: ({ parameters, body }) =>
        withDevice(parameters['eid'], async ({ card }) =>
          json({ response: toHex(await card.transmit(fromHex((body as { apdu: string }).apdu))) }),
        ),
    },
    {
      method: 'GET',
      path: '/devices/{eid}/recording',
      summary: 'All that `esim-testbed replay` needs to repeat the life of the card octet for octet.',
      parameters: ofDevice,
      answers: {
        200: { description: 'One JSON object a line.', mediaType: 'application/x-ndjson', schema: { type: 'string' } },
        ...noDevice,
      },
      handle: ({ parameters }) =>
        withDevice(parameters['eid'], (device) => ({
          status: 200,
          headers: { 'content-type': 'application/x-ndjson' },
          body: device.recording(),
        })),
    },
    {
      method: 'GET',
      path: '/trace',
      summary: 'Messages of all hops, oldest first.',
      query: { eid: schemas.eid, after: { type: 'integer', minimum: 0, default: 0 }, limit: PAGE },
      answers: answers(schemas.messages, 'Messages behind `after`; `next` is the `after` of the following page.'),
      handle: ({ query }) => json(trace.read(query)),
    },
  ]
}
