import type { EimConfigurationData } from '../../protocol/sgp32/index.ts'
import type { TlsTrust } from '../ports/index.ts'

/** An eIM that this IPA can reach. */
export interface Eim {
  readonly eimId: string
  /** May carry a port. */
  readonly fqdn: string
  readonly associationToken?: number
  /** Profiles are to be downloaded through it. */
  readonly indirectProfileDownload?: true
  /** Unverified: without it, the anchors of the device, which are the CIs. */
  readonly trust?: TlsTrust
}

/**
 * The associated eIMs that are polled over HTTPS: SGP.32 v1.2, 2.11.1.1.1. Deviation: one that names no protocol, or only a proprietary one, which is
 * what an eUICC assumes when none is named, is polled too, as long as it has an address.
 */
export function eimsToPoll(configurations: readonly EimConfigurationData[]): readonly Eim[] {
  return configurations.flatMap(({ eimId, eimFqdn, eimIdType, eimSupportedProtocol = [], ...told }) => {
    const fqdn = eimFqdn ?? (eimIdType === 'eimIdTypeFqdn' ? eimId : undefined)
    const speaks = eimSupportedProtocol.length === 0 || eimSupportedProtocol.some((protocol) => polled.has(protocol))
    if (fqdn === undefined || !speaks) return []
    const { associationToken, indirectProfileDownload, trustedPublicKeyDataTls: trusted } = told
    return [
      {
        eimId,
        fqdn,
        ...(associationToken !== undefined && { associationToken }),
        ...(indirectProfileDownload && { indirectProfileDownload }),
        ...(trusted && { trust: { kind: trustKinds[trusted.kind], value: trusted.value } }),
      },
    ]
  })
}

const trustKinds = { trustedEimPkTls: 'publicKey', trustedCertificateTls: 'certificate' } as const

const polled: ReadonlySet<string> = new Set(['eimRetrieveHttps', 'eimProprietary'])
