/** The facility `euicc` of the onomondo dialect: what the eIM itself keeps about an eUICC. */
import { fromHex } from '../../../protocol/ber/index.ts'
import { publicKeyFromPoint } from '../../../protocol/crypto/index.ts'
import { putEuicc } from '../onboarding.ts'
import type { EuiccState, Turn } from '../state.ts'
import type { Outcome } from './resources.ts'

type Json = Readonly<Record<string, unknown>>

/** `undefined`: not a value of this parameter. */
type Setter = (state: EuiccState, value: unknown, all: Json) => EuiccState | undefined

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const curves: Readonly<Record<string, 'nist' | 'brainpool'>> = { prime256v1: 'nist', brainpoolP256r1: 'brainpool' }

/** Deviation: consumerEuicc means nothing here; it is taken and forgotten. */
const setters: Readonly<Record<string, Setter>> = {
  counterValue: (state, counterValue) => (isCount(counterValue) ? { ...state, counterValue } : undefined),
  associationToken: (state, associationToken) =>
    isCount(associationToken) ? { ...state, associationToken } : undefined,
  consumerEuicc: (state, value) => (typeof value === 'boolean' ? state : undefined),
  signAlgo: (state, value) => (typeof value === 'string' && value in curves ? state : undefined),
  signPubKey(state, value, { signAlgo = 'prime256v1' }) {
    const curve = curves[String(signAlgo)]
    const isHex = typeof value === 'string' && /^([0-9A-Fa-f]{2})+$/.test(value)
    const publicKey = curve && isHex ? publicKeyFromPoint(curve, fromHex(value)) : undefined
    return publicKey && putEuicc(state, state.eid, { identity: { publicKey } }).state
  },
}

const getters: Readonly<Record<string, (state: EuiccState) => unknown>> = {
  counterValue: ({ counterValue }) => counterValue,
  associationToken: ({ associationToken = 1 }) => associationToken,
  consumerEuicc: () => false,
  signAlgo: ({ identities: [first] }) => (first?.publicKey.curve === 'brainpool' ? 'brainpoolP256r1' : 'prime256v1'),
  signPubKey: ({ identities: [first] }) => first && Buffer.from(first.publicKey.point).toString('hex').toUpperCase(),
}

/** `{ euicc: [{ name: value }] }` sets; so do `{ euicc: { set: … } }`, and `{ euicc: { get: [name] } }` reads. Unverified: the second form. */
export function applyParameters(state: EuiccState, order: unknown): Turn<Outcome> {
  const asked = Object(order) as Json
  const { set = asked['euicc'], get } = Object(asked['euicc']) as Json
  if (Array.isArray(get)) return { effects: [], answer: get.map((name) => read(state, String(name))) }
  if (!Array.isArray(set) || set.length === 0) return { effects: [], answer: [{ procedureError: 'badOrder' }] }
  return setAll(state, set)
}

const read = (state: EuiccState, name: string) =>
  Object.hasOwn(getters, name) ? { [name]: getters[name]?.(state) ?? null } : { euiccUpdateResult: 'badParam' }

/** One after the other; the first that cannot be set ends it, and nothing is set. */
function setAll(before: EuiccState, parameters: readonly unknown[]): Turn<Outcome> {
  const refused = (code: string): Turn<Outcome> => ({ effects: [], answer: [{ euiccUpdateResult: code }] })
  const rows = parameters.map((one) => Object.entries(Object(one) as Json))
  if (rows.some((row) => row.length !== 1)) return refused('badParamFormat')
  const all = Object.fromEntries(rows.flat())
  let state = before
  for (const [name, value] of rows.flat()) {
    const next = Object.hasOwn(setters, name) ? setters[name]?.(state, value, all) : undefined
    if (!next) return refused('badParam')
    state = next
  }
  return { state, effects: [], answer: [{ euiccUpdateResult: 'ok' }] }
}
