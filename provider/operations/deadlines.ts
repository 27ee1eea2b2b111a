/** Time limits of operations: what has not been completed by then ends. */
import { createAlarm } from '../alarm.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { findOperation, nextDeadline, overdueOperations } from '../store/operations.ts'
import type { Background } from './background.ts'
import type { Operation } from './operation.ts'

interface Parts {
  readonly database: Database
  readonly outside: Outside
  readonly background: Background
  /** Whose operations are ours. */
  has(eid: string): boolean
  onEuicc(eid: string, work: () => Promise<unknown>): Promise<void>
  /** Inside the turnstile of its eUICC. */
  pass(operation: Operation): Promise<unknown>
}

export interface Deadlines {
  /** Of an operation that is new. */
  add(operation: Operation): void
  /** There may be some that nobody has been told of. */
  look(): Promise<void>
  stop(): void
}

/** After some time limits have passed, the next are looked at this much later at the earliest. */
const pauseMs = 1000

export const createDeadlines = ({ database, outside, background, has, onEuicc, pass }: Parts): Deadlines => {
  const { clock } = outside

  const passAll = async (): Promise<void> => {
    const overdue = (await overdueOperations(database, clock.now())).filter(({ eid }) => has(eid))
    await Promise.all(overdue.map(({ eid, operationId }) => onEuicc(eid, () => passOne(operationId))))
    const next = await nextDeadline(database)
    alarm.at(next && Math.max(next, clock.now() + pauseMs))
  }

  const passOne = async (operationId: string): Promise<void> => {
    const operation = await findOperation(database, operationId)
    if (operation && 'deadline' in operation.progress && operation.progress.deadline <= clock.now())
      await pass(operation)
  }

  const alarm = createAlarm(outside, () => void background.run('deadlines', passAll, passAll), 'limit')

  return {
    add: ({ progress }) => alarm.at('deadline' in progress ? progress.deadline : undefined),
    look: async () => alarm.at(await nextDeadline(database)),
    stop: alarm.stop,
  }
}
