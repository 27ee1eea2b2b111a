/** What the testbed can be told to do wrong (docs/control-api.md, FaultRow), each with what the API must show then. */
export interface FaultRow {
  readonly fault: string
  readonly summary: string
  /** Interface and function that it strikes. */
  readonly message: string
  readonly outcome: FaultOutcome
}

export interface FaultOutcome {
  readonly procedure: 'download' | 'enable' | 'disable' | 'delete'
  readonly plan: object
  /** Narrows the message of the row. */
  readonly message?: string
  /** `pending`: nothing until the fault is cleared, which leads to success. */
  readonly shows: 'success' | 'failed' | 'pending'
  /** In the spelling of esim-management@0.1. */
  readonly code?: string
  /** A part of the details of the error. */
  readonly details?: string
  readonly sentence: string
}

export interface FaultSwitch {
  readonly catalogue: () => Promise<readonly FaultRow[]>
  /** As the plan of the row says; for every device unless one is named. Its id. */
  readonly on: (row: FaultRow, eid?: string) => Promise<string>
  readonly off: (id: string) => Promise<void>
}

type Call = <T>(method: string, path: string, content?: unknown) => Promise<T>

export function faultSwitch(call: Call): FaultSwitch {
  let known: Promise<readonly FaultRow[]> | undefined
  return {
    catalogue() {
      known ??= call<{ faults: readonly FaultRow[] }>('GET', '/faults/catalogue').then(({ faults }) => faults)
      return known
    },
    async on({ fault, outcome: { plan, message } }, eid) {
      const narrowed = { ...(message && { message }), ...(eid && { devices: [eid] }) }
      return (await call<{ id: string }>('POST', '/faults', { fault, when: plan, ...narrowed })).id
    },
    off: (id) => call('DELETE', `/faults/${id}`),
  }
}
