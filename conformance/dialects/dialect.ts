/** A dialect of the API as the runner meets it: how each operation is asked for, and how answers and events read. One fact, one row. */
import { valueAt } from '../scenario/json-path.ts'
import type { Choices, Readings } from './readings.ts'
import type { SchemaName, SchemaTable } from './schemas.ts'

export const operationNames = ['download', 'enable', 'disable', 'delete', 'set-fallback'] as const
export type OperationName = (typeof operationNames)[number]

/** Names of requests in features: the same in every dialect that has the request, those of esim-management@0.1 where it has it. */
export const requestNames = [
  ...(['downloadEsim', 'enableEsim', 'disableEsim', 'deleteEsim', 'setFallbackEsim'] as const),
  ...(['getEsimStatus', 'retrieveOperation'] as const),
  ...(['createSubscription', 'listSubscriptions', 'getSubscription', 'deleteSubscription'] as const),
] as const
export type RequestName = (typeof requestNames)[number]

/** What a request is about; which of it is said, the dialect decides. */
export interface About {
  readonly eid: string
  /** Absent when it is about an eUICC. */
  readonly iccid?: string
  readonly activationCode: string
  readonly operationId: string
  readonly sink: string
}

export interface Route {
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Below the API root; `{operationId}` stands for the operation. */
  readonly path: string
  readonly scope: string
  /** Status of the answer that grants it. */
  readonly success: number
  /** Schema of that answer; of an operation the one of its status. */
  readonly answer: SchemaName | 'Operation'
  /** The operation that it starts; absent where it only reads. */
  readonly starts?: OperationName
  /** The answer names what it has made in `Location`, below this path. */
  readonly location?: string
  /** Where its body names eUICC and eSIM, when not as a request that starts an operation. */
  readonly names?: Names
  /** Absent where it has none. */
  readonly body?: (about: About) => object
  /** What its body may say, for whoever makes mistakes in it. */
  readonly members?: readonly Member[]
}

export interface Names {
  readonly eid: string
  readonly iccid: string
}

/** A member of a request body. */
export interface Member {
  readonly path: string
  readonly kind: Kind
  readonly required?: true
  /** Values that are no such thing, beside those that never are. */
  readonly wrong?: readonly unknown[]
}
export type Kind = 'object' | 'eid' | 'iccid' | 'uri' | 'text' | 'flag' | 'number' | 'list' | 'instant'

/** Where an answer or an event says what, as paths; and which of its words are ours. */
export interface Reading {
  readonly operationId: string
  readonly operation?: string
  readonly eid: string
  readonly iccid: string
  readonly status: string
  readonly statuses: Readonly<Record<string, 'accepted' | 'completed'>>
  readonly outcome?: string
  /** An empty one: there is none yet. */
  readonly outcomes?: Readonly<Record<string, Outcome | ''>>
  readonly completedAt?: string
  readonly error?: string
}
export type Outcome = 'success' | 'failed' | 'cancelled'

export interface ErrorTold {
  readonly status?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly details?: unknown
}

/** What an answer or an event says of an operation, in the runner's words. */
export interface Told {
  readonly operationId: unknown
  /** Where the dialect says it. */
  readonly operation?: unknown
  readonly esim: { readonly eid?: unknown; readonly iccid?: unknown }
  /** Undefined for a word that the dialect does not have. */
  readonly status: 'accepted' | 'completed' | undefined
  /** Absent while there is none. A word that is not of the dialect stays as it is. */
  readonly outcome?: string
  readonly completedAt?: unknown
  /** With a code, or only a message where the dialect has a sentence. */
  readonly error?: ErrorTold
}

export function tell(reading: Reading, json: unknown): Told {
  const at = (path: string | undefined) => (path === undefined ? undefined : valueAt(json, path))
  const [status, outcome] = [at(reading.status), at(reading.outcome)]
  const [operation, completedAt, error] = [at(reading.operation), at(reading.completedAt), at(reading.error)]
  const said = outcome === undefined ? undefined : (reading.outcomes?.[String(outcome)] ?? String(outcome))
  return {
    operationId: at(reading.operationId),
    ...(operation === undefined ? {} : { operation }),
    esim: { eid: at(reading.eid), iccid: at(reading.iccid) },
    status: reading.statuses[String(status)],
    ...(said === undefined || said === '' ? {} : { outcome: said }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(error === undefined ? {} : { error: typeof error === 'object' ? { ...error } : { message: error } }),
  }
}

/** An eSIM as the API shows it. */
export interface ShownEsim {
  readonly eid: string
  readonly iccid: string
  readonly state: string
  /** Absent where the dialect knows no fallback. */
  readonly isFallback?: boolean
}

/** Status and code of a refusal. */
export type Refusal = readonly [status: number, code: string]

/** Why an operation cannot succeed. */
export type Failure =
  | 'not disabled'
  | 'not enabled'
  | 'enabled when deleted'
  | 'fallback not allowed'
  | 'download refused'
  | 'unreachable'

/** Refused with an error, or accepted and then failed, with an error where the dialect has codes for that. */
export type Ending =
  | { readonly when: 'at once'; readonly error: Refusal }
  | { readonly when: 'later'; readonly error?: Refusal }

/** Situations that every dialect refuses, each in its own words. */
export type Situation =
  | 'unknown to an operation'
  | 'unknown to status'
  | 'foreign to an operation'
  | 'foreign to status'
  | 'not a pair'
  | 'not a pair to status'
  | 'unknown operation'

/** What a dialect can have and another has not; a scenario that needs it says so with `@needs:`. */
export const abilitiesKnown = [
  ...(['events', 'fallback', 'status-of-one', 'error-codes'] as const),
  ...(['activation', 'activation-code'] as const),
] as const
export type Ability = (typeof abilitiesKnown)[number]

export interface Dialect {
  readonly id: string
  /** Begins the ids of its requirements. */
  readonly prefix: string
  readonly basePath: string
  /** Folders of features: what it has in common with others, and its own. */
  readonly features: readonly string[]
  readonly abilities: readonly Ability[]
  readonly choices: Choices
  readonly routes: Readonly<Partial<Record<RequestName, Route>>>
  /** Paths in the body of a request that starts an operation. */
  readonly requested: Names & {
    readonly activates?: string
    /** What asks for it. */
    readonly activation?: unknown
  }
  /** Where the answers are read. */
  readonly accepted: Reading
  readonly operation: Reading
  readonly event?: Reading
  /** The type of an operation's event under the declared readings, and the requirement that says so. */
  readonly eventType?: (
    operation: OperationName,
    readings: Readings,
  ) => { readonly type: string; readonly requirement: string }
  /** The type of an event that an operation is accepted, where there is one beside that of its outcome. */
  readonly initialEventType?: string
  /** The beginning of the types of events about a subscription, where there are such. */
  readonly subscriptionEvents?: string
  /** The dialect as it is under declared readings, where its routes depend on them. */
  readonly under?: (readings: Readings) => Dialect
  /** What the answer to a status request lists, each as `ShownEsim`; a word that is not of the dialect stays as it is. */
  readonly esims: (json: unknown) => unknown
  /** Says something in words of every outcome, of a success, too. */
  readonly alwaysExplains?: true
  /** The ICCID of a download is not known before it is installed. */
  readonly assignsIccid: boolean
  readonly refusals: (readings: Readings) => Readonly<Record<Situation, Refusal>>
  readonly failures: (readings: Readings) => Readonly<Record<Failure, Ending>>
  readonly correlator: RegExp
  readonly schemas: SchemaTable
}

export const routeOf = ({ id, routes }: Dialect, name: RequestName): Route => {
  const route = routes[name]
  if (route === undefined) throw new Error(`${id} has no request "${name}"; it has ${Object.keys(routes).join(', ')}`)
  return route
}

/** By its name in a feature. */
export function requestNamed(name: string): RequestName {
  const known = requestNames.find((one) => one === name)
  if (known === undefined) throw new Error(`no request "${name}"; known: ${requestNames.join(', ')}`)
  return known
}

export const scopesOf = ({ routes }: Dialect): readonly string[] => [
  ...new Set(Object.values(routes).map(({ scope }) => scope)),
]

/** The request that starts an operation. */
export function requestStarting({ id, routes }: Dialect, operation: OperationName): RequestName {
  const found = requestNames.find((name) => routes[name]?.starts === operation)
  if (found === undefined) throw new Error(`${id} has no request that starts ${operation}`)
  return found
}
