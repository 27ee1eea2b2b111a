/** CAMARA Commonalities, x-correlator: echoed when it is well formed, made when it is absent. Dialects disagree about the backslash. */
import type { Dialect } from '../dialects/dialect.ts'
import { type Refusal, refuse } from './errors.ts'
import type { HttpMessage } from './message.ts'

export const correlatorPatterns = {
  'with-backslash': '^[a-zA-Z0-9-_:;.\\\\/<>{}]{0,256}$',
  'without-backslash': '^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$',
} as const
const wellFormed = {
  'with-backslash': new RegExp(correlatorPatterns['with-backslash']),
  'without-backslash': new RegExp(correlatorPatterns['without-backslash']),
}

export type Correlated = { readonly correlator: string; readonly refusal?: Refusal }

export const createCorrelator = (
  dialects: readonly Dialect[],
  make: () => string,
): ((message: Pick<HttpMessage, 'path' | 'headers'>) => Correlated) => {
  const kindAt = (path: string) =>
    dialects.find(({ basePath }) => path.startsWith(`${basePath}/`))?.correlator ?? 'with-backslash'

  return ({ path, headers }) => {
    const sent = headers['x-correlator']
    if (sent === undefined) return { correlator: make() }
    const kind = kindAt(path)
    if (wellFormed[kind].test(sent)) return { correlator: sent }
    const why = `x-correlator must match ${correlatorPatterns[kind]}.`
    return { correlator: make(), refusal: refuse('INVALID_ARGUMENT', why) }
  }
}
