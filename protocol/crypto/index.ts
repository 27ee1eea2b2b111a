/** The cryptography of remote SIM provisioning: keys, signatures, key agreement, profile protection. */
export {
  type BspError,
  type BspState,
  ENCRYPTED_PAYLOAD_OCTETS,
  type EncryptedTag,
  MAC_ONLY_PAYLOAD_OCTETS,
  type MacOnlyTag,
  protect,
  protectMacOnly,
  replaceKeys,
  startBsp,
  unprotect,
} from './bsp.ts'
export { cmac } from './cmac.ts'
export type { Curve } from './curves.ts'
export { type Signer, sign, signDer, signDeterministically, verify, verifyDer } from './ecdsa.ts'
export { agree, deriveSessionKeys, type SessionKeys, x963Kdf } from './ecka.ts'
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
} from './keys.ts'
