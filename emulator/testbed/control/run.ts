/** A run as a file: newline-delimited JSON, first what it is, then the events of the stream that are still kept, and every card after each of its changes. */

import type { Pool } from '../device/pool.ts'
import type { EventLog } from '../event-log.ts'
import { cardDetail } from './card-detail.ts'
import { type Contacts, fleetRow } from './fleet.ts'

const RUN_FORMAT = 'esim-testbed/run/1'

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

export interface RunSummary {
  readonly startedAt: string
  readonly devices: number
  readonly events: number
}

/** What a file holds; a sentence with the first line that cannot be read, when it is no run. */
export function summaryOfRun(text: string): RunSummary | string {
  const [first = '', ...lines] = text.trimEnd().split('\n')
  const head = objectIn(first)
  if (head?.['run'] !== RUN_FORMAT) return `Line 1: the file does not begin as a run (${RUN_FORMAT}).`
  let events = 0
  for (const [i, line] of lines.entries()) {
    const row = objectIn(line)
    const isEvent = typeof row?.['id'] === 'number' && typeof row['event'] === 'string'
    const isCard = typeof (row?.['card'] as { readonly eid?: unknown } | undefined)?.eid === 'string'
    if (!isEvent && !isCard) return `Line ${i + 2}: neither an event nor a card.`
    if (isEvent) events += 1
  }
  const { startedAt, devices } = head
  return { startedAt: String(startedAt ?? ''), devices: Array.isArray(devices) ? devices.length : 0, events }
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
