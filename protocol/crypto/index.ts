/** The cryptography of remote SIM provisioning: keys, signatures, key agreement, profile protection. */
export { type AkaFunctions, type MilenageKey, milenage, standardConstants, usimTestAlgorithm, xor } from './aka.ts'
export {
  type BspError,
  type BspState,
  ENCRYPTED_PAYLOAD_OCTETS,
  type EncryptedTag,
  MAC_ONLY_PAYLOAD_OCTETS,
  type MacOnlyTag,
  protect,
  protectMacOnly,
  startBsp,
  unprotect,
} from './bsp.ts'
export {
  type Certificate,
  type DirectoryAttributes,
  type DistinguishedName,
  readCertificate,
} from './certificate.ts'
export {
  type ChainReason,
  type ChainRefusal,
  type IsRevoked,
  issuerOf,
  verifyEuiccChain,
  verifyProfileBindingCertificate,
  verifyServerCertificate,
  verifyTlsCertificate,
} from './chain.ts'
export { cmac } from './cmac.ts'
export { type Crl, isCrlSignedBy, readCrl } from './crl.ts'
export type { Curve } from './curves.ts'
export { signDeterministically } from './deterministic-ecdsa.ts'
export { type Signer, sign, signatureToDer, verify, verifyDer } from './ecdsa.ts'
export { agree, deriveSessionKeys, type SessionKeys, x963Kdf } from './ecka.ts'
export {
  type DeviceSecrets,
  deriveEuiccIdentity,
  type EuiccCertificateRequest,
  type Identity,
  issueEuiccCertificate,
} from './issue-euicc-certificate.ts'
export {
  generatePrivateKey,
  type PrivateKey,
  type PublicKey,
  privateKeyFromPem,
  privateKeyFromScalar,
  privateKeyFromSeed,
  publicKeyFromPoint,
  publicKeyFromSpki,
  publicKeyToSpki,
  subjectKeyIdentifier,
} from './keys.ts'
export { type Role, roles } from './roles.ts'
export { type TuakKey, tuak } from './tuak.ts'
