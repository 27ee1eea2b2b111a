/** Dialect `esim-management@0.1`: CAMARA eSIM Management, general description and draft. Its readings: docs/dialects/esim-management-0.1.md. */
import { answer } from '../../http/route.ts'
import type { Dialect } from '../dialect.ts'
import type { Choices } from './choices.ts'
import { dialectId, routesOf } from './routes.ts'
import { eventOf, operationAnswerOf } from './wording.ts'

export const esimManagement01 = (choices: Choices): Dialect => ({
  id: dialectId,
  basePath: '/esim',
  title: 'eSIM Management',
  version: '0.1',
  description:
    'Downloads, enables, disables and deletes the eSIMs of a device and chooses its fallback. Each operation is accepted first, then ' +
    'carried out on the eUICC in order of acceptance; its outcome is read at /operations/{operationId} and sent to the sink.',
  correlator: 'with-backslash',
  routes: routesOf(choices),
  again: (accepted) => answer(operationAnswerOf(accepted)),
  eventOf: (operation) => eventOf(choices.events, operation),
})

export { choicesSchema } from './choices.ts'
