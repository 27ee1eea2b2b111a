/** What the page reads of the control API: docs/control-api.md. */

export interface Info {
  readonly name: string
  readonly version: string
  readonly startedAt: string
  readonly doors: Readonly<Record<string, string>>
}

export interface FleetRow {
  readonly eid: string
  readonly owner: string
  readonly reachable: boolean
  readonly sequence: number
  readonly iccids: readonly string[]
  readonly enabled?: string
  readonly fallback?: string
  readonly waiting: number
  readonly lastContactAt?: string
}

export interface Message {
  readonly index: number
  readonly at: string
  readonly eid?: string
  readonly interface: string
  readonly from: string
  readonly to: string
  readonly operation: string
  readonly status?: string
  /** Hexadecimal. */
  readonly octets?: string
  readonly json?: unknown
  readonly correlation?: Readonly<Record<string, string>>
}

export interface CardEvent {
  readonly eid: string
  readonly sequence: number
  readonly at: string
  readonly type: string
  readonly cause: string
  readonly iccid?: string
  readonly eimId?: string
  readonly seqNumber?: number
  readonly check?: string
  readonly detail?: string
}

export interface EimPackage {
  readonly packageId: string
  readonly eid: string
  readonly state: string
  readonly order: unknown
  readonly result?: unknown
}

export interface Profile {
  readonly iccid: string
  readonly isdpAid: string
  readonly state: 'enabled' | 'disabled'
  readonly fallbackAttribute: boolean
  readonly fallbackAllowed: boolean
  readonly profileClass: string
  readonly serviceProviderName?: string
  readonly profileName?: string
  readonly nickname?: string
  readonly policyRules: readonly string[]
  readonly ecallIndication: boolean
  readonly size: number
}

export interface Certificate {
  readonly role: string
  readonly subject: string
  readonly issuer: string
  readonly serialNumber: string
  readonly notBefore: string
  readonly notAfter: string
  readonly curve: string
  readonly octets: string
}

export interface Card {
  readonly eid: string
  readonly sequence: number
  readonly profiles: readonly Profile[]
  readonly eims: readonly {
    readonly eimId: string
    readonly counterValue: number
    readonly eimFqdn?: string
    readonly associationToken?: number
    readonly eimSupportedProtocol?: readonly string[]
  }[]
  readonly notifications: readonly {
    readonly seqNumber: number
    readonly profileManagementOperation: readonly string[]
    readonly notificationAddress: string
    readonly iccid?: string
  }[]
  readonly packageResults: readonly {
    readonly seqNumber: number
    readonly kind: string
    readonly eimId: string
    readonly counterValue?: number
  }[]
  readonly memory: { readonly total: number; readonly free: number }
  readonly addresses: { readonly rootDsAddress: string; readonly defaultDpAddress?: string }
  readonly information: Readonly<Record<string, string>>
  readonly certificates: readonly Certificate[]
  readonly files: readonly { readonly path: string; readonly kind: string; readonly content?: string }[]
  readonly immediateEnable: boolean
  readonly rollbackTo?: string
  readonly refreshFor?: string
}

/** One event of the stream. */
export interface StreamEvent {
  readonly id: number
  readonly event: string
  readonly data: unknown
}

export interface ParameterSchema {
  readonly type: 'integer' | 'string' | 'boolean'
  readonly default: number | string | boolean
  readonly description: string
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly (string | number)[]
}

/** A fault that can be switched on. */
export interface FaultRow {
  readonly fault: string
  readonly hop: string
  readonly message: string
  readonly summary: string
  readonly parameters: { readonly properties?: Readonly<Record<string, ParameterSchema>> }
  /** What the seed decides besides the chance. */
  readonly seeded?: string
  readonly outcome: { readonly procedure: string; readonly shows: string; readonly sentence: string }
}

export interface Clock {
  readonly now: string
  readonly mode: 'real' | 'virtual'
  readonly paused?: boolean
}

/** A run that the testbed keeps. */
export interface KeptRun {
  readonly runId: string
  readonly title: string
  readonly keptAt: string
  readonly size: number
  readonly devices: number
  readonly events: number
}

/** A fault that is on. */
export interface ActiveFault {
  readonly id: string
  readonly fault: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly devices?: readonly string[]
  readonly message: string
  readonly when?: { readonly nth?: number; readonly count?: number; readonly chance?: number }
  readonly seed?: number
  readonly since: string
  readonly strikes: number
}

export interface ApiOperation {
  readonly dialect: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly example?: unknown
}

export interface Api {
  readonly tenants: readonly string[]
  readonly operations: readonly ApiOperation[]
}

export interface CheckResult {
  readonly name: string
  readonly feature: string
  readonly claims: readonly string[]
  readonly verdict: 'pass' | 'fail' | 'error' | 'skip' | 'off'
  readonly startedAt: string
  readonly durationMs: number
  readonly step?: string
  readonly reason?: string
  readonly mismatches: readonly unknown[]
  readonly eids: readonly string[]
}

export interface ConformanceRun {
  readonly state: 'running' | 'ended'
  readonly startedAt: string
  readonly total: number
  readonly verdict?: string
  readonly reason?: string
  readonly results: readonly CheckResult[]
}

export interface Verdict {
  readonly field: string
  readonly kind: 'signature' | 'certificate'
  readonly by: string
  /** Absent: nobody can tell. */
  readonly holds?: boolean
  readonly reason?: string
}
