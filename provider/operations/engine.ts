/**
 * Runs operations: one at a time on each eUICC, in order of acceptance. Everything about one eUICC happens inside its turnstile, so
 * news of a package is never looked at before its id has been written. Recovery is always the same, after a restart, a lost connection
 * or a failure: go on from what is written.
 */
import { createAlarm } from '../alarm.ts'
import type { Package } from '../rsp/platform.ts'
import type { OperationsService } from '../services.ts'
import {
  eidsWithWork,
  findOperation,
  headOf,
  insertOperation,
  nextDeadline,
  overdueOperations,
} from '../store/operations.ts'
import { createBackground } from './background.ts'
import { createExecutor, type Machinery, newsOf } from './executor.ts'

export interface Engine extends OperationsService {
  /** Goes on with everything that is not completed. */
  resumeAll(): Promise<void>
  observe(changed: Package): void
  /** When this returns nothing is under way any more; what is not completed stays written. */
  close(): Promise<void>
}

/** After some time limits have passed, the next are looked at this much later at the earliest. */
const deadlinePauseMs = 1000

export const createEngine = (machinery: Machinery & { readonly timeLimitMs: number }): Engine => {
  const { database, outside, timeLimitMs } = machinery
  const { clock, random } = outside
  const background = createBackground(outside)

  const goOn = async (eid: string): Promise<void> => {
    const head = await headOf(database, eid)
    if (head) await executor.goOn(head)
  }
  const onEuicc = (eid: string, work: () => Promise<unknown>) => background.run(eid, work, () => goOn(eid))
  const proceed = (eid: string): void => void onEuicc(eid, () => goOn(eid))

  const executor = createExecutor({
    ...machinery,
    completed(operation) {
      machinery.completed(operation)
      proceed(operation.eid)
    },
  })

  const observe = async (changed: Package): Promise<void> => {
    const head = await headOf(database, changed.eid)
    if (!head || !('packageId' in head.progress) || head.progress.packageId !== changed.packageId) return
    for (const news of newsOf(changed)) await executor.apply(head, news)
  }

  const passDeadlines = async (): Promise<void> => {
    const overdue = await overdueOperations(database, clock.now())
    await Promise.all(overdue.map(({ eid, operationId }) => onEuicc(eid, () => passDeadline(operationId))))
    const next = await nextDeadline(database)
    deadlines.at(next && Math.max(next, clock.now() + deadlinePauseMs))
  }

  const passDeadline = async (operationId: string): Promise<void> => {
    const operation = await findOperation(database, operationId)
    if (operation && 'deadline' in operation.progress && operation.progress.deadline <= clock.now())
      await executor.apply(operation, { kind: 'deadline-passed' })
  }

  const deadlines = createAlarm(outside, () => void background.run('deadlines', passDeadlines, passDeadlines))

  return {
    async accept(asked) {
      const deadline = clock.now() + timeLimitMs
      const progress = { phase: 'accepted', deadline } as const
      const operation = { ...asked, operationId: random.uuid(), timeLimitMs, progress }
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
    observe: (changed) => void onEuicc(changed.eid, () => observe(changed)),
    close() {
      deadlines.stop()
      return background.close()
    },
  }
}
