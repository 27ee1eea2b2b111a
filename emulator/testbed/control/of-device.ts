/** Control API: what all routes of one device have in common. */
import { type Call, problem, type Reply, type Route } from '../../rest/index.ts'
import type { Device } from '../device/device.ts'
import type { Pool } from '../device/pool.ts'
import { eid } from './schemas/words.ts'

/** Its path begins with `/devices/{eid}`. */
export type DeviceRoute = Omit<Route, 'parameters' | 'handle'> & {
  readonly handle: (device: Device, call: Call) => Reply | Promise<Reply>
}

export const ofDevice = (pool: Pool, rows: readonly DeviceRoute[]): readonly Route[] =>
  rows.map(({ answers, handle, ...row }) => ({
    ...row,
    parameters: { eid },
    answers: { ...answers, 404: { description: 'No device has this EID.' } },
    handle(call) {
      const device = pool.find(call.parameters['eid'] ?? '')
      return device ? handle(device, call) : problem(404, 'No device has this EID')
    },
  }))
