/** One remote SIM provisioning session: SGP.22 v2.5, 3.0.1 and 3.1.3. There is one at a time, and a reset ends it. */
import type { Certificate, Curve } from '../../protocol/crypto/index.ts'
import type { Installation } from './install/installation.ts'
import type { BppCommandId } from './install/outcome.ts'

export type RspSession =
  | { readonly phase: 'challenged'; readonly euiccChallenge: Uint8Array }
  | ({ readonly phase: 'authenticated' } & Authenticated)
  | ({ readonly phase: 'prepared' } & Prepared)
  | ({ readonly phase: 'loading'; readonly installation: Installation } & Prepared)
  /** Kept for ImmediateEnable. */
  | ({ readonly phase: 'installed'; readonly iccid: string } & Authenticated)

export interface Authenticated {
  readonly transactionId: string
  readonly serverAddress: string
  readonly serverRole: 'DPauth' | 'DSauth'
  readonly serverCertificate: Certificate
  /** Of the server, in its certificate. */
  readonly serverOid: string
  /** Under which the eUICC signs. */
  readonly ciPkId: Uint8Array
  readonly euiccSignature1: Uint8Array
}

/** One literal for all. */
export function loading(session: Prepared, installation: Installation): Extract<RspSession, { phase: 'loading' }> {
  const { transactionId, serverAddress, serverRole, serverCertificate, serverOid, ciPkId } = session
  const { euiccSignature1, dpPb, oneTimeKey } = session
  return {
    phase: 'loading',
    installation,
    transactionId,
    serverAddress,
    serverRole,
    serverCertificate,
    serverOid,
    ciPkId,
    euiccSignature1,
    dpPb,
    oneTimeKey,
  }
}

export interface Prepared extends Authenticated {
  readonly dpPb: Certificate
  readonly oneTimeKey: OneTimePrivateKey
}

/** What is told of an installation that was interrupted. */
export interface Interruption extends Pick<Authenticated, 'transactionId' | 'serverAddress' | 'serverOid' | 'ciPkId'> {
  readonly iccid: string | undefined
  readonly command: BppCommandId
}

/** otSK.EUICC.ECKA. */
export interface OneTimePrivateKey {
  readonly curve: Curve
  readonly scalar: Uint8Array
  /** otPK.EUICC.ECKA. */
  readonly point: Uint8Array
}
