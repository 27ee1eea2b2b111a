import type { Captured } from '../../../protocol/ber/index.ts'
import type { ProfileInstallationResult } from '../../../protocol/sgp22/index.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { Es9PlusValue } from '../servers/es9plus.ts'

/** Where a profile is to be fetched: what an activation code, or the eUICC, says. */
export interface DownloadSource {
  readonly smdpAddress: string
  /** Absent: the SM-DP+ finds the order by the EID. */
  readonly matchingId?: string
  /** The SM-DP+ has to show it in CERT.DPauth. */
  readonly smdpOid?: string
}

/** An RSP session that both the eUICC and the SM-DP+ have open. */
export interface RspSession {
  readonly kind: 'session'
  readonly smdpAddress: string
  readonly transactionId: string
  /** What the SM-DP+ has said last. */
  readonly offer: Es9PlusValue<'authenticateClient'>
}

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
