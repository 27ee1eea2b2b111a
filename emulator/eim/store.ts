/** Where the eIM keeps what it knows. One implementation now (store-memory.ts); a database is another one of the same shape. */
import type { EventSource } from '../rest/index.ts'
import type { Package } from './model.ts'
import type { EuiccState, Turn } from './state.ts'

export interface EimStore {
  /**
   * One step on one eUICC, alone: nobody else reads or changes this eUICC meanwhile, in any process. `decide` is pure and may be asked
   * again after a conflict. State, packages and events of the turn are kept together or not at all.
   * `before` is `undefined` for an unknown EID; `ordered` is the package that the idempotency key ordered earlier.
   */
  change<A>(
    which: { readonly eid: string; readonly idempotencyKey?: string },
    decide: (before: EuiccState | undefined, ordered: Package | undefined) => Turn<A>,
  ): Promise<Turn<A>>
  euicc(eid: string): Promise<EuiccState | undefined>
  /** In EID order. */
  euiccs(page: { readonly after?: string; readonly limit: number }): Promise<readonly EuiccState[]>
  package(packageId: string): Promise<Package | undefined>
  eidOfProfile(iccid: string): Promise<string | undefined>
  /** Of the exchange under way. */
  eidOfTransaction(eimTransactionId: string): Promise<string | undefined>
  /** `package` with a Package, `euicc` with an EID. */
  readonly events: EventSource
}
