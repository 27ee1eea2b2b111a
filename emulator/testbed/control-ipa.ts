/** What somebody at a device can do, in the control API. */
import type { Failure, LocalOrder } from '../ipa/index.ts'
import { problem, type Reply, type Route } from '../rest/index.ts'
import type { Device } from './device.ts'
import type { Pool } from './pool.ts'
import * as schemas from './schemas.ts'

const parameters = { eid: schemas.eid }
const refusals = {
  404: { description: 'No device has this EID.' },
  409: { description: 'The eUICC refuses; `detail` is its error.' },
  503: { description: 'The eUICC does not answer.' },
}

export function ipaRoutes(pool: Pool): readonly Route[] {
  const withDevice = (eid: string | undefined, use: (device: Device) => Promise<Reply>) => {
    const device = pool.find(eid ?? '')
    return device ? use(device) : problem(404, 'No device has this EID')
  }
  return [
    {
      method: 'POST',
      path: '/devices/{eid}/downloads',
      summary: 'Downloads what an activation code names, what waits at the default SM-DP+, or what an SM-DS knows of.',
      parameters,
      body: schemas.localOrder,
      answers: {
        200: { description: 'How each download ended.', schema: schemas.localDownloads },
        404: refusals[404],
        503: refusals[503],
      },
      handle: ({ parameters: { eid }, body }) =>
        withDevice(eid, async ({ ipa }) => {
          const downloads = await ipa.downloadProfile(body as LocalOrder)
          return 'kind' in downloads ? lost(downloads) : { status: 200, body: { downloads } }
        }),
    },
    {
      method: 'POST',
      path: '/devices/{eid}/fallback/return',
      summary: 'Returns from the Fallback Profile to the one that was enabled before; the next poll reports it.',
      parameters,
      answers: { 200: { description: 'The device.', schema: schemas.device }, ...refusals },
      handle: ({ parameters: { eid } }) =>
        withDevice(eid, async (device) => told(device, await device.ipa.returnFromFallback())),
    },
    {
      method: 'PUT',
      path: '/devices/{eid}/emergency',
      summary:
        'Enables the emergency profile, or goes back to the one that was enabled before; the next poll reports it.',
      parameters,
      body: schemas.emergency,
      answers: { 200: { description: 'The device.', schema: schemas.device }, ...refusals },
      handle: ({ parameters: { eid }, body }) =>
        withDevice(eid, async (device) =>
          told(device, await device.ipa.useEmergencyProfile((body as { enabled: boolean }).enabled)),
        ),
    },
  ]
}

const lost = ({ detail }: Failure): Reply => problem(503, 'The eUICC does not answer', detail)

function told(device: Device, error: string | Failure | undefined): Reply {
  if (typeof error === 'string') return problem(409, 'The eUICC refuses', error)
  return error ? lost(error) : { status: 200, body: device.view() }
}
