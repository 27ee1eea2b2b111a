/** What becomes known of an operation, as parcels in the outbox: the dialect says it, the request has said where to and which. */
import type { Dialect } from '../dialects/dialect.ts'
import type { At, Callback, Operation } from '../operations/operation.ts'
import type { Outside } from '../outside.ts'
import type { Queries } from '../store/database.ts'
import { insertParcel } from '../store/outbox.ts'
import { cloudEvent } from './cloud-event.ts'

interface Announcing {
  readonly dialects: readonly Dialect[]
  readonly publicUrl: string
  /** Those who have subscribed to completed operations. */
  tell(queries: Queries, operation: Operation<At<'completed'>>): Promise<void>
  readonly outside: Pick<Outside, 'clock' | 'random'>
}

export const createAnnouncer =
  ({ dialects, publicUrl, tell, outside }: Announcing) =>
  async (queries: Queries, operation: Operation): Promise<void> => {
    if (isCompleted(operation)) await tell(queries, operation)
    const { operationId, tenant, callback, correlator, progress } = operation
    const time = progress.phase === 'completed' ? progress.result.completedAt : outside.clock.now()
    if (!callback || !isWanted(callback, { initial: progress.phase !== 'completed', time })) return
    const dialect = dialects.find(({ id }) => id === operation.dialect)
    const content = dialect?.eventOf(operation)
    if (!dialect || !content) return
    const eventId = outside.random.uuid()
    const envelope = cloudEvent({ id: eventId, source: `${publicUrl}${dialect.basePath}`, time }, content)
    await insertParcel(queries, {
      ...{ eventId, tenant, stream: operationId, callback, correlator, createdAt: time },
      envelope: JSON.stringify(envelope),
    })
  }

const isCompleted = (operation: Operation): operation is Operation<At<'completed'>> =>
  operation.progress.phase === 'completed'

const isWanted = ({ wants }: Callback, { initial, time }: { readonly initial: boolean; readonly time: number }) => {
  if (!wants) return !initial
  return (initial ? wants.initial : wants.outcome) && (wants.until === undefined || time <= wants.until)
}
