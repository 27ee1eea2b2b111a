import type { Session } from './session.ts'

/** Sessions under way. One that is closed or too old is forgotten; they stand in the order of their start. */
export interface Sessions {
  get(transactionId: string, now: number): Session | undefined
  put(session: Session): void
}

export function createSessions(lifetimeMs: number): Sessions {
  const sessions = new Map<string, Session>()
  const isOver = (session: Session, now: number) => now - session.startedAt >= lifetimeMs
  const forgetOld = (now: number) => {
    for (const session of sessions.values()) {
      if (!isOver(session, now)) return
      sessions.delete(session.transactionId)
    }
  }
  return {
    get(transactionId, now) {
      const session = sessions.get(transactionId)
      return session && !isOver(session, now) ? session : undefined
    },
    put(session) {
      if (session.state === 'initiated') forgetOld(session.startedAt)
      if (session.state === 'closed') sessions.delete(session.transactionId)
      else sessions.set(session.transactionId, session)
    },
  }
}
