/** A run in a file: newline-delimited JSON, first what it is, then the events of the stream and the cards after each of their changes. */
import type { Card, FleetRow, Info, StreamEvent } from '../api/contract.ts'

export interface Run {
  readonly info: Info
  /** As they were when the run was written. */
  readonly devices: readonly FleetRow[]
  readonly events: readonly StreamEvent[]
  readonly cards: readonly Card[]
}

const FORMAT = 'esim-testbed/run/1'

/** Throws an Error that names the line which cannot be read. */
export function readRun(text: string): Run {
  const [first = '', ...lines] = text.trim().split('\n')
  const head = parse(first, 1)
  if (head['run'] !== FORMAT) throw new Error(`Line 1: the file does not begin as a run (${FORMAT}).`)
  const events: StreamEvent[] = []
  const cards: Card[] = []
  for (const [i, line] of lines.entries()) {
    const row = parse(line, i + 2)
    if ('card' in row) cards.push(row['card'] as Card)
    else if (typeof row['id'] === 'number') events.push(row as unknown as StreamEvent)
    else throw new Error(`Line ${i + 2}: neither an event nor a card.`)
  }
  const devices = (head['devices'] ?? []) as readonly FleetRow[]
  return { info: head as unknown as Info, devices, events, cards }
}

function parse(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new Error(`Line ${number}: not a JSON object.`)
}
