/** PEM, as node:tls and other programs read it. */
import type { Identity, PrivateKey } from '../protocol/crypto/index.ts'

/** Under the names of the options of node:tls. */
export function toPem({ certificate, privateKey }: Identity): { cert: string; key: string } {
  return { cert: certificateToPem(certificate), key: privateKeyToPem(privateKey) }
}

export function certificateToPem(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

/** PKCS#8. */
export function privateKeyToPem(privateKey: PrivateKey): string {
  return privateKey.keyObject.export({ type: 'pkcs8', format: 'pem' }).toString()
}
