/** An RSP session at the SM-DP+: SGP.22 v2.5, 3.1.3. */
import type { Certificate } from '../../protocol/crypto/index.ts'
import type { Euicc } from '../rsp-server/index.ts'
import type { ServerIdentity } from './identity.ts'

export type Es9Function =
  | 'initiateAuthentication'
  | 'authenticateClient'
  | 'getBoundProfilePackage'
  | 'handleNotification'
  | 'cancelSession'

/** `refused`: the eUICC is known, but it gets no profile; all it can do is to cancel. */
export type SessionState = 'initiated' | 'refused' | 'authenticated' | 'bound' | 'closed'

/** A function absent from a row is refused in that state. A package is asked for again after a wrong confirmation code or a lost answer. */
export const sessionTransitions: Record<SessionState, Partial<Record<Es9Function, SessionState>>> = {
  initiated: { authenticateClient: 'authenticated' },
  refused: { cancelSession: 'closed' },
  authenticated: { getBoundProfilePackage: 'bound', cancelSession: 'closed' },
  bound: { getBoundProfilePackage: 'bound', handleNotification: 'closed', cancelSession: 'closed' },
  closed: {},
}

export interface Session {
  /** Upper-case hexadecimal. */
  readonly transactionId: string
  readonly state: SessionState
  readonly startedAt: number
  readonly server: ServerIdentity
  /** Below which the eUICC signs. */
  readonly ci: Certificate
  readonly serverChallenge: Uint8Array
  readonly euicc?: Euicc
  readonly iccid?: string
  /** Covered by euiccSignature2. */
  readonly smdpSignature2?: Uint8Array
}

/** Certificates and keys of the SM-DP+ are not kept with it, only by which CI they are found again. */
export interface KeptSession extends Omit<Session, 'server' | 'ci'> {
  readonly serverCiPkId: Uint8Array
  readonly ciPkId: Uint8Array
}

export const allows = (session: Session | undefined, name: Es9Function): session is Session =>
  session !== undefined && sessionTransitions[session.state][name] !== undefined

/** The session after a function has been carried out. */
export const after = (session: Session, name: Es9Function): Session => ({
  ...session,
  state: sessionTransitions[session.state][name] ?? session.state,
})

/** For a check that does not hold: nothing more can come of the session. */
export const close = ({ session }: { readonly session: Session | undefined }): { readonly session?: Session } =>
  session ? { session: { ...session, state: 'closed' } } : {}
