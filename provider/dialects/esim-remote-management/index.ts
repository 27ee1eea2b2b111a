/** Dialect `esim-remote-management@wip`: CAMARA eSIM Remote Management. Its readings: docs/dialects/esim-remote-management-wip.md. */
import { answer } from '../../http/route.ts'
import type { Dialect } from '../dialect.ts'
import type { Choices } from './choices.ts'
import { againOf, dialectId, routesOf } from './routes.ts'
import { eventOf } from './wording.ts'

export const esimRemoteManagement = (choices: Choices): Dialect => ({
  id: dialectId,
  basePath: '/esim-remote-management/vwip',
  title: 'eSIM Remote Management',
  version: 'wip',
  description:
    'Downloads, enables, disables and deletes the profiles of a device. Each request that changes something starts a task; its outcome is ' +
    'asked for at /profile/result/query and sent to the sink.',
  correlator: 'without-backslash',
  routes: routesOf(choices),
  eventOf,
  again: (accepted) => answer(againOf(accepted)),
})

export { choicesSchema } from './choices.ts'
