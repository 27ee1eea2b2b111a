/** What the page knows, and how the stream changes it. Lists only grow; `version` rises with every change, `revision` when known rows changed. */
import type {
  Card,
  CardEvent,
  ConformanceRun,
  EimPackage,
  FleetRow,
  Info,
  Message,
  StreamEvent,
} from '../api/contract.ts'
import { afterNews, type ConformanceNews } from '../model/conformance.ts'
import { type Entry, toEntry } from '../model/entry.ts'
import { afterCardEvent, afterMessage, afterPackage } from '../model/fleet.ts'
import { createHaystack, type Haystack } from '../model/haystack.ts'
import { createReader, isWorthReading } from '../model/trouble.ts'

export type Connection = 'connecting' | 'live' | 'lost' | 'denied' | 'file'

export interface World {
  connection: Connection
  info: Info | undefined
  readonly devices: Map<string, FleetRow>
  readonly packages: Map<string, EimPackage>
  entries: Entry[]
  /** Of the texts of entries. */
  readonly haystack: Haystack
  /** Entries with trouble by EID. */
  readonly troubled: Map<string, number>
  troubles: Entry[]
  /** Those on which something was said. */
  readonly interfaces: Set<string>
  /** Last event of every other name. */
  readonly news: Map<string, unknown>
  /** The last one that was started from here. */
  run: ConformanceRun | undefined
  /** Number of the event with which the run began anew. */
  begun: number
  /** How often the run of before is not kept any more. */
  gaps: number
  /** Number of the last event. */
  last: number
  version: number
  revision: number
  /** What is wrong inside of octets. */
  readonly read: ReturnType<typeof createReader>
  /** What each card was asked last, by EID. */
  readonly asked: Map<string, Message>
  /** Of a run from a file: cards by EID, oldest first. */
  readonly cards: Map<string, Card[]>
}

export const newWorld = (connection: Connection): World => ({
  connection,
  info: undefined,
  devices: new Map(),
  packages: new Map(),
  entries: [],
  haystack: createHaystack(),
  troubled: new Map(),
  troubles: [],
  interfaces: new Set(),
  news: new Map(),
  run: undefined,
  begun: 0,
  gaps: 0,
  last: 0,
  version: 0,
  revision: 0,
  read: createReader(),
  asked: new Map(),
  cards: new Map(),
})

/** Packages that are not over, by EID. */
const underWay = new WeakMap<World, Map<string, Set<string>>>()

/** `fleetAt`: rows of the fleet already hold what happened up to this event. Returns entries whose octets are still to be read. */
export function take(world: World, events: readonly StreamEvent[], fleetAt: number): Entry[] {
  const unread: Entry[] = []
  for (const event of events) {
    if (event.event === 'gap') world.gaps += 1
    if (event.id <= world.last && event.event !== 'gap') continue
    world.last = Math.max(world.last, event.id)
    const entry = toEntry(event, world.haystack)
    if (entry) {
      join(world, entry)
      world.entries.push(entry)
      world.interfaces.add(entry.interface)
      if (entry.trouble) addTrouble(world, entry)
      else if (entry.message && isWorthReading(entry.message)) unread.push(entry)
    }
    const handle = handlers[event.event]
    if (handle) handle(world, event, event.id > fleetAt)
    else if (!entry) world.news.set(event.event, event.data)
  }
  world.version += 1
  return unread
}

/** An event names no transaction: it belongs to the message that the card was just carrying out. */
function join({ asked }: World, entry: Entry): void {
  const { message, event, eid } = entry
  const before = asked.get(eid)
  if (event && before) entry.asked = before
  if (message?.interface === 'ES10' && message.to === 'eUICC') asked.set(eid, message)
}

type Handler = (world: World, event: StreamEvent, isNew: boolean) => void

const handlers: Readonly<Record<string, Handler>> = {
  gap: () => {},
  run: (world, { id }) => beginAnew(world, id),
  conformance: (world, { data }) => {
    world.run = afterNews(world.run, data as ConformanceNews)
  },
  device: (world, { data }, isNew) => {
    const row = data as FleetRow
    if (isNew || !world.devices.has(row.eid)) world.devices.set(row.eid, row)
  },
  card: (world, { data }, isNew) => {
    const event = data as CardEvent
    if (isNew) change(world, event.eid, (row) => afterCardEvent(row, event))
  },
  message: (world, { data }, isNew) => {
    const message = data as Message
    if (isNew && message.eid && message.interface === 'ESipa')
      change(world, message.eid, (row) => afterMessage(row, message))
  },
  package: (world, { data }, isNew) => {
    const order = data as EimPackage
    world.packages.set(order.packageId, order)
    const all = underWay.get(world) ?? new Map<string, Set<string>>()
    underWay.set(world, all)
    const known = all.get(order.eid) ?? new Set()
    all.set(order.eid, known)
    const row = world.devices.get(order.eid)
    const next = row && afterPackage(row, known, order)
    if (isNew && next) world.devices.set(order.eid, next)
  },
}

/** The testbed has forgotten what happened so far. Devices and packages are as they were. */
function beginAnew(world: World, id: number): void {
  world.begun = id
  world.entries = []
  world.troubles = []
  world.troubled.clear()
  world.interfaces.clear()
  world.gaps = 0
  world.revision += 1
}

function change(world: World, eid: string, to: (row: FleetRow) => FleetRow): void {
  const row = world.devices.get(eid)
  if (row) world.devices.set(eid, to(row))
}

function addTrouble(world: World, entry: Entry): void {
  world.troubles.push(entry)
  if (entry.eid) world.troubled.set(entry.eid, (world.troubled.get(entry.eid) ?? 0) + 1)
}

/** Reads the octets of some entries, newest first, for at most so many milliseconds. Returns what is left. */
export function readSome(world: World, unread: Entry[], until: () => boolean): void {
  let found = false
  while (unread.length > 0 && !until()) {
    const entry = unread.pop() as Entry
    const trouble = entry.message && entry.id > world.begun ? world.read(entry.message) : ''
    if (!trouble) continue
    entry.trouble = trouble
    addTrouble(world, entry)
    found = true
  }
  if (!found) return
  world.troubles.sort((a, b) => a.id - b.id)
  world.revision += 1
  world.version += 1
}
