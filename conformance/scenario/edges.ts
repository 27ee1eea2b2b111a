/** Which transitions a scenario has asked for: the state of the eSIM when the request was sent, the operation, the outcome. */
import type { OperationName } from '../dialects/dialect.ts'
import { leased } from './devices.ts'
import { sameIccid } from './iccid.ts'
import type { Operation, Scenario } from './model.ts'
import { resultOf } from './operations.ts'

export const edgesType = 'application/vnd.esim-testbed.edges+json'

export interface Edge {
  readonly from: 'absent' | 'disabled' | 'enabled'
  readonly operation: OperationName
  readonly outcome: string
}

const becomes: Readonly<Record<string, Edge['from']>> = {
  'profile-installed': 'disabled',
  'profile-enabled': 'enabled',
  'profile-disabled': 'disabled',
  'profile-deleted': 'absent',
}

export async function edgesOf(world: Scenario): Promise<readonly Edge[]> {
  const completed = world.operations.filter((operation) => resultOf(world, operation) !== undefined)
  return Promise.all(completed.map((operation) => edgeOf(world, operation)))
}

async function edgeOf(world: Scenario, operation: Operation): Promise<Edge> {
  const { lease, before } = await leased(world, operation.device)
  const initial = before.profiles.find(({ iccid }) => sameIccid(iccid, operation.iccid))?.state ?? 'absent'
  const events =
    operation.baseline > before.sequence ? await world.session.testbed.events(lease.eid, before.sequence) : []
  const changes = events
    .filter(({ sequence, iccid = '' }) => sequence <= operation.baseline && sameIccid(iccid, operation.iccid))
    .map(({ type }) => becomes[type])
    .filter((state) => state !== undefined)
  return {
    from: changes.at(-1) ?? initial,
    operation: operation.name,
    outcome: String(resultOf(world, operation)?.outcome),
  }
}
