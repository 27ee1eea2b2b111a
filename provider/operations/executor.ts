/** Carries one operation on: writes what the transitions say, then does what they ask for, until there is nothing to do but wait. */
import type { Outside } from '../outside.ts'
import type { Package, RspPlatform } from '../rsp/platform.ts'
import type { Database, Queries } from '../store/database.ts'
import { updateProgress } from '../store/operations.ts'
import type { At, Operation } from './operation.ts'
import { type Effect, type OperationEvent, resume, transition } from './transitions.ts'

export interface Machinery {
  readonly database: Database
  readonly platform: RspPlatform
  readonly outside: Outside
  /** Writes the events of an operation that is accepted or completed, in the transaction that makes it so. */
  announce(queries: Queries, operation: Operation): Promise<void>
  /** After that transaction. */
  announced(): void
  /** After `announced`. */
  completed(operation: Operation): void
}

type WithoutNow<E> = E extends unknown ? Omit<E, 'now'> : never
export type News = WithoutNow<OperationEvent>

/** Somebody else has carried the operation on; what is written is the truth, and there is nothing to regret. */
export class Overtaken extends Error {}

export interface Executor {
  /** Throws `Overtaken` and leaves everything as it is when the operation is not where it was read to be. */
  apply(operation: Operation, news: News): Promise<Operation>
  /** Its turn has come, or it is found again after a restart or a failure. */
  goOn(operation: Operation): Promise<void>
}

export const createExecutor = ({
  database,
  platform,
  outside,
  announce,
  announced,
  completed,
}: Machinery): Executor => {
  const { clock, logger } = outside

  const apply: Executor['apply'] = async (operation, news) => {
    const [next, effects] = transition(operation, { ...news, now: clock.now() })
    if (next === operation) return operation
    await write(operation, next)
    const { operationId, correlator, eid, progress } = next
    logger.info({ operationId, correlator, eid, news: news.kind, phase: progress.phase }, 'operation')
    return perform(next, effects)
  }

  const write = async (before: Operation, after: Operation): Promise<void> => {
    if (!isCompleted(after)) return update(database, before, after)
    await database.transaction(async (queries) => {
      await update(queries, before, after)
      await announce(queries, after)
    })
    announced()
    completed(after)
  }

  const perform = async (operation: Operation, effects: readonly Effect[]): Promise<Operation> => {
    let current = operation
    for (const effect of effects)
      for (const news of await carryOut(current, effect)) current = await apply(current, news)
    return current
  }

  const carryOut = async ({ eid }: Operation, effect: Effect): Promise<readonly News[]> => {
    if (effect.kind === 'look') return newsOf(await platform.package(effect.packageId))
    if (effect.kind === 'withdraw') return newsOf(await platform.withdraw(effect.packageId))
    const answer = await platform.submit(eid, effect.order, effect.key)
    if (answer.kind === 'refused') return [{ kind: 'refused', detail: answer.detail }]
    return [{ kind: 'submitted', packageId: answer.package.packageId }, ...newsOf(answer.package)]
  }

  const giveTurn = async (operation: Operation): Promise<void> => {
    const euicc = await platform.euicc(operation.eid)
    await apply(operation, { kind: 'turn', profiles: euicc?.profiles ?? [] })
  }

  return {
    apply,
    async goOn(operation) {
      if (operation.progress.phase === 'accepted') await giveTurn(operation)
      else await perform(operation, resume(operation))
    },
  }
}

const update = async (queries: Queries, before: Operation, after: Operation): Promise<void> => {
  if (await updateProgress(queries, before, after)) return
  throw new Overtaken(`operation ${after.operationId} is not ${before.progress.phase} any more`)
}

const isCompleted = (operation: Operation): operation is Operation<At<'completed'>> =>
  operation.progress.phase === 'completed'

/** A delivery may have been missed; a result says it too. */
export const newsOf = (found: Package | undefined): readonly News[] => {
  if (!found) return [{ kind: 'lost' }]
  if (found.state === 'done' && found.result) return [{ kind: 'done', result: found.result }]
  if (found.state === 'delivered' || found.state === 'cancelled') return [{ kind: found.state }]
  return []
}
