/** The credential that an event leaves with: as it came, or with a new access token when the old one has expired and a refresh token is there. */
import { createTurnstile } from '../operations/turnstile.ts'
import type { Clock } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { callbackOf, type Parcel, replaceCallback } from '../store/outbox.ts'
import type { Refresh, Refreshed } from './refresh-http.ts'

type Held =
  | { readonly kind: 'ready'; readonly parcel: Parcel }
  | Exclude<Refreshed, { readonly kind: 'refreshed' | 'refused' }>
  | { readonly kind: 'expired' }

export interface Credentials {
  ready(parcel: Parcel, closing: AbortSignal): Promise<Held>
}

interface Means {
  readonly database: Database
  readonly clock: Clock
  readonly refresh: Refresh
}

export const createCredentials = ({ database, clock, refresh }: Means): Credentials => {
  /** A refresh token may be good for one trade only: those who hold the same one wait for each other. */
  const turnstile = createTurnstile()
  const isGood = ({ callback: { credential } }: Parcel): boolean =>
    credential?.expiresAt === undefined || credential.expiresAt > clock.now()

  /** As somebody else may have written it meanwhile. */
  const reread = async (parcel: Parcel): Promise<Parcel> => {
    const callback = await callbackOf(database, parcel.eventId)
    return callback ? { ...parcel, callback } : parcel
  }

  const renew = async (asRead: Parcel, closing: AbortSignal): Promise<Held> => {
    const parcel = await reread(asRead)
    const { credential } = parcel.callback
    if (isGood(parcel)) return { kind: 'ready', parcel }
    if (!credential?.refresh) return { kind: 'expired' }
    const answer = await refresh(credential.refresh, { now: clock.now(), closing })
    if (answer.kind === 'refused') {
      const after = await reread(parcel)
      return isGood(after) ? { kind: 'ready', parcel: after } : { kind: 'expired' }
    }
    if (answer.kind !== 'refreshed') return answer
    const callback = { ...parcel.callback, credential: answer.credential }
    await replaceCallback(database, parcel.callback, callback)
    return { kind: 'ready', parcel: { ...parcel, callback } }
  }

  return {
    async ready(parcel, closing) {
      if (isGood(parcel)) return { kind: 'ready', parcel }
      const { refresh } = parcel.callback.credential ?? {}
      return refresh ? turnstile.enter(refresh.token, () => renew(parcel, closing)) : { kind: 'expired' }
    },
  }
}
