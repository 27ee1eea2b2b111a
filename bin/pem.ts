/** Certificates and keys that the configuration names by their files. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config } from './config-schema.ts'
import { ConfigurationError } from './mapping.ts'

/** Who has to show a certificate below which CA, and what the provider shows; in PEM. Throws ConfigurationError. */
export function clientCertificates({ smdp, smds, eim, provider }: Config) {
  if (eim.northboundClientCa && !eim.northboundTls)
    throw new ConfigurationError(
      'eim.northboundClientCa needs eim.northboundTls: nobody shows a certificate over HTTP.',
    )
  if ((provider.clientCertificate === '') !== (provider.clientKey === ''))
    throw new ConfigurationError('provider.clientCertificate and provider.clientKey belong together.')
  if (provider.enabled && (smdp.clientCa || eim.northboundClientCa) && !provider.clientCertificate)
    throw new ConfigurationError(
      'provider.clientCertificate is mandatory where smdp.clientCa or eim.northboundClientCa ask for one.',
    )
  const certificate = (key: string, file: string) => pemIn(key, file, (pem) => new X509Certificate(pem))
  const shown = {
    certificate: certificate('provider.clientCertificate', provider.clientCertificate),
    key: pemIn('provider.clientKey', provider.clientKey, createPrivateKey),
  }
  return {
    smdp: { clientCa: certificate('smdp.clientCa', smdp.clientCa) },
    smds: { clientCa: certificate('smds.clientCa', smds.clientCa) },
    eim: { northboundClientCa: certificate('eim.northboundClientCa', eim.northboundClientCa) },
    provider: shown.certificate && shown.key ? { certificate: shown.certificate, key: shown.key } : {},
  }
}

/** `undefined` where no file is named. */
function pemIn(key: string, file: string, read: (pem: string) => unknown): string | undefined {
  if (file === '') return undefined
  try {
    const pem = readFileSync(file, 'utf8')
    read(pem)
    return pem
  } catch (error) {
    throw new ConfigurationError(`${key}: ${file} cannot be used: ${(error as Error).message}`)
  }
}
