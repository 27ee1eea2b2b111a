/**
 * Which instance does the work of an eUICC: one at a time. An embedded database has one instance, and everything is its own. In a shared one an
 * eUICC is taken by the first instance that has work for it and kept; when that instance dies the others find out within the lease and go on.
 * Should a stalled instance wake up after that, its writes meet progress that is not what it read, and it starts again from what is written.
 */
import { systemTimers } from '../clock-system.ts'
import type { Outside } from '../outside.ts'
import type { Database, Shared } from '../store/database.ts'
import { abandonedEids, buryTheDead, leave, notify, sayAlive, takeTurn, waitingEids } from '../store/instances.ts'

export interface Turns {
  /** undefined where there is only one. */
  readonly instance?: string
  /** Takes the eUICC unless another instance has it; that one is then told that there is work. */
  take(eid: string): Promise<boolean>
  has(eid: string): boolean
  /**
   * `onWork`: an eUICC of this instance, or of nobody, has work. `onWaiting`: one of this instance has work that was not begun at the last beat.
   * `onChange`: anything may have been left by somebody else.
   */
  start(listener: TurnsListener): Promise<void>
  close(): Promise<void>
}

interface TurnsListener {
  onWork(eid: string): void
  onWaiting(eid: string): void
  onChange(): void
}

export const createTurns = (database: Database, outside: Outside): Turns =>
  database.shared ? sharedTurns(database, database.shared, outside) : onlyInstance

const onlyInstance: Turns = {
  take: async () => true,
  has: () => true,
  start: async () => {},
  close: async () => {},
}

const channel = 'esim_testbed_work'

/** Of the lease: so often does an instance say that it is alive, that two losses do no harm. */
const beatsPerLease = 4

const sharedTurns = (database: Database, { leaseMs, listen }: Shared, { random, logger }: Outside): Turns => {
  const instance = random.uuid()
  const taken = new Set<string>()
  let listener: TurnsListener | undefined
  let stopListening = async () => {}
  let cancel = () => {}
  let beating: Promise<void> = Promise.resolve()
  let closing = false

  const beat = async (): Promise<void> => {
    const lost = (await sayAlive(database, instance, leaseMs)) ? [] : [...taken]
    for (const eid of lost) taken.delete(eid)
    await buryTheDead(database)
    for (const eid of new Set([...lost, ...(await abandonedEids(database))])) listener?.onWork(eid)
    for (const eid of await waitingEids(database, instance)) listener?.onWaiting(eid)
    listener?.onChange()
  }

  /** By the machine's timers: whether a process lives is no matter of emulated time. */
  const beatSoon = (): void => {
    if (closing) return
    cancel = systemTimers.after(leaseMs / beatsPerLease, () => {
      beating = beat()
        .catch((error: unknown) => logger.warn({ err: error }, 'could not say that this instance is alive'))
        .finally(beatSoon)
    })
  }

  const tellOwner = async (eid: string): Promise<false> => {
    await notify(database, channel, eid)
    return false
  }

  return {
    instance,
    has: (eid) => taken.has(eid),
    async take(eid) {
      if (taken.has(eid)) return true
      if (!(await takeTurn(database, eid, instance))) return tellOwner(eid)
      taken.add(eid)
      return true
    },
    async start(told) {
      await sayAlive(database, instance, leaseMs)
      stopListening = await listen(channel, (eid) => taken.has(eid) && told.onWork(eid), told.onChange)
      listener = told
      await beat()
      beatSoon()
    },
    async close() {
      closing = true
      cancel()
      await beating
      await stopListening()
      await leave(database, instance).catch((error: unknown) => logger.warn({ err: error }, 'could not say goodbye'))
    },
  }
}
