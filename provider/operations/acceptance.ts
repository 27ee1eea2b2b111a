/** Accepts operations: when a request is answered its operation stands in the database. */
import type { NewOperation, OperationsService } from '../services.ts'
import { findByIdempotencyKey, insertIfIdle, insertOperation } from '../store/operations.ts'
import type { Machinery } from './executor.ts'
import { type Operation, RepeatedMeanwhile } from './operation.ts'

export interface AcceptanceLimits {
  /** How long an operation may take. */
  readonly timeLimitMs: number
  /** How long an Idempotency-Key is remembered. */
  readonly idempotencyMs: number
}

type Parts = Pick<Machinery, 'database' | 'outside' | 'announce' | 'announced'> & AcceptanceLimits
export type Acceptance = Pick<OperationsService, 'repeated' | 'accept' | 'acceptIfIdle'>

/** `begin` is told of each operation that is new. */
export const createAcceptance = (parts: Parts, begin: (operation: Operation) => void): Acceptance => {
  const { database, outside, announce, announced, timeLimitMs, idempotencyMs } = parts
  const { clock, random } = outside

  const newOperation = (asked: Omit<NewOperation, 'repeatable'>): Operation => ({
    ...asked,
    operationId: random.uuid(),
    timeLimitMs,
    progress: { phase: 'accepted', deadline: clock.now() + timeLimitMs },
  })

  const accepted = (operation: Operation): Operation => {
    if (operation.callback?.wants?.initial) announced()
    begin(operation)
    return operation
  }

  const write = (operation: Operation, acceptance: Parameters<typeof insertOperation>[2]) => {
    if (!operation.callback?.wants?.initial) return insertOperation(database, operation, acceptance)
    return database.transaction(async (queries) => {
      const written = await insertOperation(queries, operation, acceptance)
      if (written === 'written') await announce(queries, operation)
      return written
    })
  }

  const repeated: Acceptance['repeated'] = async (repeatable) => {
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
