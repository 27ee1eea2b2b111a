/**
 * Runs operations: one at a time on each eUICC, in order of acceptance. Everything about one eUICC happens inside its turnstile, so
 * news of a package is never looked at before its id has been written. Recovery is always the same, after a restart, a lost connection
 * or a failure: go on from what is written.
 */
import type { Package } from '../rsp/platform.ts'
import type { OperationsService } from '../services.ts'
import { eidsWithWork, findOperation, headOf, isUnderWay } from '../store/operations.ts'
import { type AcceptanceLimits, createAcceptance } from './acceptance.ts'
import { createBackground } from './background.ts'
import { createDeadlines } from './deadlines.ts'
import { createExecutor, type Machinery, newsOf } from './executor.ts'
import type { Operation } from './operation.ts'
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

interface Limits extends AcceptanceLimits {
  /** How long a completed operation can be read. */
  readonly retentionMs: number
}

interface Around {
  readonly turns: Turns
  /** Is told of each operation that has been completed. */
  watch(operation: Operation): void
}

export const createEngine = (machinery: Omit<Machinery, 'completed'> & Limits & Around): Engine => {
  const { database, outside, turns, watch } = machinery
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

  const retention = createRetention(machinery, background)
  const deadlines = createDeadlines({
    database,
    outside,
    background,
    has: turns.has,
    onEuicc,
    pass: (operation) => executor.apply(operation, { kind: 'deadline-passed' }),
  })
  const acceptance = createAcceptance(machinery, (operation) => {
    deadlines.add(operation)
    void onEuicc(operation.eid, () => begin(operation))
  })

  return {
    ...acceptance,
    isBusy: async (eid) => (await headOf(database, eid)) !== undefined,
    isUnderWay: (esim) => isUnderWay(database, esim),
    async find(tenant, operationId) {
      const operation = await findOperation(database, operationId)
      return operation?.tenant === tenant && retention.keeps(operation) ? operation : undefined
    },
    async resumeAll() {
      retention.look()
      for (const eid of await eidsWithWork(database, turns.instance)) proceed(eid)
      await deadlines.look()
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
