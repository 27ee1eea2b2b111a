/** Dialect `esim-profile-management-subscriptions@wip`: CAMARA eSIM Profile Management Subscriptions. Readings: docs/dialects. */
import type { Dialect } from '../dialect.ts'
import { dialectId, routesOf } from './routes.ts'
import { wordingOf } from './wording.ts'

/** An event is of the API that it names: every version of it, and no other API. */
const covers = ['esim-profile-management@0.1.0-rc.1', 'esim-profile-management@0.1.0-rc.2']

export const esimProfileManagementSubscriptions = (): Dialect => ({
  id: dialectId,
  basePath: '/esim-profile-management-subscriptions/vwip',
  title: 'eSIM Profile Management Subscriptions',
  version: 'wip',
  description:
    'Tells a sink of completed operations of eSIM Profile Management, and of the life of the subscription itself.',
  correlator: 'with-backslash',
  routes: routesOf(covers),
  eventOf: () => undefined,
  subscriptions: wordingOf(covers),
})

export { choicesSchema } from './choices.ts'
