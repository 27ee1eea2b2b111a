/** What somebody at a device can do, in the control API. */
import type { Failure, LocalOrder } from '../../ipa/index.ts'
import { problem, type Reply, type Route } from '../../rest/index.ts'
import type { Device } from '../device/device.ts'
import type { Pool } from '../device/pool.ts'
import { type DeviceRoute, ofDevice } from './of-device.ts'
import * as schemas from './schemas/devices.ts'

export const ipaRoutes = (pool: Pool): readonly Route[] => ofDevice(pool, local)

const noAnswer = { 503: { description: 'The eUICC does not answer.' } }
const toldOrRefused = {
  200: { description: 'The device.', schema: schemas.device },
  409: { description: 'The eUICC refuses; `detail` is its error.' },
  ...noAnswer,
}

const local: readonly DeviceRoute[] = [
  {
    method: 'POST',
    path: '/devices/{eid}/downloads',
    summary: 'Downloads what an activation code names, what waits at the default SM-DP+, or what an SM-DS knows of.',
    body: schemas.localOrder,
    answers: { 200: { description: 'How each download ended.', schema: schemas.localDownloads }, ...noAnswer },
    async handle({ ipa }, { body }) {
      const downloads = await ipa.downloadProfile(body as LocalOrder)
      return 'kind' in downloads ? lost(downloads) : { status: 200, body: { downloads } }
    },
  },
  {
    method: 'POST',
    path: '/devices/{eid}/fallback/return',
    summary: 'Returns from the Fallback Profile to the one that was enabled before; the next poll reports it.',
    answers: toldOrRefused,
    handle: async (device) => told(device, await device.ipa.returnFromFallback()),
  },
  {
    method: 'PUT',
    path: '/devices/{eid}/emergency',
    summary:
      'Enables the emergency profile, or goes back to the one that was enabled before; the next poll reports it.',
    body: schemas.emergency,
    answers: toldOrRefused,
    handle: async (device, { body }) =>
      told(device, await device.ipa.useEmergencyProfile((body as { enabled: boolean }).enabled)),
  },
]

const lost = ({ detail }: Failure): Reply => problem(503, 'The eUICC does not answer', detail)

function told(device: Device, error: string | Failure | undefined): Reply {
  if (typeof error === 'string') return problem(409, 'The eUICC refuses', error)
  return error ? lost(error) : { status: 200, body: device.view() }
}
