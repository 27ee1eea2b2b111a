/**
 * Runs operations: gives turns, carries out the effects that the transitions ask for, and turns what the platform says into events.
 * Everything about one eUICC happens inside its turnstile, so news of a package is never looked at before its id has been written.
 * Recovery is always the same, after a restart, a lost connection or a failure: go on from what is written.
 */
import { createAlarm } from '../alarm.ts'
import type { Outside } from '../outside.ts'
import { type Package, PlatformUnavailable, type RspPlatform } from '../rsp/platform.ts'
import type { NewOperation, OperationsService } from '../services.ts'
import type { Database, Queries } from '../store/database.ts'
import {
  eidsWithWork,
  findOperation,
  headOf,
  insertOperation,
  nextDeadline,
  overdueOperations,
  updateProgress,
} from '../store/operations.ts'
import type { At, Operation } from './operation.ts'
import { type Effect, type OperationEvent, resume, transition } from './transitions.ts'
import { createTurnstile } from './turnstile.ts'

interface Machinery {
  readonly database: Database
  readonly platform: RspPlatform
  readonly outside: Outside
  readonly timeLimitMs: number
  /** Writes the event of a completed operation, in the transaction that completes it. */
  announce(queries: Queries, completed: Operation<At<'completed'>>): Promise<void>
  /** After that transaction. */
  announced(): void
}

export interface Engine extends OperationsService {
  /** Goes on with everything that is not completed. */
  resumeAll(): Promise<void>
  observe(news: Package): void
  /** When this returns nothing is under way any more; what is not completed stays written. */
  close(): Promise<void>
}

type WithoutNow<E> = E extends unknown ? Omit<E, 'now'> : never
type News = WithoutNow<OperationEvent>

/** Until something that failed is asked again. */
const retryMs = 1000

export const createEngine = ({ database, platform, outside, timeLimitMs, announce, announced }: Machinery): Engine => {
  const { clock, random, logger } = outside
  const turnstile = createTurnstile()
  const stuck = new Map<string, () => Promise<unknown>>()
  let closing = false

  /** Work that nobody waits for. When it fails, `again` is done a little later. */
  const inTurnstile = async (
    key: string,
    work: () => Promise<unknown>,
    again: () => Promise<unknown> = () => goOn(key),
  ): Promise<void> => {
    try {
      await turnstile.enter(key, async () => {
        if (!closing) await work()
      })
    } catch (error) {
      if (closing) return
      if (error instanceof PlatformUnavailable)
        logger.warn({ key, why: error.message }, 'the RSP platform does not answer')
      else logger.error({ key, err: error }, 'work on operations failed')
      stuck.set(key, again)
      retries.at(clock.now() + retryMs)
    }
  }

  const retries = createAlarm(outside, () => {
    const failed = [...stuck]
    stuck.clear()
    for (const [key, again] of failed) void inTurnstile(key, again, again)
  })

  const deadlines = createAlarm(outside, () => void inTurnstile(everyEuicc, passDeadlines, passDeadlines))

  const proceed = (eid: string): void => void inTurnstile(eid, () => goOn(eid))

  const goOn = async (eid: string): Promise<void> => {
    const head = await headOf(database, eid)
    if (head?.progress.phase === 'accepted') await giveTurn(head)
    else if (head) await perform(head, resume(head))
  }

  const giveTurn = async (operation: Operation): Promise<void> => {
    const euicc = await platform.euicc(operation.eid)
    await apply(operation, { kind: 'turn', profiles: euicc?.profiles ?? [] })
  }

  const apply = async (operation: Operation, news: News): Promise<Operation> => {
    const [next, effects] = transition(operation, { ...news, now: clock.now() })
    if (next === operation) return operation
    await write(next)
    const { operationId, correlator, eid, progress } = next
    logger.info({ operationId, correlator, eid, news: news.kind, phase: progress.phase }, 'operation')
    return perform(next, effects)
  }

  const perform = async (operation: Operation, effects: readonly Effect[]): Promise<Operation> => {
    let current = operation
    for (const effect of effects)
      for (const news of await carryOut(current, effect)) current = await apply(current, news)
    return current
  }

  const carryOut = async ({ eid }: Operation, effect: Effect): Promise<readonly News[]> => {
    if (effect.kind !== 'submit') {
      const found = effect.kind === 'look' ? platform.package(effect.packageId) : platform.withdraw(effect.packageId)
      return newsOf(await found)
    }
    const answer = await platform.submit(eid, effect.order, effect.key)
    if (answer.kind === 'refused') return [{ kind: 'refused', detail: answer.detail }]
    return [{ kind: 'submitted', packageId: answer.package.packageId }, ...newsOf(answer.package)]
  }

  const write = async (operation: Operation): Promise<void> => {
    await database.transaction(async (queries) => {
      await updateProgress(queries, operation)
      if (isCompleted(operation)) await announce(queries, operation)
    })
    if (!isCompleted(operation)) return
    announced()
    proceed(operation.eid)
  }

  const passDeadlines = async (): Promise<void> => {
    const overdue = await overdueOperations(database, clock.now())
    await Promise.all(overdue.map(({ eid, operationId }) => inTurnstile(eid, () => passDeadline(operationId))))
    const next = await nextDeadline(database)
    deadlines.at(next && Math.max(next, clock.now() + retryMs))
  }

  const passDeadline = async (operationId: string): Promise<void> => {
    const operation = await findOperation(database, operationId)
    if (operation && 'deadline' in operation.progress && operation.progress.deadline <= clock.now())
      await apply(operation, { kind: 'deadline-passed' })
  }

  const observe = async (observed: Package): Promise<void> => {
    const head = await headOf(database, observed.eid)
    if (!head || !('packageId' in head.progress) || head.progress.packageId !== observed.packageId) return
    for (const news of newsOf(observed)) await apply(head, news)
  }

  return {
    async accept(asked: NewOperation) {
      const deadline = clock.now() + timeLimitMs
      const operation = {
        ...asked,
        operationId: random.uuid(),
        timeLimitMs,
        progress: { phase: 'accepted', deadline } as const,
      }
      await insertOperation(database, operation)
      deadlines.at(deadline)
      proceed(asked.eid)
      return operation
    },
    async find(tenant, operationId) {
      const operation = await findOperation(database, operationId)
      return operation?.tenant === tenant ? operation : undefined
    },
    async resumeAll() {
      for (const eid of await eidsWithWork(database)) proceed(eid)
      deadlines.at(await nextDeadline(database))
    },
    observe: (observed) => void inTurnstile(observed.eid, () => observe(observed)),
    close() {
      closing = true
      retries.stop()
      deadlines.stop()
      return turnstile.idle()
    },
  }
}

/** A key of the turnstile that is no EID. */
const everyEuicc = '*'

const isCompleted = (operation: Operation): operation is Operation<At<'completed'>> =>
  operation.progress.phase === 'completed'

/** `delivered` may have been missed; a result says it too. */
const newsOf = (found: Package | undefined): readonly News[] => {
  if (!found) return [{ kind: 'refused', detail: 'The RSP platform does not know the package any more.' }]
  if (found.state === 'done' && found.result) return [{ kind: 'done', result: found.result }]
  if (found.state === 'delivered' || found.state === 'cancelled') return [{ kind: found.state }]
  return []
}
