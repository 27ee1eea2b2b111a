/**
 * Runs operations: one at a time on each eUICC, in order of acceptance. Everything about one eUICC happens inside its turnstile, so
 * news of a package is never looked at before its id has been written. Recovery is always the same, after a restart, a lost connection
 * or a failure: go on from what is written.
 */
import { createAlarm } from '../alarm.ts'
import type { Package } from '../rsp/platform.ts'
import type { NewOperation, OperationsService } from '../services.ts'
import {
  eidsWithWork,
  findByIdempotencyKey,
  findOperation,
  headOf,
  insertIfIdle,
  insertOperation,
  isUnderWay,
  nextDeadline,
  overdueOperations,
} from '../store/operations.ts'
import { createBackground } from './background.ts'
import { createExecutor, type Machinery, newsOf } from './executor.ts'
import { type Operation, RepeatedMeanwhile } from './operation.ts'
import { createRetention } from './retention.ts'
import type { Turns } from './turns.ts'

export interface Engine extends OperationsService {
  /** Goes on with everything of this instance that is not completed. */
  resumeAll(): Promise<void>
  /** An eUICC has work that somebody else has written. */
  proceed(eid: string): void
  /** An eUICC of this instance has work that may have been neglected: whatever was to lead on to it may have been lost. */
  remember(eid: string): void
  observe(changed: Package): void
  /** When this returns nothing is under way any more; what is not completed stays written. */
  close(): Promise<void>
}

interface Limits {
  /** How long an operation may take. */
  readonly timeLimitMs: number
  /** How long a completed operation can be read. */
  readonly retentionMs: number
  /** How long an Idempotency-Key is remembered. */
  readonly idempotencyMs: number
}

/** After some time limits have passed, the next are looked at this much later at the earliest. */
const deadlinePauseMs = 1000

interface Around {
  readonly turns: Turns
  /** Is told of each operation that has been completed. */
  watch(operation: Operation): void
}

export const createEngine = (machinery: Omit<Machinery, 'completed'> & Limits & Around): Engine => {
  const { database, outside, turns, watch, timeLimitMs, idempotencyMs } = machinery
  const { clock, random } = outside
  const background = createBackground(outside)

  /** eUICCs with an operation under way here: whatever becomes of it leads on to those behind it. */
  const busy = new Set<string>()
  const carryOn = (head: Operation): Promise<void> => {
    busy.add(head.eid)
    return executor.goOn(head)
  }

  const goOn = async (eid: string): Promise<void> => {
    const head = (await turns.take(eid)) ? await headOf(database, eid) : undefined
    if (head) await carryOn(head)
    else busy.delete(eid)
  }
  const onEuicc = (eid: string, work: () => Promise<unknown>) => background.run(eid, work, () => goOn(eid))
  const proceed = (eid: string): void => void onEuicc(eid, () => goOn(eid))

  /** One that is behind another under way here waits. What else is in front of it may be nobody's: who accepted it may have died before it told us. */
  const begin = ({ eid }: Operation): Promise<void> => (busy.has(eid) && turns.has(eid) ? Promise.resolve() : goOn(eid))

  const executor = createExecutor({
    ...machinery,
    completed(operation) {
      busy.delete(operation.eid)
      watch(operation)
      retention.look()
      proceed(operation.eid)
    },
  })

  const observe = async (changed: Package): Promise<void> => {
    const head = await headOf(database, changed.eid)
    if (!head || !('packageId' in head.progress) || head.progress.packageId !== changed.packageId) return
    for (const news of newsOf(changed)) await executor.apply(head, news)
  }

  const passDeadlines = async (): Promise<void> => {
    const overdue = (await overdueOperations(database, clock.now())).filter(({ eid }) => turns.has(eid))
    await Promise.all(overdue.map(({ eid, operationId }) => onEuicc(eid, () => passDeadline(operationId))))
    const next = await nextDeadline(database)
    deadlines.at(next && Math.max(next, clock.now() + deadlinePauseMs))
  }

  const passDeadline = async (operationId: string): Promise<void> => {
    const operation = await findOperation(database, operationId)
    if (operation && 'deadline' in operation.progress && operation.progress.deadline <= clock.now())
      await executor.apply(operation, { kind: 'deadline-passed' })
  }

  const retention = createRetention(machinery, background)
  const deadlines = createAlarm(outside, () => void background.run('deadlines', passDeadlines, passDeadlines), 'limit')

  const newOperation = (asked: Omit<NewOperation, 'repeatable'>) => ({
    ...asked,
    operationId: random.uuid(),
    timeLimitMs,
    progress: { phase: 'accepted', deadline: clock.now() + timeLimitMs } as const,
  })

  const accepted = (operation: ReturnType<typeof newOperation>): Operation => {
    if (operation.callback?.wants?.initial) machinery.announced()
    deadlines.at(operation.progress.deadline)
    void onEuicc(operation.eid, () => begin(operation))
    return operation
  }

  const write = (operation: Operation, acceptance: Parameters<typeof insertOperation>[2]) => {
    if (!operation.callback?.wants?.initial) return insertOperation(database, operation, acceptance)
    return database.transaction(async (queries) => {
      const written = await insertOperation(queries, operation, acceptance)
      if (written === 'written') await machinery.announce(queries, operation)
      return written
    })
  }

  const repeated: Engine['repeated'] = async (repeatable) => {
    const found = await findByIdempotencyKey(database, repeatable, clock.now() - idempotencyMs)
    if (!found) return undefined
    return found.fingerprint === repeatable.fingerprint ? asAccepted(found.operation) : 'another-request'
  }

  return {
    repeated,
    async accept({ repeatable, ...asked }) {
      const operation = newOperation(asked)
      const written = await write(operation, { acceptedAt: clock.now(), repeatable })
      return repeatable && written === 'repeated' ? theOtherOne(await repeated(repeatable)) : accepted(operation)
    },
    async acceptIfIdle({ repeatable, ...asked }) {
      const operation = newOperation(asked)
      const acceptance = { acceptedAt: clock.now(), repeatable }
      return (await insertIfIdle(database, operation, acceptance)) ? accepted(operation) : undefined
    },
    isBusy: async (eid) => (await headOf(database, eid)) !== undefined,
    isUnderWay: (esim) => isUnderWay(database, esim),
    async find(tenant, operationId) {
      const operation = await findOperation(database, operationId)
      return operation?.tenant === tenant && retention.keeps(operation) ? operation : undefined
    },
    async resumeAll() {
      retention.look()
      for (const eid of await eidsWithWork(database, turns.instance)) proceed(eid)
      deadlines.at(await nextDeadline(database))
    },
    proceed,
    remember(eid) {
      if (background.has(eid)) return
      outside.logger.info({ eid }, 'looking again for an operation that was not begun')
      proceed(eid)
    },
    observe(changed) {
      if (turns.has(changed.eid)) void onEuicc(changed.eid, () => observe(changed))
    },
    close() {
      deadlines.stop()
      retention.stop()
      return background.close()
    },
  }
}

/** As it was when it was accepted: what the first answer said of it. */
const asAccepted = (operation: Operation): Operation => ({
  ...operation,
  progress: { phase: 'accepted', deadline: 0 },
})

/** Two requests with one key at the same time: the one that came second answers like the first. */
const theOtherOne = (found: Operation | 'another-request' | undefined): Operation => {
  if (found === undefined || found === 'another-request') throw new RepeatedMeanwhile('Idempotency-Key')
  return found
}
