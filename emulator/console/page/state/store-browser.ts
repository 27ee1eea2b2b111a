/** Keeps the world of the page up to date from the event stream, or from a run in a file, and tells who looks at it. */
import { useSyncExternalStore } from 'react'
import { ApiError, get } from '../api/client-http.ts'
import type { FleetRow, Info } from '../api/contract.ts'
import { followEvents } from '../api/stream-http.ts'
import type { Entry } from '../model/entry.ts'
import { type Episode, episodesOf } from '../model/episodes.ts'
import { type Run, readRun } from '../model/run.ts'
import { newWorld, readSome, take, type World } from './world.ts'

let live = newWorld('connecting')
let shown = live
let fleetAt = 0
let unread: Entry[] = []
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The world that is shown. Reading it again after every change is the caller's: its lists are the same objects. */
export function useWorld(): World {
  useSyncExternalStore(subscribe, () => `${shown.connection} ${shown.version} ${shown === live}`)
  return shown
}

let told: { readonly of: World; readonly key: string; readonly episodes: readonly Episode[] } | undefined

/** What went wrong in the world that is shown. */
export function useEpisodes(): readonly Episode[] {
  const world = useWorld()
  const key = `${world.begun} ${world.troubles.length}`
  if (told?.of !== world || told.key !== key) told = { of: world, key, episodes: episodesOf(world.troubles) }
  return told.episodes
}

/** Joins the stream until the page is gone. */
export function start(): () => void {
  return followEvents({ prepare, opened: () => set('live'), events, lost })
}

async function prepare(): Promise<number> {
  try {
    const info = await get<Info>('/')
    if (live.info?.startedAt !== info.startedAt) await begin(info)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) set('denied')
    throw error
  }
  return live.last
}

/** Another testbed answers, or the first one does: what was known of the one before is of no use. */
async function begin(info: Info): Promise<void> {
  const fleet = await get<{ next: number; devices: readonly FleetRow[] }>('/fleet')
  const isShown = shown === live
  live = newWorld('connecting')
  live.info = info
  for (const row of fleet.devices) live.devices.set(row.eid, row)
  fleetAt = fleet.next
  unread = []
  if (isShown) shown = live
  live.version += 1
  tell()
}

function events(batch: Parameters<typeof take>[1]): void {
  // Numbers that begin again are those of another testbed.
  if (batch.some(({ event, id }) => event === 'gap' && id < live.last)) location.reload()
  const isIdle = unread.length === 0
  unread.push(...take(live, batch, fleetAt))
  if (isIdle) later()
  tell()
}

const SLICE_MS = 6

/** Octets are read when nothing else is to be done. */
function later(): void {
  if (unread.length === 0) return
  setTimeout(() => {
    const end = performance.now() + SLICE_MS
    const before = live.revision
    readSome(live, unread, () => performance.now() > end)
    if (live.revision !== before) tell()
    later()
  }, 0)
}

const lost = (status: number | undefined) => set(status === 401 || live.connection === 'denied' ? 'denied' : 'lost')

function set(connection: World['connection']): void {
  if (live.connection === connection) return
  live.connection = connection
  tell()
}

/** A token was typed in: what was denied is asked again with the next try. */
export const retry = (): void => set('connecting')

export function openRun(text: string): Run {
  const run = readRun(text)
  const world = newWorld('file')
  world.info = run.info
  for (const row of run.devices) world.devices.set(row.eid, row)
  readSome(world, take(world, run.events, Number.POSITIVE_INFINITY), () => false)
  for (const card of run.cards) world.cards.set(card.eid, [...(world.cards.get(card.eid) ?? []), card])
  shown = world
  tell()
  return run
}

export function closeRun(): void {
  shown = live
  tell()
}

export const isLive = (world: World): boolean => world === live
