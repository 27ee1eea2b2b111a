/** The test PKI. Its keys are public knowledge by design: nothing that they sign is worth any trust. */
export type { Identity } from '../protocol/crypto/index.ts'
export { certificateToPem, toPem } from './pem.ts'
export { type CurvePki, makePki, type Pki, type PkiOptions } from './pki.ts'
export { loadPki, savePki } from './store-folder.ts'
