/**
 * Full forms of what an IPA has sent in a compact one: SGP.32 v1.2, 2.12. Signatures cover the full form, so that it has to come out octet for octet.
 * Undefined: the eIM does not know enough.
 */
import { capture, concatOctets, decode, equalOctets, fromHex } from '../../../protocol/ber/index.ts'
import { EUICCSigned2, EuiccCancelSessionSigned, ProfileInstallationResultData } from '../../../protocol/sgp22/index.ts'
import {
  type AuthenticateServerResponse,
  type CancelSessionResponse,
  EUICCInfo2,
  EuiccSigned1,
  type PendingNotification,
  type PrepareDownloadResponse,
} from '../../../protocol/sgp32/index.ts'
import type { EuiccState } from '../state.ts'
import { isSignedByEuicc } from '../verification.ts'
import type { RelaySession } from './sessions.ts'

interface Known {
  readonly session: RelaySession
  /** Absent: an eUICC that the eIM has never met. */
  readonly state: EuiccState | undefined
}

type Compact<Message extends { readonly kind: string }, Kind extends Message['kind']> =
  Extract<Message, { readonly kind: Kind }> extends { readonly value: infer Value } ? Value : never

const certifiedBelow = ({ session, state }: Known) =>
  state?.identities.find(({ certified }) => certified && equalOctets(certified.ciPKId, session.ciPKId))?.certified

export function restoreAuthenticateServerResponse(
  response: AuthenticateServerResponse,
  known: Known,
): AuthenticateServerResponse | undefined {
  if (response.kind !== 'compactAuthenticateResponseOk') return response
  const { signedData, euiccSignature1 } = response.value
  const certified = certifiedBelow(known)
  const euiccCertificate = response.value.euiccCertificate ?? certified?.euiccCertificate
  const eumCertificate = response.value.eumCertificate ?? certified?.eumCertificate
  const euiccSigned1 = signedData.kind === 'euiccSigned1' ? signedData.value : restoreSigned1(signedData.value, known)
  if (!euiccCertificate || !eumCertificate || !euiccSigned1) return undefined
  return {
    kind: 'authenticateResponseOk',
    value: { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate },
  }
}

type CompactSigned1 = Extract<
  Compact<AuthenticateServerResponse, 'compactAuthenticateResponseOk'>['signedData'],
  { readonly kind: 'compactEuiccSigned1' }
>['value']

function restoreSigned1({ extCardResource, ctxParams1: told }: CompactSigned1, { session, state }: Known) {
  const { transactionId, serverAddress, serverChallenge } = session
  const ctxParams1 = told ?? session.ctxParams1
  const info = state?.ipa?.euiccInfo2
  if (!info || !ctxParams1) return undefined
  const euiccInfo2 = { ...decode(EUICCInfo2, info), extCardResource }
  return capture(EuiccSigned1, { transactionId, serverAddress, serverChallenge, euiccInfo2, ctxParams1 })
}

export function restorePrepareDownloadResponse(
  response: PrepareDownloadResponse,
  session: RelaySession,
): PrepareDownloadResponse | undefined {
  if (response.kind !== 'compactDownloadResponseOk') return response
  const { compactEuiccSigned2: said, euiccSignature2 } = response.value
  const euiccOtpk = said.euiccOtpk ?? session.bppEuiccOtpk
  const hashCc = said.hashCc ?? session.hashCc
  if (!euiccOtpk) return undefined
  const { transactionId } = session
  const euiccSigned2 = capture(EUICCSigned2, { transactionId, euiccOtpk, ...(hashCc && { hashCc }) })
  return { kind: 'downloadResponseOk', value: { euiccSigned2, euiccSignature2 } }
}

/** Unverified: what a reason that is left out stands for. */
export function restoreCancelSessionResponse(
  response: CancelSessionResponse,
  { transactionId, smdpOid }: RelaySession,
): CancelSessionResponse | undefined {
  if (response.kind !== 'compactCancelSessionResponseOk') return response
  const { compactEuiccCancelSessionSigned, euiccCancelSessionSignature } = response.value
  if (smdpOid === undefined) return undefined
  const { reason = 'undefinedReason' } = compactEuiccCancelSessionSigned
  const euiccCancelSessionSigned = capture(EuiccCancelSessionSigned, { transactionId, smdpOid, reason })
  return { kind: 'cancelSessionResponseOk', value: { euiccCancelSessionSigned, euiccCancelSessionSignature } }
}

const AID_PREFIX = fromHex('a0000005591010ffffffff8900')
const SUCCESS = fromHex('3007a0053003800100')

type CompactInstallation = Compact<PendingNotification, 'compactProfileInstallationResult'>

export function restoreInstallationResult(
  { compactProfileInstallationResultData: said, euiccSignPIR }: CompactInstallation,
  { smdpAddress, smdpOid, iccid }: RelaySession,
): PendingNotification | undefined {
  const { transactionId, seqNumber, iccidPresent, compactFinalResult } = said
  if (smdpOid === undefined || (iccidPresent && iccid === undefined)) return undefined
  const profileInstallationResultData = capture(ProfileInstallationResultData, {
    transactionId,
    notificationMetadata: {
      seqNumber,
      profileManagementOperation: ['notificationInstall'],
      notificationAddress: smdpAddress,
      ...(iccidPresent && iccid !== undefined && { iccid }),
    },
    smdpOid,
    finalResult:
      compactFinalResult.kind === 'errorResult' ? compactFinalResult : restoreSuccess(compactFinalResult.value),
  })
  return { kind: 'profileInstallationResult', value: { profileInstallationResultData, euiccSignPIR } }
}

const restoreSuccess = ({
  compactAid,
  simaResponse = SUCCESS,
}: {
  compactAid: Uint8Array
  simaResponse?: Uint8Array
}) =>
  ({
    kind: 'successResult',
    value: { aid: concatOctets(AID_PREFIX, compactAid, Uint8Array.of(0)), simaResponse },
  }) as const

/** With the certificates under which its signature holds. */
export function restoreOtherNotification(
  { tbsOtherNotification, euiccNotificationSignature }: Compact<PendingNotification, 'compactOtherSignedNotification'>,
  { identities }: EuiccState,
): PendingNotification | undefined {
  const signer = identities.find((one) =>
    isSignedByEuicc([one], [tbsOtherNotification.octets], euiccNotificationSignature),
  )
  if (!signer?.certified) return undefined
  const { euiccCertificate, eumCertificate } = signer.certified
  return {
    kind: 'otherSignedNotification',
    value: { tbsOtherNotification, euiccNotificationSignature, euiccCertificate, eumCertificate },
  }
}
