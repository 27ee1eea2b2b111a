import type { Captured } from '../../../protocol/ber/index.ts'
import type { ProfileInstallationResult } from '../../../protocol/sgp22/index.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { AuthenticatingServer, ProfileOffer, RspServer } from '../servers/rsp.ts'

/** Where something is to be fetched: what an activation code, the eUICC, an SM-DS or the eIM says. */
export interface Source<Server> {
  readonly server: Server
  /** Absent: the server finds it by the EID, or the eIM names it. */
  readonly matchingId?: string
  /** The server has to show it in CERT.DPauth. */
  readonly smdpOid?: string
}

export type DownloadSource = Source<RspServer>

/** An RSP session that both the eUICC and the server have open. */
export interface OpenSession<Server extends Pick<AuthenticatingServer<unknown>, 'cancelSession'>> {
  readonly server: Server
  readonly transactionId: string
}

export interface AuthenticatedSession<Server extends AuthenticatingServer<Offer>, Offer> extends OpenSession<Server> {
  readonly kind: 'session'
  /** What the server has said last. */
  readonly offer: Offer
}

export type RspSession = AuthenticatedSession<RspServer, ProfileOffer>

/** The eUICC has signed how the installation ended, well or not. */
export interface Installed {
  readonly kind: 'installed'
  readonly result: Captured<ProfileInstallationResult>
}

/** A download that ended before there was anything to install. `errorResponse` is the answer that ended it, as it was received. */
export interface DownloadStop {
  readonly kind: 'stopped'
  readonly detail: string
  readonly errorResponse?: Uint8Array
}

export const stop = (detail: string, errorResponse?: Uint8Array): DownloadStop => ({
  kind: 'stopped',
  detail,
  ...(errorResponse ? { errorResponse } : {}),
})

/** A hop that failed ends the download; a card that is gone leaves open how. */
export const stopBy = (failure: Failure): DownloadStop | Failure =>
  isCardLost(failure) ? failure : stop(failure.detail, failure.octets)
