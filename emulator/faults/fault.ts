/** A fault as one row: where it happens, what it can be told, what it does to correct code, and what the API must show then. */
import type { PrivateKey } from '../../protocol/crypto/index.ts'
import type { HttpAnswer, HttpMessage } from '../ports/index.ts'

/** Who misbehaves. */
export type Hop = 'card' | 'IPA' | 'eIM' | 'SM-DP+' | 'network'

/** What can be downloaded, switched or deleted while the fault is there. */
export type Procedure = 'download' | 'enable' | 'disable' | 'delete'

export type FaultInterface = 'ES10' | 'ESipa' | 'ES9+' | 'ES2+' | 'northbound'

/** `ES10.LoadEuiccPackage`, `ES9+.*` or `*`: interface and function as the trace names them. */
export type MessagePattern = '*' | `${FaultInterface}.${string}`

export interface Place {
  readonly hop: Hop
  /** A pattern with `*` may be narrowed by the plan. */
  readonly message: MessagePattern
}

/** JSON schema of one parameter. The unit is in its description where its name does not say it. */
export interface ParameterSchema {
  readonly type: 'integer' | 'string' | 'boolean'
  readonly default: number | string | boolean
  readonly description: string
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly enum?: readonly (string | number)[]
}

export type ParameterSchemas = Readonly<Record<string, ParameterSchema>>

type ParameterValue<S extends ParameterSchema> = S['type'] extends 'integer'
  ? number
  : S['type'] extends 'boolean'
    ? boolean
    : string

export type ParameterValues<S extends ParameterSchemas> = { readonly [Name in keyof S]: ParameterValue<S[Name]> }

/** When a fault strikes. Occurrences are those of its message at one device, counted from 1 since the fault was switched on. */
export interface Plan {
  /** The first occurrence that is struck. Default 1. */
  readonly nth?: number
  /** So many strikes for each device, then no more. Default: until cleared. */
  readonly count?: number
  /** Of each occurrence to be struck. Default 1. */
  readonly chance?: number
}

/**
 * What the API must show of a procedure that runs under the fault as the plan of the row switches it on. `pending`: nothing, until the fault is
 * cleared, which then leads to `success`.
 */
export interface Outcome {
  readonly procedure: Procedure
  readonly plan: Plan
  /** Narrows the place of the row. */
  readonly message?: MessagePattern
  readonly shows: 'success' | 'failed' | 'pending'
  /** Of the error, in the spelling of dialect esim-management@0.1. */
  readonly code?: string
  /** What the details of the error say. */
  readonly details?: string
  /** For a person. */
  readonly sentence: string
}

export interface Tools {
  /** From 0 up to 1; the same ones for the same seed, device and occurrence. */
  chance(): number
  /** By the clock of the testbed. */
  delay(ms: number): Promise<void>
  /** The IPA of the device dies here and starts again after a while: what it was doing is never finished. */
  crashIpa(afterMs: number): Promise<never>
  /** What this fault keeps of this device from one strike to the next. */
  readonly kept: Map<string, Uint8Array>
}

/** One request and its answer. `next` may be called not at all, once or twice, with the message or another one. */
export interface Exchange {
  readonly interface: FaultInterface
  /** The function. */
  readonly operation: string
  readonly message: HttpMessage
  next(message?: HttpMessage): Promise<HttpAnswer>
}

export interface FunctionAnswer {
  readonly data: Uint8Array
  readonly statusWord: number
}

/** A function of the eUICC, or a command of any kind, through a channel that can lose its power. */
export interface CardExchange {
  readonly operation: string
  readonly request: Uint8Array
  next(): Promise<FunctionAnswer>
  /** The signature that the function has made over `data` and what is signed behind it, made over other data; undefined when it has made none. */
  signAnew(data: Uint8Array, changed: Uint8Array): Uint8Array | undefined
  losePower(): Promise<never>
}

/** What a card of any make may be told to be like while it carries out one function. */
export interface CardCondition {
  readonly busy?: boolean
  /** Octets for profiles. */
  readonly nonVolatileMemory?: number
}

export interface Signature {
  readonly privateKey: PrivateKey
  readonly octets: readonly Uint8Array[]
  next(octets?: readonly Uint8Array[]): Uint8Array
}

/** What an order of a profile says of it besides what was asked for. */
export interface OrderedProfile {
  readonly profilePolicyRules?: readonly ('ppr1' | 'ppr2')[]
}

/** How a door behaves to those who knock. `wrong-certificate`: it shows that of the EUM, which is neither for this name nor for TLS. */
export type DoorState = 'open' | 'closed' | 'wrong-certificate'

export type DoorName = 'esipa' | 'northbound' | 'es9plus'

type OnExchange<P> = (exchange: Exchange, parameters: P, tools: Tools) => Promise<HttpAnswer>
type OnSignature<P> = (signature: Signature, parameters: P) => Uint8Array

/** What is done around correct code, by where: */
export interface Layers<P> {
  /** What the IPA of a device sends. */
  readonly client: OnExchange<P>
  /** What a server answers. */
  readonly server: OnExchange<P>
  readonly card: (exchange: CardExchange, parameters: P, tools: Tools) => Promise<FunctionAnswer>
  readonly condition: (parameters: P) => CardCondition
  readonly 'card-signature': OnSignature<P>
  readonly 'eim-signature': OnSignature<P>
  readonly order: (parameters: P) => OrderedProfile
  /** Strikes with a message at one of the doors and lasts; undefined: until cleared. */
  readonly door: (parameters: P) => { readonly state: DoorState; readonly lastsMs?: number }
}

export type LayerName = keyof Layers<never>

export type Layer<P> = {
  readonly [Name in LayerName]: { readonly at: Name; readonly apply: Layers<P>[Name] } & (Name extends 'door'
    ? { readonly doors: readonly DoorName[] }
    : unknown)
}[LayerName]

export interface Fault<S extends ParameterSchemas = ParameterSchemas> {
  readonly summary: string
  readonly place: Place
  readonly parameters: S
  /** What the seed decides besides the chance of the plan. */
  readonly seeded?: string
  readonly outcome: Outcome
  /** Where the fault was met, or which clause it breaks. */
  readonly source: string
  readonly layer: Layer<ParameterValues<S>>
}

/** Lets the parameters of a row be inferred from their schemas. */
export const fault = <const S extends ParameterSchemas>(row: Fault<S>): Fault => row as unknown as Fault
