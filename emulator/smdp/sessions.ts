import { equalOctets } from '../../protocol/ber/index.ts'
import type { ServerIdentity } from './identity.ts'
import type { KeptSession, Session } from './session.ts'
import type { SmdpStore } from './store-database.ts'

/** Sessions under way. One that is closed or too old is forgotten; they stand in the order of their start. */
export interface Sessions {
  get(transactionId: string, now: number): Session | undefined
  put(session: Session): void
}

export interface SessionsOptions {
  readonly lifetimeMs: number
  readonly servers: readonly ServerIdentity[]
  readonly store?: SmdpStore | undefined
}

export function createSessions({ lifetimeMs, servers, store }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>()
  const isOver = (session: Session, now: number) => now - session.startedAt >= lifetimeMs
  const forget = ({ transactionId }: Session) => {
    sessions.delete(transactionId)
    store?.removeSession(transactionId)
  }
  const forgetOld = (now: number) => {
    for (const session of sessions.values()) {
      if (!isOver(session, now)) return
      forget(session)
    }
  }
  for (const kept of store?.sessions ?? []) {
    const session = takenUp(kept, servers)
    if (session) sessions.set(session.transactionId, session)
    else store?.removeSession(kept.transactionId)
  }
  return {
    get(transactionId, now) {
      const session = sessions.get(transactionId)
      return session && !isOver(session, now) ? session : undefined
    },
    put(session) {
      if (session.state === 'initiated') forgetOld(session.startedAt)
      if (session.state === 'closed') return forget(session)
      sessions.set(session.transactionId, session)
      store?.putSession(toKept(session))
    },
  }
}

function toKept({ server, ci, ...session }: Session): KeptSession {
  return { ...session, serverCiPkId: idOf(server), ciPkId: ci.subjectKeyIdentifier ?? new Uint8Array() }
}

const idOf = ({ ci }: ServerIdentity): Uint8Array => ci.subjectKeyIdentifier ?? new Uint8Array()

/** `undefined`: it was begun with certificates that this SM-DP+ does not have any more. */
function takenUp({ serverCiPkId, ciPkId, ...session }: KeptSession, servers: readonly ServerIdentity[]) {
  const below = (id: Uint8Array) => servers.find((one) => equalOctets(idOf(one), id))
  const server = below(serverCiPkId)
  const ci = below(ciPkId)?.ci
  return server && ci && { ...session, server, ci }
}
