/** The resource `devices` of the control API: what a device shows of itself, and what is done around its IPA. */
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import type { Route } from '../../rest/index.ts'
import type { Connectivity } from '../device/connectivity.ts'
import type { Device } from '../device/device.ts'
import type { Pool } from '../device/pool.ts'
import { type DeviceRoute, ofDevice } from './of-device.ts'
import * as schemas from './schemas/devices.ts'
import { eid, page } from './schemas/words.ts'

interface Devices {
  readonly pool: Pool
  /** Told when it is not the card that changed. */
  readonly onChanged: (device: Device) => void
}

export const deviceRoutes = ({ pool, onChanged }: Devices): readonly Route[] => [
  {
    method: 'GET',
    path: '/devices',
    summary: 'Devices in the order of their EIDs.',
    query: { after: eid, limit: page },
    answers: {
      200: { description: 'One page; `next` is the `after` of the following one.', schema: schemas.deviceList },
    },
    handle: ({ query }) => ({
      status: 200,
      body: pool.page(query['after'] as string | undefined, query['limit'] as number),
    }),
  },
  ...ofDevice(pool, [...shown, connectivity(onChanged), ...asked]),
]

const shown: readonly DeviceRoute[] = [
  {
    method: 'GET',
    path: '/devices/{eid}',
    summary: 'A device, read from the card itself.',
    answers: { 200: { description: 'The device.', schema: schemas.device } },
    handle: (device) => ({ status: 200, body: device.view() }),
  },
  {
    method: 'GET',
    path: '/devices/{eid}/events',
    summary: 'What the card did, oldest first.',
    query: { after: { type: 'integer', minimum: 0, default: 0 } },
    answers: { 200: { description: 'Events with a higher sequence than `after`.', schema: schemas.cardEvents } },
    handle: (device, { query }) => ({ status: 200, body: { events: device.eventsAfter(query['after'] as number) } }),
  },
  {
    method: 'GET',
    path: '/devices/{eid}/recording',
    summary: 'All that `esim-testbed replay` needs to repeat the life of the card octet for octet.',
    answers: {
      200: { description: 'One JSON object a line.', mediaType: 'application/x-ndjson', schema: { type: 'string' } },
    },
    handle: (device) => ({
      status: 200,
      headers: { 'content-type': 'application/x-ndjson' },
      body: device.recording(),
    }),
  },
]

const connectivity = (onChanged: Devices['onChanged']): DeviceRoute => ({
  method: 'PUT',
  path: '/devices/{eid}/connectivity',
  summary:
    'Cuts or restores the connectivity of a device, as a whole or by profile. A device that is not reachable neither polls nor can be woken.',
  body: schemas.connectivity,
  answers: { 200: { description: 'The device.', schema: schemas.device } },
  handle(device, { body }) {
    device.setConnectivity(body as Connectivity)
    onChanged(device)
    return { status: 200, body: device.view() }
  },
})

const asked: readonly DeviceRoute[] = [
  {
    method: 'POST',
    path: '/devices/{eid}/polls',
    summary: 'Makes the IPA poll now; answers when its polling cycle has ended.',
    answers: {
      200: { description: 'What the cycle did; nothing when the device is not reachable.', schema: schemas.polled },
    },
    handle: async (device) => ({ status: 200, body: await device.poll() }),
  },
  {
    method: 'POST',
    path: '/devices/{eid}/apdu',
    summary: 'One command APDU to the card, beside its IPA.',
    body: schemas.command,
    answers: { 200: { description: 'Its response APDU.', schema: schemas.response } },
    async handle({ card }, { body }) {
      const response = await card.transmit(fromHex((body as { apdu: string }).apdu))
      return { status: 200, body: { response: toHex(response) } }
    },
  },
]
