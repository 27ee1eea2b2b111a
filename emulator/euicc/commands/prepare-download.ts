import { capture, encode, equalOctets } from '../../../protocol/ber/index.ts'
import { type Certificate, verify, verifyProfileBindingCertificate } from '../../../protocol/crypto/index.ts'
import {
  EUICCSigned2,
  PrepareDownloadRequest,
  type PrepareDownloadResponseError,
  Signature,
} from '../../../protocol/sgp22/index.ts'
import { PrepareDownloadResponse } from '../../../protocol/sgp32/index.ts'
import { type CertificateRefusal, certificateOf } from '../chain.ts'
import { proven } from '../check.ts'
import { revokedBy } from '../crls.ts'
import type { Entropy } from '../entropy.ts'
import type { Authenticated, OneTimePrivateKey } from '../session.ts'
import { type EuiccState, withSession } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly request: PrepareDownloadRequest
  /** Authenticated, with an SM-DP+. A second call in a session repeats the first: SGP.22 v2.5, 3.1.3 with a wrong confirmation code. */
  readonly session: Authenticated | undefined
  readonly dpPb: Certificate | undefined
  readonly chain: CertificateRefusal | undefined
  readonly isCodeDemanded: boolean
}

/** ES10b.PrepareDownload: SGP.22 v2.5, 5.7.5. Unverified: the last row. */
export const prepareDownload = command({
  name: 'PrepareDownload',
  request: PrepareDownloadRequest,
  response: PrepareDownloadResponse,
  facts: gather,
  checks: [
    {
      id: 'server-authenticated',
      holds: ({ session }) => session !== undefined,
      otherwise: refuse('noSessionContext'),
    },
    {
      id: 'transaction-own',
      holds: ({ session, request }) => session?.transactionId === request.smdpSigned2.value.transactionId,
      otherwise: refuse('invalidTransactionId'),
    },
    {
      id: 'dp-certificate-valid',
      holds: ({ chain }) => chain === undefined || chain === 'curve',
      otherwise: refuse('invalidCertificate'),
      detail: ({ chain }) => chain,
    },
    { id: 'dp-curve', holds: ({ chain }) => chain !== 'curve', otherwise: refuse('unsupportedCurve') },
    { id: 'dp-signature', holds: isSignedByDp, otherwise: refuse('invalidSignature') },
    {
      id: 'confirmation-code-given',
      holds: ({ request: { smdpSigned2, hashCc }, isCodeDemanded }) =>
        !smdpSigned2.value.ccRequiredFlag || hashCc !== undefined || !isCodeDemanded,
      otherwise: refuse('undefinedError'),
    },
  ],
  run: answer,
})

function gather({ product, memory, volatile: { session: open } }: EuiccState, request: PrepareDownloadRequest): Facts {
  const isReady = open?.phase === 'authenticated' || open?.phase === 'prepared'
  const session = isReady && open.serverRole === 'DPauth' ? open : undefined
  const dpPb = certificateOf(request.smdpCertificate)
  const isCodeDemanded = product.policy.missingConfirmationCode === 'refused'
  if (!session || !dpPb) return { request, session, dpPb, chain: 'unreadable', isCodeDemanded }
  const trust = { trusted: product.trustedCis, isRevoked: revokedBy(memory.crls), dpAuth: session.serverCertificate }
  const chain = verifyProfileBindingCertificate(dpPb, trust)
  return { request, session, dpPb, chain: chain.ok ? undefined : chain.reason, isCodeDemanded }
}

function refuse(downloadErrorCode: PrepareDownloadResponseError['downloadErrorCode']) {
  return ({ request }: Facts): PrepareDownloadResponse => ({
    kind: 'downloadResponseError',
    value: { transactionId: request.smdpSigned2.value.transactionId, downloadErrorCode },
  })
}

/** The signature of the eUICC over its first answer is part of what is signed. */
function isSignedByDp({ dpPb, session, request: { smdpSigned2, smdpSignature2 } }: Facts): boolean {
  const key = dpPb?.publicKey
  if (!key || !session) return false
  return verify(key, [smdpSigned2.octets, encode(Signature, session.euiccSignature1)], smdpSignature2)
}

function answer(state: EuiccState, facts: Facts, entropy: Entropy): Effect<PrepareDownloadResponse> {
  const { smdpSigned2, smdpSignature2, hashCc } = facts.request
  const session = proven(facts.session, 'server-authenticated')
  const dpPb = proven(facts.dpPb, 'dp-certificate-valid')
  const oneTimeKey = earlierKey(state, facts) ?? newKey(dpPb, entropy)
  const { transactionId } = smdpSigned2.value
  const signed2 = { transactionId, euiccOtpk: oneTimeKey.point, ...(hashCc && { hashCc }) }
  const euiccSigned2 = capture(EUICCSigned2, signed2)
  const { privateKey } = state.product.credentials.of(state.eid, session.ciPkId)
  const euiccSignature2 = entropy.sign(privateKey, [euiccSigned2.octets, encode(Signature, smdpSignature2)])
  return {
    state: withSession(state, { ...session, phase: 'prepared', dpPb, oneTimeKey }),
    answer: { kind: 'downloadResponseOk', value: { euiccSigned2, euiccSignature2 } },
  }
}

/** The key that the SM-DP+ has bound the package to already, if the eUICC still has it. */
function earlierKey({ memory }: EuiccState, { request, session }: Facts): OneTimePrivateKey | undefined {
  const { bppEuiccOtpk } = request.smdpSigned2.value
  if (!bppEuiccOtpk) return undefined
  return memory.oneTimeKeys.find(
    ({ smdpOid, point }) => smdpOid === session?.serverOid && equalOctets(point, bppEuiccOtpk),
  )
}

function newKey({ publicKey }: Certificate, entropy: Entropy): OneTimePrivateKey {
  const { curve, scalar, publicKey: own } = entropy.generateKeyPair(proven(publicKey, 'dp-curve').curve)
  return { curve, scalar, point: own.point }
}
