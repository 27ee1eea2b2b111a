/** Control API: the fleet, everything that stands in one card, and what is done to a device beside its messages. */
import { fromHex } from '../../protocol/ber/index.ts'
import type { ResetOption } from '../ipa/index.ts'
import type { HttpHandler } from '../ports/index.ts'
import { problem, type Reply, type Route } from '../rest/index.ts'
import type { TraceLog } from '../trace/index.ts'
import { cardDetail } from './card-detail.ts'
import type { Device } from './device.ts'
import * as schemas from './device-schemas.ts'
import type { EventLog } from './event-log.ts'
import { type Contacts, fleetRow } from './fleet.ts'
import type { Pool } from './pool.ts'
import { sessionsIn } from './verdict-session.ts'
import { verdictsOf } from './verdicts.ts'

export interface DeviceRoutes {
  readonly pool: Pool
  readonly events: EventLog
  readonly contacts: Contacts
  readonly trace: TraceLog
  readonly handleNorthbound: HttpHandler
}

type Row = Omit<Route, 'handle'> & {
  readonly handle: (device: Device, call: Parameters<Route['handle']>[0]) => unknown
}

const parameters = { eid: schemas.eid }
const noDevice = { 404: { description: 'No device has this EID.' } }

export function deviceRoutes(parts: DeviceRoutes): readonly Route[] {
  const { pool, trace, handleNorthbound } = parts
  const rows: readonly Row[] = [
    {
      method: 'GET',
      path: '/devices/{eid}/card',
      summary: 'Everything that stands in the card: now, or after the event with this sequence.',
      parameters,
      query: { sequence: { type: 'integer', minimum: 0 } },
      answers: { 200: { description: 'The card.', schema: schemas.card }, ...noDevice },
      handle(device, { query }) {
        const { sequence = device.card.state.sequence } = query as { sequence?: number }
        const state = device.stateAt(sequence)
        return state ? { status: 200, body: cardDetail(state) } : problem(404, 'The card was never there')
      },
    },
    {
      method: 'POST',
      path: '/devices/{eid}/power-cycles',
      summary: 'Takes the power from the card and gives it back: channels and sessions are gone.',
      parameters,
      answers: { 204: { description: 'It is up again.' }, ...noDevice },
      async handle(device) {
        await device.card.reset()
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      path: '/devices/{eid}/memory-resets',
      summary: 'ES10b.eUICCMemoryReset with these options, and what the card answered; the next poll reports it.',
      parameters,
      body: schemas.memoryReset,
      answers: {
        200: { description: 'The response of the card.', schema: { type: 'object' } },
        409: { description: 'The card refused a command, with its status word.' },
        ...noDevice,
      },
      async handle(device, { body }) {
        const answer = await device.ipa.resetMemory((body as { resetOptions: ResetOption[] }).resetOptions)
        return 'kind' in answer ? problem(409, 'The card refused', answer.detail) : { status: 200, body: answer }
      },
    },
    {
      method: 'POST',
      path: '/devices/{eid}/verdicts',
      summary:
        'Checks the signatures and certificates in octets of messages, with what this device and its servers know.',
      parameters,
      body: schemas.signedOctets,
      answers: { 200: { description: 'A verdict for each.', schema: schemas.verdicts }, ...noDevice },
      handle(device, { body }) {
        const { octets } = body as { octets: readonly string[] }
        const context = { state: device.card.state, session: sessionsIn(trace, device.eid) }
        const verdicts = octets.flatMap((text) => verdictsOf(fromHex(text), context))
        return { status: 200, body: { verdicts } }
      },
    },
    {
      method: 'POST',
      path: '/devices/{eid}/packages',
      summary: 'Queues a package at the eIM, as its northbound door does: PSMO, eCO, a download or a data request.',
      parameters,
      body: { type: 'object' },
      answers: {
        202: { description: 'The package, as the eIM answers.', schema: { type: 'object' } },
        400: { description: 'The eIM cannot read the order.' },
        422: { description: 'The eIM refuses the order.' },
        ...noDevice,
      },
      handle: (device, { body }) => queue(handleNorthbound, device.eid, body),
    },
  ]
  const withDevice = ({ handle, ...row }: Row): Route => ({
    ...row,
    handle(call) {
      const device = pool.find(call.parameters['eid'] ?? '')
      return (device ? handle(device, call) : problem(404, 'No device has this EID')) as Reply | Promise<Reply>
    },
  })
  return [fleetRoute(parts), ...rows.map(withDevice)]
}

const fleetRoute = ({ pool, events, contacts }: DeviceRoutes): Route => ({
  method: 'GET',
  path: '/fleet',
  summary: 'Every device in one line. `next` is the `after` of the event stream that continues from here.',
  answers: { 200: { description: 'The fleet.', schema: schemas.fleet } },
  handle() {
    const next = events.last
    return { status: 200, body: { next, devices: Array.from(pool.all(), (device) => fleetRow(device, contacts)) } }
  },
})

async function queue(handleNorthbound: HttpHandler, eid: string, order: unknown): Promise<Reply> {
  const { status, headers, body } = await handleNorthbound({
    method: 'POST',
    path: `/eim/v1/euiccs/${eid}/packages`,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(order)),
  })
  return { status, headers, body: new TextDecoder().decode(body) }
}
