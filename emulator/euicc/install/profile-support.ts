/** Which profiles a card can take, after what it says of itself in EUICCInfo2: SGP.22 v2.5, 5.7.8. */
import type { ElementOf } from '../../../protocol/saip/index.ts'
import type { Capabilities } from '../product.ts'

type Capability = Capabilities['uiccCapability'][number]

/** Services of the profile header that go by another name in UICCCapability. */
const capabilityOf: Readonly<Record<string, Capability>> = {
  contactless: 'contactlessSupport',
  usim: 'usimSupport',
  isim: 'isimSupport',
  csim: 'csimSupport',
  milenage: 'akaMilenage',
  tuak128: 'akaTuak128',
  tuak256: 'akaTuak256',
  cave: 'akaCave',
  'usim-test-algorithm': 'usimTestAlgorithm',
  'gba-usim': 'gbaAuthenUsim',
  'gba-isim': 'gbaAuthenISim',
  mbms: 'mbmsAuthenUsim',
  eap: 'eapClient',
  'multiple-usim': 'multipleUsimSupport',
  'multiple-isim': 'multipleIsimSupport',
  'multiple-csim': 'multipleCsimSupport',
  'ber-tlv': 'berTlvFileSupport',
  dfLink: 'dfLinkSupport',
  'cat-tp': 'catTp',
  'get-identity': 'getIdentity',
}

export const isServiceSupported = ({ uiccCapability }: Capabilities, service: string): boolean =>
  uiccCapability.some((capability) => capability === (capabilityOf[service] ?? service))

/** A card takes every minor version up to the one that it names. */
export function isVersionSupported(
  { profileVersion, additionalEuiccProfilePackageVersions = [] }: Capabilities,
  header: ElementOf<'header'>,
): boolean {
  return (
    isUpTo(profileVersion, header) || additionalEuiccProfilePackageVersions.some((version) => isUpTo(version, header))
  )
}

const isUpTo = (version: string, header: ElementOf<'header'>): boolean =>
  header['major-version'] === Number.parseInt(version, 10) &&
  header['minor-version'] <= Number.parseInt(version.slice(version.indexOf('.') + 1), 10)
