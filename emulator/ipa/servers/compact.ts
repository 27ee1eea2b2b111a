/**
 * Compact forms of what the eUICC has answered: SGP.32 v1.2, 2.12, for an IPA that saves octets (minimizeEsipaBytes). What the eIM knows is left out; the
 * signatures stay those over the full form.
 */
import { decode, encode, equalOctets } from '../../../protocol/ber/index.ts'
import {
  type AuthenticateServerResponse,
  type CancelSessionResponse,
  EUICCInfo2,
  type EuiccSigned1,
  PendingNotification,
  type PrepareDownloadResponse,
} from '../../../protocol/sgp32/index.ts'
import type { Disclosed } from '../memory.ts'

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const isKnown = (known: string | undefined, octets: Uint8Array): boolean =>
  known !== undefined && equalOctets(fromBase64(known), octets)

type AuthenticateResponseOk = Extract<AuthenticateServerResponse, { kind: 'authenticateResponseOk' }>['value']

/** `madeByEim`: the eIM has made ctxParams1 itself. */
export function compactAuthenticateServerResponse(
  response: AuthenticateServerResponse,
  { disclosed, madeByEim }: { readonly disclosed: Disclosed; readonly madeByEim: boolean },
): AuthenticateServerResponse {
  if (response.kind !== 'authenticateResponseOk') return response
  const { euiccSignature1, euiccCertificate, eumCertificate, euiccSigned1 } = response.value
  return {
    kind: 'compactAuthenticateResponseOk',
    value: {
      signedData: isInfo2Known(response.value, disclosed)
        ? { kind: 'compactEuiccSigned1', value: compactSigned1(euiccSigned1.value, madeByEim) }
        : { kind: 'euiccSigned1', value: euiccSigned1 },
      euiccSignature1,
      ...(!isKnown(disclosed.euiccCertificate, euiccCertificate) && { euiccCertificate }),
      ...(!isKnown(disclosed.eumCertificate, eumCertificate) && { eumCertificate }),
    },
  }
}

/** But for the free memory, which changes. */
function isInfo2Known({ euiccSigned1 }: AuthenticateResponseOk, { euiccInfo2: known }: Disclosed): boolean {
  if (known === undefined) return false
  const { euiccInfo2 } = euiccSigned1.value
  const restored = { ...decode(EUICCInfo2, fromBase64(known)), extCardResource: euiccInfo2.extCardResource }
  return equalOctets(encode(EUICCInfo2, restored), encode(EUICCInfo2, euiccInfo2))
}

const compactSigned1 = ({ euiccInfo2, ctxParams1 }: EuiccSigned1, madeByEim: boolean) => ({
  extCardResource: euiccInfo2.extCardResource,
  ...(!madeByEim && { ctxParams1 }),
})

/** `bound`: the one-time key that the package is bound to already. `hashCc`: as the eIM gave it. */
export function compactPrepareDownloadResponse(
  response: PrepareDownloadResponse,
  { bound, hashCc: given }: { readonly bound?: Uint8Array | undefined; readonly hashCc?: Uint8Array | undefined },
): PrepareDownloadResponse {
  if (response.kind !== 'downloadResponseOk') return response
  const { euiccSigned2, euiccSignature2 } = response.value
  const { euiccOtpk, hashCc } = euiccSigned2.value
  const isRepeated = bound !== undefined && equalOctets(bound, euiccOtpk)
  return {
    kind: 'compactDownloadResponseOk',
    value: {
      compactEuiccSigned2: { ...(!isRepeated && { euiccOtpk }), ...(hashCc && !given && { hashCc }) },
      euiccSignature2,
    },
  }
}

export function compactCancelSessionResponse(response: CancelSessionResponse): CancelSessionResponse {
  if (response.kind !== 'cancelSessionResponseOk') return response
  const { euiccCancelSessionSigned, euiccCancelSessionSignature } = response.value
  return {
    kind: 'compactCancelSessionResponseOk',
    value: {
      compactEuiccCancelSessionSigned: { reason: euiccCancelSessionSigned.value.reason },
      euiccCancelSessionSignature,
    },
  }
}

const AID_PREFIX = Uint8Array.from(Buffer.from('a0000005591010ffffffff8900', 'hex'))
const AID_LENGTH = 16

/** simaResponse of plain success, which goes without saying. */
const SUCCESS = Uint8Array.from(Buffer.from('3007a0053003800100', 'hex'))

export interface Recipient {
  readonly disclosed: Disclosed
  readonly eidValue: string
  /** It has carried the RSP session. */
  readonly carried: boolean
}

/**
 * Of a session that the eIM has carried: it knows the SM-DP+ and the profile. Of other notifications the certificates are left out that the eIM has.
 */
export function compactPendingNotification(
  octets: Uint8Array,
  { disclosed, eidValue, carried }: Recipient,
): Uint8Array {
  const { kind, value } = decode(PendingNotification, octets)
  if (kind === 'otherSignedNotification') {
    const { tbsOtherNotification, euiccNotificationSignature, euiccCertificate, eumCertificate } = value
    const known =
      isKnown(disclosed.euiccCertificate, euiccCertificate) && isKnown(disclosed.eumCertificate, eumCertificate)
    if (!known) return octets
    return encode(PendingNotification, {
      kind: 'compactOtherSignedNotification',
      value: { eidValue, tbsOtherNotification, euiccNotificationSignature },
    })
  }
  if (kind !== 'profileInstallationResult' || !carried) return octets
  const { transactionId, notificationMetadata, finalResult } = value.profileInstallationResultData.value
  const compactFinalResult = compactResult(finalResult)
  if (!compactFinalResult) return octets
  return encode(PendingNotification, {
    kind: 'compactProfileInstallationResult',
    value: {
      compactProfileInstallationResultData: {
        transactionId,
        seqNumber: notificationMetadata.seqNumber,
        iccidPresent: notificationMetadata.iccid !== undefined,
        compactFinalResult,
      },
      euiccSignPIR: value.euiccSignPIR,
    },
  })
}

type Installation = Extract<PendingNotification, { kind: 'profileInstallationResult' }>['value']
type FinalResult = Installation['profileInstallationResultData']['value']['finalResult']

/** Undefined for an AID that is not that of an ISD-P. */
function compactResult(finalResult: FinalResult) {
  if (finalResult.kind === 'errorResult') return finalResult
  const { aid, simaResponse } = finalResult.value
  const isIsdp =
    aid.length === AID_LENGTH && aid.at(-1) === 0 && equalOctets(aid.subarray(0, AID_PREFIX.length), AID_PREFIX)
  if (!isIsdp) return undefined
  return {
    kind: 'compactSuccessResult',
    value: {
      compactAid: aid.subarray(AID_PREFIX.length, AID_LENGTH - 1),
      ...(!equalOctets(simaResponse, SUCCESS) && { simaResponse }),
    },
  } as const
}
