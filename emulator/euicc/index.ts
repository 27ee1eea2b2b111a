/**
 * An eUICC of SGP.32 v1.2 as a function: a state, a command and the chance it draws give a state, a response and what happened. `createCard` is
 * the shell that keeps the state.
 */
export { ATR } from './card/atr.ts'
export { type CardOptions, createCard, type EmulatedCard } from './card/card.ts'
export { contentOf, toFileSystem } from './card/files.ts'
export { reset, type Step, transmit } from './card/transmit.ts'
export { type DerivedCredentialsOptions, derivedCredentials } from './credentials.ts'
export {
  type Entropy,
  type EntropyDraw,
  recordingEntropy,
  replayingEntropy,
  systemEntropy,
} from './entropy.ts'
export { createEuicc, type EuiccOptions, type ProfileView, profilesOf } from './euicc.ts'
export type { CardEvent, CardEventType } from './events.ts'
export { type Latency, latencyRows, withLatency } from './latency.ts'
export { type Policy, policyRows } from './policy.ts'
export type { Capabilities, CardSettings, Credential, Credentials, EuiccProduct, Limits } from './product.ts'
export type { EuiccState } from './state.ts'
export { type Variant, variantRows } from './variants.ts'
