/** CAMARA Commonalities, x-correlator: echoed when it is well formed, made when it is absent. */
import { type Refusal, refuse } from './errors.ts'

export const correlatorPattern = '^[a-zA-Z0-9-_:;.\\\\/<>{}]{0,256}$'
const wellFormed = new RegExp(correlatorPattern)

export const correlatorOf = (
  sent: string | undefined,
  make: () => string,
): { readonly correlator: string; readonly refusal?: Refusal } => {
  if (sent === undefined) return { correlator: make() }
  if (wellFormed.test(sent)) return { correlator: sent }
  return { correlator: make(), refusal: refuse('INVALID_ARGUMENT', `x-correlator must match ${correlatorPattern}.`) }
}
