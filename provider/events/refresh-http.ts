/** A refresh token is traded for an access token: RFC 6749, 6, at the endpoint that came with it. CAMARA names no client there, so the request proves nothing but the token. */
import type { SinkPolicy } from '../config.ts'
import type { SinkCredential } from '../operations/operation.ts'
import { postOutside } from './post-http.ts'

/** refused: the endpoint will not trade this token any more. */
export type Refreshed =
  | { readonly kind: 'refreshed'; readonly credential: SinkCredential }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'not-allowed' }

export type RefreshToken = NonNullable<SinkCredential['refresh']>

interface Trade {
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  readonly closing: AbortSignal
}

export type Refresh = (token: RefreshToken, trade: Trade) => Promise<Refreshed>

const longestAnswer = 64 * 1024

export const createRefresh =
  (policy: SinkPolicy): Refresh =>
  async (held, { now, closing }) => {
    const answer = await postOutside(policy, {
      ...{ url: held.endpoint, closing, longestAnswer },
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      text: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: held.token }).toString(),
    })
    if (answer === 'not-allowed') return { kind: answer }
    if (answer.kind === 'failed') return answer
    if (answer.status === 200) return read(answer.text, held, now)
    return isRefusal(answer.status) ? { kind: 'refused' } : { kind: 'failed', why: `refresh: ${answer.status}` }
  }

/** 408, 425 and 429 only mean "not now". */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![408, 425, 429].includes(status)

/** What may stand in a header field. */
const isToken = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)

/** RFC 6749, 5.1. Without another refresh token the one that was sent stays good; without `expires_in` nobody knows when it ends. */
const read = (text: string, { token, endpoint }: RefreshToken, now: number): Refreshed => {
  const { access_token: value, token_type: type, expires_in: seconds, refresh_token: next } = jsonIn(text)
  if (!isToken(value) || String(type).toLowerCase() !== 'bearer')
    return { kind: 'failed', why: 'refresh: no bearer token in the answer' }
  const expires = typeof seconds === 'number' && seconds > 0 ? { expiresAt: now + seconds * 1000 } : {}
  const refresh = { token: typeof next === 'string' && next !== '' ? next : token, endpoint }
  return { kind: 'refreshed', credential: { scheme: 'Bearer', value, ...expires, refresh } }
}

const jsonIn = (text: string): Record<string, unknown> => {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
