/** PINs and PUKs of the enabled profile. What a terminal has verified is in `Volatile`. */
import { type EuiccState, type Profile, profileWith, withMemory, withVolatile } from '../state.ts'
import { type Channel, MF } from './channels.ts'
import type { Code, Codes, Pin } from './secrets.ts'

const enabledProfile = ({ memory }: EuiccState): Profile | undefined => profileWith(memory, memory.enabled)

/** The code that counts on a channel: that of its application, of the one that it shares with, of the MF. */
function codeOn<C extends Code>(list: readonly C[], reference: number, scopes: readonly (string | undefined)[]) {
  return scopes
    .map((scope) => list.find((code) => code.scope === scope && code.reference === reference))
    .find((code) => code !== undefined)
}

const noCodes: Codes = { pins: [], puks: [], sharing: {} }
const codesOf = (state: EuiccState): Codes => enabledProfile(state)?.codes ?? noCodes
const scopesOf = ({ sharing }: Codes, { application = MF }: Channel) => [application, sharing[application], MF]

export function pinOn(state: EuiccState, channel: Channel, reference: number): Pin | undefined {
  const codes = codesOf(state)
  return codeOn(codes.pins, reference, scopesOf(codes, channel))
}

export function pukOn(state: EuiccState, channel: Channel, reference: number): Code | undefined {
  const codes = codesOf(state)
  return codeOn(codes.puks, reference, scopesOf(codes, channel))
}

const nameOf = ({ scope, reference }: Code): string => `${scope} ${reference}`

export const isVerified = ({ volatile }: EuiccState, pin: Pin): boolean =>
  volatile.verified?.includes(nameOf(pin)) ?? false

/** Whether an access condition with this key reference is met: the PIN is disabled or verified. One that is not there is never met. */
export function isSatisfied(state: EuiccState, channel: Channel, reference: number): boolean {
  const pin = pinOn(state, channel, reference)
  return pin !== undefined && (!pin.isEnabled || isVerified(state, pin))
}

export function withVerified(state: EuiccState, pin: Pin, isVerifiedNow: boolean): EuiccState {
  const others = (state.volatile.verified ?? []).filter((name) => name !== nameOf(pin))
  return withVolatile(state, { verified: isVerifiedNow ? [...others, nameOf(pin)] : others })
}

const replaced = <C extends Code>(list: readonly C[], code: C): readonly C[] =>
  list.map((other) => (nameOf(other) === nameOf(code) ? code : other))

const withCodes = (state: EuiccState, change: (codes: Codes) => Partial<Codes>): EuiccState =>
  withEnabledProfile(state, (profile) => {
    const { codes = noCodes } = profile
    return { ...profile, codes: { ...codes, ...change(codes) } }
  })

export const withPin = (state: EuiccState, pin: Pin): EuiccState =>
  withCodes(state, ({ pins }) => ({ pins: replaced(pins, pin) }))

export const withPuk = (state: EuiccState, puk: Code): EuiccState =>
  withCodes(state, ({ puks }) => ({ puks: replaced(puks, puk) }))

export function withEnabledProfile(state: EuiccState, change: (profile: Profile) => Profile): EuiccState {
  const enabled = enabledProfile(state)
  if (!enabled) return state
  const profiles = state.memory.profiles.map((profile) => (profile === enabled ? change(profile) : profile))
  return withMemory(state, { profiles })
}
