/** Which messages carry signatures and certificates, what each must be over, and below whom: one row a message. */
import {
  type AnySchema,
  type Captured,
  captured,
  concatOctets,
  DecodeError,
  encode,
  integer,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import {
  type Certificate,
  type PublicKey,
  publicKeyFromSpki,
  type Role,
  readCertificate,
  verify,
  verifyEuiccChain,
  verifyServerCertificate,
} from '../../../protocol/crypto/index.ts'
import {
  AuthenticateClientResponseEs9,
  AuthenticateServerRequest,
  InitialiseSecureChannelRequest,
  InitiateAuthenticationResponse,
  OtherSignedNotification,
  PrepareDownloadRequest,
  ProfileInstallationResult,
  Signature,
  type SmdpSigned2,
  smdpSignInput,
} from '../../../protocol/sgp22/index.ts'
import {
  AuthenticateClientResponseEsipa,
  AuthenticateServerResponse,
  CancelSessionResponse,
  EuiccPackageRequest,
  EuiccPackageResult,
  GetCertsResponse,
  InitiateAuthenticationResponseEsipa,
  PrepareDownloadResponse,
} from '../../../protocol/sgp32/index.ts'
import type { EuiccState } from '../../euicc/index.ts'
import type { FindSession } from './session.ts'

export interface Verdict {
  /** The field. */
  readonly field: string
  readonly kind: 'signature' | 'certificate'
  /** Who signed, or whose certificate it is. */
  readonly by: string
  /** Absent: nobody here can tell. */
  readonly holds?: boolean
  /** Why it does not hold, or why nobody can tell. */
  readonly reason?: string
}

export interface Context {
  readonly state: EuiccState
  readonly session: FindSession
}

interface Row<S extends AnySchema = AnySchema> {
  readonly schema: S
  readonly judge: (value: ValueOf<S>, context: Context) => readonly Verdict[]
}

const row = <S extends AnySchema>(schema: S, judge: Row<S>['judge']): Row => ({ schema, judge }) as unknown as Row

const COMPACT = 'the compact form leaves out what it is over'
const OTHER_MESSAGE = 'the message that it is also over is not in the trace'

/** Where tags are the same, the first schema that can read the message is its own. */
export const rows: readonly Row[] = [
  row(AuthenticateServerRequest, (value, { state }) => ofServer1(value, state)),
  row(InitiateAuthenticationResponse, ({ kind, value }, { state }) =>
    kind === 'initiateAuthenticationOk' ? ofServer1(value, state) : [],
  ),
  row(InitiateAuthenticationResponseEsipa, ({ kind, value }, { state }) =>
    kind === 'initiateAuthenticationOkEsipa' ? ofServer1(value, state) : [],
  ),
  row(AuthenticateServerResponse, ({ kind, value }, { state }) => {
    if (kind === 'compactAuthenticateResponseOk') return [unknown('euiccSignature1', 'eUICC', COMPACT)]
    if (kind !== 'authenticateResponseOk') return []
    return withOwnCertificates(value, state, (key) =>
      signed('euiccSignature1', 'eUICC', holds(key, [[value.euiccSigned1.octets]], value.euiccSignature1)),
    )
  }),
  row(AuthenticateClientResponseEs9, ({ kind, value }, context) =>
    kind === 'authenticateClientOk' ? ofServer2(value, context) : [],
  ),
  row(AuthenticateClientResponseEsipa, ({ kind, value }, context) =>
    kind === 'authenticateClientOkDPEsipa' ? ofServer2(value, context) : [],
  ),
  row(PrepareDownloadRequest, ofServer2),
  row(PrepareDownloadResponse, ({ kind, value }, { state, session }) => {
    if (kind === 'compactDownloadResponseOk') return [unknown('euiccSignature2', 'eUICC', COMPACT)]
    if (kind !== 'downloadResponseOk') return []
    const { octets, value: said } = value.euiccSigned2
    const covered = session(said.transactionId).smdpSignature2.map((other) => [octets, encode(Signature, other)])
    return [byEuicc('euiccSignature2', state, covered, value.euiccSignature2)]
  }),
  row(captured(InitialiseSecureChannelRequest), (request, { session }) => {
    const { transactionId, smdpSign } = request.value
    const { euiccOtpk, smdpCertificate } = session(transactionId)
    const certificate = certificateOf(smdpCertificate.at(-1))
    const covered = euiccOtpk.map((key) => [smdpSignInput(request, key)])
    return [signed('smdpSign', nameOf(certificate), holds(certificate?.publicKey, covered, smdpSign))]
  }),
  row(ProfileInstallationResult, ({ profileInstallationResultData, euiccSignPIR }, { state }) => [
    byEuicc('euiccSignPIR', state, [[profileInstallationResultData.octets]], euiccSignPIR),
  ]),
  row(OtherSignedNotification, (value, { state }) =>
    withOwnCertificates(value, state, (key) => {
      const { tbsOtherNotification: covered, euiccNotificationSignature: signature } = value
      return signed('euiccNotificationSignature', 'eUICC', holds(key, [[covered.octets]], signature))
    }),
  ),
  row(CancelSessionResponse, ({ kind, value }, { state }) => {
    if (kind === 'compactCancelSessionResponseOk') return [unknown('euiccCancelSessionSignature', 'eUICC', COMPACT)]
    if (kind !== 'cancelSessionResponseOk') return []
    const { euiccCancelSessionSigned: covered, euiccCancelSessionSignature: signature } = value
    return [byEuicc('euiccCancelSessionSignature', state, [[covered.octets]], signature)]
  }),
  row(GetCertsResponse, ({ kind, value }, { state }) =>
    kind === 'certs' ? withOwnCertificates(value, state, () => undefined) : [],
  ),
  row(EuiccPackageRequest, ({ euiccPackageSigned, eimSignature }, { state }) => {
    const { eimId } = euiccPackageSigned.value
    const covered = [[withToken(euiccPackageSigned.octets, state, eimId)]]
    return [signed('eimSignature', eimId, holds(eimKey(state, eimId), covered, eimSignature))]
  }),
  row(EuiccPackageResult, ({ kind, value }, { state }) => {
    if (kind === 'euiccPackageErrorUnsigned') return []
    const [field, data, signature] =
      kind === 'euiccPackageResultSigned'
        ? (['euiccSignEPR', value.euiccPackageResultDataSigned, value.euiccSignEPR] as const)
        : (['euiccSignEPE', value.euiccPackageErrorDataSigned, value.euiccSignEPE] as const)
    if (state.product.specification === '1.0.1')
      return [unknown(field, 'eUICC', 'in v1.0.1 it is also over the signature of the package, which is not here')]
    return [byEuicc(field, state, [[withToken(data.octets, state, data.value.eimId)]], signature)]
  }),
]

interface Server1 {
  readonly serverSigned1: Captured<unknown>
  readonly serverSignature1: Uint8Array
  readonly serverCertificate: Uint8Array
}

function ofServer1(message: Server1, { product }: EuiccState): readonly Verdict[] {
  const { serverSigned1, serverSignature1, serverCertificate } = message
  const certificate = certificateOf(serverCertificate)
  const outcome = holds(certificate?.publicKey, [[serverSigned1.octets]], serverSignature1)
  return [
    ofServer('serverCertificate', certificate, ['DPauth', 'DSauth'], product),
    signed('serverSignature1', nameOf(certificate), outcome),
  ]
}

interface Server2 {
  readonly smdpSigned2: Captured<SmdpSigned2>
  readonly smdpSignature2: Uint8Array
  readonly smdpCertificate: Uint8Array
}

/** Its signature is also over that of the eUICC before it. */
function ofServer2(message: Server2, { state, session }: Context): readonly Verdict[] {
  const { smdpSigned2, smdpSignature2, smdpCertificate } = message
  const certificate = certificateOf(smdpCertificate)
  const before = session(smdpSigned2.value.transactionId).euiccSignature1
  const covered = before.map((other) => [smdpSigned2.octets, encode(Signature, other)])
  return [
    ofServer('smdpCertificate', certificate, ['DPpb'], state.product),
    signed('smdpSignature2', nameOf(certificate), holds(certificate?.publicKey, covered, smdpSignature2)),
  ]
}

interface OwnCertificates {
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
}

function withOwnCertificates(
  { euiccCertificate, eumCertificate }: OwnCertificates,
  { product: { trustedCis: trusted } }: EuiccState,
  judge: (key: PublicKey | undefined) => Verdict | undefined,
): readonly Verdict[] {
  const euicc = certificateOf(euiccCertificate)
  const eum = certificateOf(eumCertificate)
  const chain = euicc && eum ? verifyEuiccChain({ euicc, eum, trusted }) : UNREADABLE
  const verdict = judge(euicc?.publicKey)
  return [certified('euiccCertificate', 'EUICC', chain), ...(verdict ? [verdict] : [])]
}

const UNREADABLE = { ok: false, reason: 'unreadable' } as const

function certificateOf(octets: Uint8Array | undefined): Certificate | undefined {
  if (!octets) return undefined
  try {
    return readCertificate(octets)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function ofServer(
  field: string,
  certificate: Certificate | undefined,
  roles: readonly [Role, ...Role[]],
  { trustedCis: trusted }: EuiccState['product'],
): Verdict {
  const chain = certificate ? verifyServerCertificate(certificate, { roles, trusted }) : UNREADABLE
  return certified(field, chain.ok ? chain.role : roles[0], chain)
}

const nameOf = (certificate: Certificate | undefined): string => certificate?.subject.commonName ?? 'unnamed'

/** `undecided`: nobody here can tell. */
type Outcome = { readonly holds: boolean } | { readonly undecided: string }

/** Over any of these. */
function holds(
  key: PublicKey | undefined,
  covered: readonly (readonly Uint8Array[])[],
  signature: Uint8Array,
): Outcome {
  if (covered.length === 0) return { undecided: OTHER_MESSAGE }
  return key === undefined
    ? { undecided: 'the key is not known' }
    : { holds: covered.some((octets) => verify(key, octets, signature)) }
}

function signed(field: string, by: string, outcome: Outcome): Verdict {
  if ('undecided' in outcome) return unknown(field, by, outcome.undecided)
  const verdict = { field, kind: 'signature', by, holds: outcome.holds } as const
  return outcome.holds ? verdict : { ...verdict, reason: 'it is not over these octets, or of another key' }
}

const unknown = (field: string, by: string, reason: string): Verdict => ({ field, kind: 'signature', by, reason })

const certified = (
  field: string,
  by: Role,
  chain: { readonly ok: true } | { readonly ok: false; readonly reason: string },
): Verdict => ({
  ...{ field, kind: 'certificate', by, holds: chain.ok },
  ...(!chain.ok && { reason: chain.reason }),
})

/** With the key that is certified under any of its CIs. */
function byEuicc(
  field: string,
  { eid, product }: EuiccState,
  covered: readonly (readonly Uint8Array[])[],
  signature: Uint8Array,
): Verdict {
  const outcomes = product.credentials.ciPkIds.map((ci) => {
    const { publicKey } = readCertificate(product.credentials.of(eid, ci).euiccCertificate)
    return holds(publicKey, covered, signature)
  })
  const best = outcomes.find((outcome) => 'holds' in outcome && outcome.holds) ?? outcomes[0]
  return signed(field, 'eUICC', best ?? { undecided: 'the key is not known' })
}

const eimOf = ({ memory }: EuiccState, eimId: string) =>
  memory.eims.find(({ configuration }) => configuration.eimId === eimId)?.configuration

function eimKey(state: EuiccState, eimId: string): PublicKey | undefined {
  const key = eimOf(state, eimId)?.eimPublicKeyData
  if (!key) return undefined
  return key.kind === 'eimPublicKey' ? publicKeyFromSpki(key.value) : certificateOf(key.value)?.publicKey
}

const AssociationToken = integer(0x84)

/** SGP.32 v1.2, 2.11: signatures between card and eIM also cover the association token, 0 when there is none. */
const withToken = (octets: Uint8Array, state: EuiccState, eimId: string): Uint8Array =>
  concatOctets(octets, encode(AssociationToken, eimOf(state, eimId)?.associationToken ?? 0))
