/**
 * Whether what a message has signed is signed, and by whom: each signature and each certificate in its octets, with what the device and its servers know.
 * Signatures that also cover another message (smdpSignature2, euiccSignature2) are not looked at.
 */
import {
  type AnySchema,
  concatOctets,
  DecodeError,
  decode,
  describe,
  encode,
  integer,
  type Tlv,
  type ValueOf,
} from '../../protocol/ber/index.ts'
import {
  type Certificate,
  type PublicKey,
  publicKeyFromSpki,
  type Role,
  readCertificate,
  verify,
  verifyEuiccChain,
  verifyServerCertificate,
} from '../../protocol/crypto/index.ts'
import { AuthenticateServerRequest, ProfileInstallationResult } from '../../protocol/sgp22/index.ts'
import { AuthenticateServerResponse, EuiccPackageRequest, EuiccPackageResult } from '../../protocol/sgp32/index.ts'
import type { EuiccState } from '../euicc/index.ts'

export interface Verdict {
  /** The field. */
  readonly field: string
  readonly kind: 'signature' | 'certificate'
  /** Who signed, or whose certificate it is. */
  readonly by: string
  readonly holds: boolean
  /** Why it does not. */
  readonly reason?: string
}

interface Row<S extends AnySchema = AnySchema> {
  readonly schema: S
  readonly judge: (value: ValueOf<S>, state: EuiccState) => readonly Verdict[]
}

const row = <S extends AnySchema>(schema: S, judge: Row<S>['judge']): Row => ({ schema, judge }) as unknown as Row

const rows: readonly Row[] = [
  row(AuthenticateServerRequest, ({ serverSigned1, serverSignature1, serverCertificate }, { product }) => {
    const certificate = readCertificate(serverCertificate)
    const chain = verifyServerCertificate(certificate, { roles: ['DPauth', 'DSauth'], trusted: product.trustedCis })
    return [
      certified('serverCertificate', chain.ok ? chain.role : 'DPauth', chain),
      signed(
        'serverSignature1',
        nameOf(certificate),
        holds(certificate.publicKey, [serverSigned1.octets], serverSignature1),
      ),
    ]
  }),
  row(AuthenticateServerResponse, ({ kind, value }, { product }) => {
    if (kind !== 'authenticateResponseOk') return []
    const euicc = readCertificate(value.euiccCertificate)
    const eum = readCertificate(value.eumCertificate)
    return [
      certified('euiccCertificate', 'EUICC', verifyEuiccChain({ euicc, eum, trusted: product.trustedCis })),
      signed(
        'euiccSignature1',
        nameOf(euicc),
        holds(euicc.publicKey, [value.euiccSigned1.octets], value.euiccSignature1),
      ),
    ]
  }),
  row(EuiccPackageRequest, ({ euiccPackageSigned, eimSignature }, state) => {
    const { eimId } = euiccPackageSigned.value
    const octets = withToken(euiccPackageSigned.octets, state, eimId)
    return [signed('eimSignature', eimId, holds(eimKey(state, eimId), [octets], eimSignature))]
  }),
  row(EuiccPackageResult, ({ kind, value }, state) => {
    // SGP.32 v1.0.1 signs over the signature of the package, which is not here.
    if (kind === 'euiccPackageErrorUnsigned' || state.product.specification === '1.0.1') return []
    const [field, data, signature] =
      kind === 'euiccPackageResultSigned'
        ? (['euiccSignEPR', value.euiccPackageResultDataSigned, value.euiccSignEPR] as const)
        : (['euiccSignEPE', value.euiccPackageErrorDataSigned, value.euiccSignEPE] as const)
    return [byEuicc(field, state, [withToken(data.octets, state, data.value.eimId)], signature)]
  }),
  row(ProfileInstallationResult, ({ profileInstallationResultData, euiccSignPIR }, state) => [
    byEuicc('euiccSignPIR', state, [profileInstallationResultData.octets], euiccSignPIR),
  ]),
]

/** Of everything signed that the octets are or hold, in their order. */
export function verdictsOf(octets: Uint8Array, state: EuiccState): readonly Verdict[] {
  return signedParts(octets).flatMap((part) => {
    for (const { schema, judge } of rows) {
      const value = read(schema, part)
      if (value !== undefined) return judge(value as never, state)
    }
    return []
  })
}

function read(schema: AnySchema, octets: Uint8Array): unknown {
  try {
    return decode(schema as never, octets, { rules: 'BER' })
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const signedTags = new Set(rows.flatMap(({ schema }) => schema.tags))

/** Elements with the tag of a signed message, at any depth; not those inside of them. */
function signedParts(octets: Uint8Array): readonly Uint8Array[] {
  const search = (tlv: Tlv): readonly Uint8Array[] =>
    signedTags.has(tlv.tag)
      ? [octets.subarray(tlv.offset, tlv.offset + tlv.headerLength + tlv.length)]
      : (tlv.children ?? []).flatMap(search)
  try {
    return describe(octets).flatMap(search)
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

const nameOf = ({ subject }: Certificate): string => subject.commonName ?? 'unnamed'

const holds = (key: PublicKey | undefined, octets: readonly Uint8Array[], signature: Uint8Array): true | string =>
  key === undefined
    ? 'the key is not known'
    : verify(key, octets, signature) || 'it is not over these octets, or of another key'

const signed = (field: string, by: string, outcome: true | string): Verdict => ({
  ...{ field, kind: 'signature', by, holds: outcome === true },
  ...(outcome !== true && { reason: outcome }),
})

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
  octets: readonly Uint8Array[],
  signature: Uint8Array,
): Verdict {
  const keys = product.credentials.ciPkIds.map(
    (ci) => readCertificate(product.credentials.of(eid, ci).euiccCertificate).publicKey,
  )
  const isHis = keys.some((key) => holds(key, octets, signature) === true)
  return signed(field, 'eUICC', isHis || holds(keys[0], octets, signature))
}

const eimOf = ({ memory }: EuiccState, eimId: string) =>
  memory.eims.find(({ configuration }) => configuration.eimId === eimId)?.configuration

function eimKey(state: EuiccState, eimId: string): PublicKey | undefined {
  const key = eimOf(state, eimId)?.eimPublicKeyData
  if (!key) return undefined
  return key.kind === 'eimPublicKey' ? publicKeyFromSpki(key.value) : readCertificate(key.value).publicKey
}

const AssociationToken = integer(0x84)

/** SGP.32 v1.2, 2.11: signatures between card and eIM also cover the association token, 0 when there is none. */
const withToken = (octets: Uint8Array, state: EuiccState, eimId: string): Uint8Array =>
  concatOctets(octets, encode(AssociationToken, eimOf(state, eimId)?.associationToken ?? 0))
