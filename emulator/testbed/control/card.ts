/** Control API: everything that stands in one card, and what is done to it beside its messages. */
import { fromHex } from '../../../protocol/ber/index.ts'
import type { ResetOption } from '../../ipa/index.ts'
import type { HttpHandler } from '../../ports/index.ts'
import { problem, type Reply, type Route } from '../../rest/index.ts'
import type { TraceLog } from '../../trace/index.ts'
import type { Pool } from '../device/pool.ts'
import { sessionsIn } from '../verdicts/session.ts'
import { verdictsOf } from '../verdicts/verdicts.ts'
import { cardDetail } from './card-detail.ts'
import { type DeviceRoute, ofDevice } from './of-device.ts'
import * as schemas from './schemas/card.ts'

interface Cards {
  readonly pool: Pool
  readonly trace: TraceLog
  readonly handleNorthbound: HttpHandler
}

export const cardRoutes = ({ pool, trace, handleNorthbound }: Cards): readonly Route[] =>
  ofDevice(pool, [...card, verdicts(trace), packages(handleNorthbound)])

const card: readonly DeviceRoute[] = [
  {
    method: 'GET',
    path: '/devices/{eid}/card',
    summary: 'Everything that stands in the card: now, or after the event with this sequence.',
    query: { sequence: { type: 'integer', minimum: 0 } },
    answers: { 200: { description: 'The card.', schema: schemas.card } },
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
    answers: { 204: { description: 'It is up again.' } },
    async handle(device) {
      await device.card.reset()
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: '/devices/{eid}/memory-resets',
    summary: 'ES10b.eUICCMemoryReset with these options, and what the card answered; the next poll reports it.',
    body: schemas.memoryReset,
    answers: {
      200: { description: 'The response of the card.', schema: { type: 'object' } },
      409: { description: 'The card refused a command, with its status word.' },
    },
    async handle(device, { body }) {
      const answer = await device.ipa.resetMemory((body as { resetOptions: ResetOption[] }).resetOptions)
      return 'kind' in answer ? problem(409, 'The card refused', answer.detail) : { status: 200, body: answer }
    },
  },
]

const verdicts = (trace: TraceLog): DeviceRoute => ({
  method: 'POST',
  path: '/devices/{eid}/verdicts',
  summary: 'Checks the signatures and certificates in octets of messages, with what this device and its servers know.',
  body: schemas.signedOctets,
  answers: { 200: { description: 'A verdict for each.', schema: schemas.verdicts } },
  handle(device, { body }) {
    const { octets } = body as { octets: readonly string[] }
    const context = { state: device.card.state, session: sessionsIn(trace, device.eid) }
    return { status: 200, body: { verdicts: octets.flatMap((text) => verdictsOf(fromHex(text), context)) } }
  },
})

const packages = (handleNorthbound: HttpHandler): DeviceRoute => ({
  method: 'POST',
  path: '/devices/{eid}/packages',
  summary: 'Queues a package at the eIM, as its northbound door does: PSMO, eCO, a download or a data request.',
  body: { type: 'object' },
  answers: {
    202: { description: 'The package, as the eIM answers.', schema: { type: 'object' } },
    400: { description: 'The eIM cannot read the order.' },
    422: { description: 'The eIM refuses the order.' },
  },
  async handle({ eid }, { body: order }): Promise<Reply> {
    const { status, headers, body } = await handleNorthbound({
      method: 'POST',
      path: `/eim/v1/euiccs/${eid}/packages`,
      headers: { 'content-type': 'application/json' },
      body: new TextEncoder().encode(JSON.stringify(order)),
    })
    return { status, headers, body: new TextDecoder().decode(body) }
  },
})
