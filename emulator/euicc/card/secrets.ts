/** What a profile keeps secret: its codes (ETSI TS 102 221, 9.4 and 9.5) and the keys of its applications (3GPP TS 33.102). */
import type { MilenageKey, TuakKey } from '../../../protocol/crypto/index.ts'

export interface Code {
  /** Path of the directory that it belongs to: the MF, or an application. */
  readonly scope: string
  /** Key reference. */
  readonly reference: number
  /** 8 octets. */
  readonly value: Uint8Array
  readonly tries: number
  readonly left: number
}

export interface Pin extends Code {
  readonly isEnabled: boolean
  readonly mayBeDisabled: boolean
  readonly mayBeChanged: boolean
  /** Key reference of the code that unblocks it. */
  readonly puk?: number | undefined
}

export interface Codes {
  readonly pins: readonly Pin[]
  readonly puks: readonly Code[]
  /** Scopes that have the codes of another one. */
  readonly sharing: Readonly<Record<string, string>>
}

/** What an application authenticates with. */
export interface Subscription {
  /** Path of the application. */
  readonly scope: string
  readonly algorithm:
    | { readonly kind: 'milenage'; readonly key: MilenageKey }
    | { readonly kind: 'tuak'; readonly key: TuakKey }
    | { readonly kind: 'usim-test-algorithm'; readonly key: Uint8Array }
  /** Highest that was accepted, for each index, with the index in it. */
  readonly sqn: readonly number[]
  /** How far ahead of them one may be, the index left out. */
  readonly delta: number
}

export interface Authentication {
  readonly subscriptions: readonly Subscription[]
  /** Applications that authenticate with the key of another one, by their paths. */
  readonly keysOf: Readonly<Record<string, string>>
}
