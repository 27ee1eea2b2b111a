/** The resource `faults` of the control API. */
import {
  type FaultRequest,
  type Faults,
  faultCatalogue,
  faultRequestSchema,
  parametersSchema,
} from '../../faults/index.ts'
import { type JsonSchema, problem, type Route } from '../../rest/index.ts'
import * as schemas from './schemas/faults.ts'
import { eid } from './schemas/words.ts'

const rows = Object.entries(faultCatalogue).map(([fault, row]) => {
  const { summary, place, seeded, outcome, source } = row
  return {
    fault,
    ...place,
    summary,
    parameters: parametersSchema(row),
    ...(seeded !== undefined && { seeded }),
    outcome,
    source,
  }
})

const answers = (schema: JsonSchema, description: string) => ({ 200: { description, schema } })
const noFault = { 404: { description: 'No fault with this id is switched on.' } }
const ofFault = { id: { type: 'string' } }

export function faultRoutes(faults: Faults): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/faults/catalogue',
      summary: 'Every fault that can be switched on: its place, its parameters, and what the API must show under it.',
      answers: answers(schemas.catalogue, 'The catalogue.'),
      handle: () => ({ status: 200, body: { faults: rows } }),
    },
    {
      method: 'GET',
      path: '/faults/report',
      summary: 'What was injected, oldest first.',
      query: { after: { type: 'integer', minimum: 0, default: 0 } },
      answers: answers(schemas.faultReport, 'Injections behind `after`; `next` is the `after` of the following call.'),
      handle({ query }) {
        const after = query['after'] as number
        const injections = faults.report(after)
        return { status: 200, body: { injections, next: injections.at(-1)?.index ?? after } }
      },
    },
    {
      method: 'GET',
      path: '/faults',
      summary: 'The faults that are switched on.',
      answers: answers(schemas.activeFaults, 'In the order in which they were.'),
      handle: () => ({ status: 200, body: { faults: faults.active() } }),
    },
    {
      method: 'POST',
      path: '/faults',
      summary: 'Switches a fault on.',
      body: faultRequestSchema,
      answers: {
        201: { description: 'It is on.', schema: schemas.activeFault },
        422: { description: 'A parameter or the message does not fit the fault.' },
      },
      handle({ body }) {
        const active = faults.on(body as FaultRequest)
        return typeof active === 'string' ? problem(422, 'It does not fit', active) : { status: 201, body: active }
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      summary: 'Switches everything off, or what is switched on for one device. The report stays.',
      query: { eid: eid },
      answers: { 204: { description: 'Off.' } },
      handle({ query }) {
        faults.clear(query['eid'] as string | undefined)
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      path: '/faults/{id}',
      summary: 'A fault that is switched on.',
      parameters: ofFault,
      answers: { ...answers(schemas.activeFault, 'The fault.'), ...noFault },
      handle({ parameters }) {
        const active = faults.find(parameters['id'] ?? '')
        return active ? { status: 200, body: active } : problem(404, 'No such fault')
      },
    },
    {
      method: 'DELETE',
      path: '/faults/{id}',
      summary: 'Switches a fault off.',
      parameters: ofFault,
      answers: { 204: { description: 'Off.' }, ...noFault },
      handle: ({ parameters }) =>
        faults.off(parameters['id'] ?? '') ? { status: 204 } : problem(404, 'No such fault'),
    },
  ]
}
