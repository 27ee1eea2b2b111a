/** How an eUICC and this eIM come to know each other: its certificates, our configuration for it, its association token. */
import { DecodeError, encode, equalOctets } from '../../protocol/ber/index.ts'
import {
  type Certificate,
  type PublicKey,
  publicKeyToSpki,
  readCertificate,
  verifyEuiccChain,
} from '../../protocol/crypto/index.ts'
import { AddInitialEimRequest, type EimConfigurationData, type Sgp32Version } from '../../protocol/sgp32/index.ts'
import { type EuiccIdentity, type EuiccState, newEuicc, type Turn, without } from './state.ts'

export interface Presented {
  readonly eid: string
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
}

export interface Trust {
  readonly trusted: readonly Certificate[]
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

export type Recognition =
  | { readonly kind: 'recognized'; readonly identity: EuiccIdentity }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }

/** CERT.EUICC.ECDSA of this EID below a trusted CI: SGP.22 v2.5, 4.5.2.2. */
export function recognize({ eid, euiccCertificate, eumCertificate }: Presented, { trusted, now }: Trust): Recognition {
  const euicc = certificateOf(euiccCertificate)
  const eum = certificateOf(eumCertificate)
  if (!euicc) return { kind: 'unreadable', detail: 'euiccCertificate is not the DER of a certificate.' }
  if (!eum) return { kind: 'unreadable', detail: 'eumCertificate is not the DER of a certificate.' }
  const chain = verifyEuiccChain({ euicc, eum, trusted, at: now })
  if (!chain.ok)
    return { kind: 'refused', detail: `The certificate of the ${chain.certificate} is refused: ${chain.reason}.` }
  if (chain.eid !== eid) return { kind: 'refused', detail: 'euiccCertificate is that of another EID.' }
  const { publicKey } = euicc
  const ciPKId = chain.ci.subjectKeyIdentifier
  if (!publicKey || !ciPKId) throw new Error('a chain was accepted without its keys')
  return { kind: 'recognized', identity: { publicKey, certified: { ciPKId, euiccCertificate, eumCertificate } } }
}

export function certificateOf(octets: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(octets)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

interface Onboarded {
  readonly identity: EuiccIdentity
  /** Absent: as before. */
  readonly specification?: Sgp32Version | undefined
}

/** Certificates below a CI that is known already replace the earlier ones. */
export function putEuicc(
  before: EuiccState | undefined,
  eid: string,
  { identity, specification }: Onboarded,
): Turn<{ readonly state: EuiccState; readonly isNew: boolean }> {
  const known = before
    ? { ...before, identities: replaceIdentity(before.identities, identity) }
    : newEuicc(eid, identity)
  const state = { ...known, ...(specification && { specification }) }
  return { state, effects: [], answer: { state, isNew: before === undefined } }
}

/** Below the same CI; a key without certificates is replaced by another one. */
const isSame = ({ certified: one }: EuiccIdentity, { certified: other }: EuiccIdentity): boolean =>
  one && other ? equalOctets(one.ciPKId, other.ciPKId) : one === other

function replaceIdentity(identities: EuiccState['identities'], identity: EuiccIdentity): EuiccState['identities'] {
  const at = identities.findIndex((known) => isSame(known, identity))
  return at < 0 ? [...identities, identity] : identities.with(at, identity)
}

/** What an eUICC says of itself is learnt when a CI vouches for it. */
export function learnIdentity(before: EuiccState, presented: Omit<Presented, 'eid'>, trust: Trust): EuiccState {
  const found = recognize({ eid: before.eid, ...presented }, trust)
  if (found.kind !== 'recognized') return before
  return { ...before, identities: replaceIdentity(before.identities, found.identity) }
}

/**
 * A new association: the eUICC may have begun to count its results anew. What is under way and unanswered was signed for another token: it is signed anew, with
 * the counter it has.
 */
export function setAssociationToken(before: EuiccState, associationToken: number): Turn<EuiccState> {
  const { exchange, inventory, sequenceNumber } = before
  if (before.associationToken === associationToken && sequenceNumber < 0) return { effects: [], answer: before }
  const signed = exchange?.counterValue !== undefined
  const state: EuiccState = {
    ...before,
    associationToken,
    sequenceNumber: -1,
    inventory: { ...inventory, sequenceNumber: -1, stale: true },
    ...(exchange && signed && { exchange: without(exchange, 'message', 'heldUntil') }),
  }
  return { state, effects: [], answer: state }
}

export interface EimIdentity {
  readonly eimId: string
  /** Host and port of ESipa. */
  readonly eimFqdn: string
  /** Of the key that signs eUICC packages. */
  readonly publicKey: PublicKey
  /** DER: the certificate of the TLS server, or of the CA above it. */
  readonly trustedCertificateTls: Uint8Array
  /** It relays ES9+, and IPAs that can are to download through it. */
  readonly indirectProfileDownload?: true
  /** It brings packages to IPAs that listen. */
  readonly pushes?: true
}

/** AddInitialEimRequest: SGP.32 v1.2, 5.9.4 and 2.11.1.1.1. Asks the eUICC for an association token. */
export function initialConfiguration({ identities, counterValue }: EuiccState, eim: EimIdentity): Uint8Array {
  return encode(AddInitialEimRequest, {
    eimConfigurationDataList: [configurationFor(eim, counterValue, identities[0])],
  })
}

/** What an eUICC is told of this eIM. The CI is that under which it is to sign; without one it chooses. */
export function configurationFor(
  eim: EimIdentity,
  counterValue: number,
  euicc: EuiccIdentity | undefined,
): EimConfigurationData {
  const { eimId, eimFqdn, publicKey, trustedCertificateTls, indirectProfileDownload } = eim
  const ciPKId = euicc?.certified?.ciPKId
  return {
    eimId,
    eimFqdn,
    eimIdType: 'eimIdTypeProprietary',
    counterValue,
    associationToken: -1,
    eimPublicKeyData: { kind: 'eimPublicKey', value: publicKeyToSpki(publicKey) },
    trustedPublicKeyDataTls: { kind: 'trustedCertificateTls', value: trustedCertificateTls },
    eimSupportedProtocol: eim.pushes ? ['eimRetrieveHttps', 'eimInjectHttps'] : ['eimRetrieveHttps'],
    ...(ciPKId && { euiccCiPKId: ciPKId }),
    ...(indirectProfileDownload && { indirectProfileDownload }),
  }
}
