/** The layer around orders that the testbed places itself. */
import type { OrderedProfile } from '../fault.ts'
import type { Faults } from '../faults.ts'

/** What is ordered, with what faults say of it. */
export function faultedProfile<P extends object>(
  faults: Faults,
  eid: string | undefined,
  profile: P,
): P & OrderedProfile {
  const hits = faults.strike('order', { interface: 'ES2+', operation: 'DownloadOrder', eid })
  return Object.assign({}, profile, ...hits.map(({ apply, parameters }) => apply(parameters)))
}
