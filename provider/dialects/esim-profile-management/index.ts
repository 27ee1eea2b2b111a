/** Dialects `esim-profile-management@0.1.0-rc.1` and `@0.1.0-rc.2`: CAMARA eSIM Profile Management. Readings: docs/dialects. */
import { answer } from '../../http/route.ts'
import type { Dialect } from '../dialect.ts'
import type { Choices } from './choices.ts'
import { routesOf } from './routes.ts'
import { rc1, rc2, type Version } from './version.ts'
import { operationAnswerOf } from './wording.ts'

const dialectOf =
  (version: Version) =>
  (choices: Choices): Dialect => ({
    id: version.id,
    basePath: version.basePath,
    title: 'eSIM Profile Management',
    version: version.version,
    description:
      'Downloads, enables, disables and deletes the profiles of an eUICC and chooses its fallback. What can be refused without the device ' +
      'is refused at once; everything else is accepted, carried out on the eUICC, and its outcome is read at /operations/{operationId}.',
    correlator: 'without-backslash',
    routes: routesOf(version, choices),
    again: (accepted) => answer(operationAnswerOf(accepted), `/operations/${accepted.operationId}`),
    eventOf: () => undefined,
  })

export const esimProfileManagementRc1 = dialectOf(rc1)
export const esimProfileManagementRc2 = dialectOf(rc2)
export { choicesSchema } from './choices.ts'
