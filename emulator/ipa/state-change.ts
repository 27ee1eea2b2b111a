import type { GetEimPackageRequest } from '../../protocol/sgp32/index.ts'

export type StateChangeCause = NonNullable<GetEimPackageRequest['stateChangeCause']>

/** What the IPA itself has changed on the eUICC, for each eIM to be told once: stateChangeCause of SGP.32 v1.2, 5.14.5. */
export interface StateChange {
  happened(cause: StateChangeCause): void
  /** What this eIM does not know yet. */
  untold(eimId: string): StateChangeCause | undefined
  told(eimId: string): void
}

export function createStateChange(): StateChange {
  let cause: StateChangeCause | undefined
  let informed: ReadonlySet<string> = new Set()
  return {
    happened(why) {
      cause = why
      informed = new Set()
    },
    untold: (eimId) => (informed.has(eimId) ? undefined : cause),
    told(eimId) {
      informed = new Set([...informed, eimId])
    },
  }
}
