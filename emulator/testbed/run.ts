/** A run as a file: newline-delimited JSON, first what it is, then the events of the stream that are still kept, and every card after each of its changes. */
import { cardDetail } from './card-detail.ts'
import type { EventLog } from './event-log.ts'
import { type Contacts, fleetRow } from './fleet.ts'
import type { Pool } from './pool.ts'

export const RUN_FORMAT = 'esim-testbed/run/1'

export interface RunParts {
  readonly pool: Pool
  readonly events: EventLog
  readonly contacts: Contacts
  /** Name, version and doors of the testbed. */
  readonly info: () => object
}

export interface RunBounds {
  /** Only events behind this one. */
  readonly after?: number
  /** Only what concerns this device. */
  readonly eid?: string
}

export function writeRun({ pool, events, contacts, info }: RunParts, { after = 0, eid }: RunBounds): string {
  const devices = [...pool.all()].filter((device) => eid === undefined || device.eid === eid)
  const head = { run: RUN_FORMAT, ...info(), devices: devices.map((device) => fleetRow(device, contacts)) }
  const cards = devices.flatMap((device) =>
    device.history().map((state) => ({ card: { ...cardDetail(state), certificates: [] } })),
  )
  const kept = events.since(after).filter(({ data }) => eid === undefined || (data as { eid?: string }).eid === eid)
  return [head, ...kept, ...cards].map((line) => `${JSON.stringify(line)}\n`).join('')
}
