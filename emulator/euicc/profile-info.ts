/** ProfileInfo: SGP.22 v2.5, 5.7.15; SGP.32 v1.2, 5.9.14. */
import { equalOctets } from '../../protocol/ber/index.ts'
import type { ProfileInfoListRequest } from '../../protocol/sgp22/index.ts'
import type { ProfileInfo } from '../../protocol/sgp32/index.ts'
import type { EuiccProduct, Personality } from './product.ts'
import { isEnabled } from './profiles.ts'
import type { Memory, Profile } from './state.ts'

/** The profiles that are asked for, each with the components that are asked for. Tags without meaning here are ignored. Unverified: the latter. */
export function listProfiles(
  { memory, product }: { readonly memory: Memory; readonly product: EuiccProduct },
  { searchCriteria, tagList }: ProfileInfoListRequest,
): ProfileInfo[] {
  const { byTag, byDefault } = rowsFor(product)
  const wanted = tagList ? [...new Set(tagList)].flatMap((tag) => byTag.get(tag) ?? []) : byDefault
  return memory.profiles
    .filter((profile) => matches(profile, searchCriteria))
    .map((profile) => infoOf(profile, memory, wanted))
}

/** FALSE is the default of the attribute: then it is not sent. */
function infoOf(profile: Profile, memory: Memory, wanted: readonly Row[]): ProfileInfo {
  const info: ProfileInfo = { fallbackAttribute: false }
  for (const row of wanted) Object.assign(info, row.read(profile, memory))
  return info
}

function matches({ iccid, isdpAid, metadata }: Profile, criteria: ProfileInfoListRequest['searchCriteria']): boolean {
  switch (criteria?.kind) {
    case undefined:
      return true
    case 'iccid':
      return criteria.value === iccid
    case 'isdpAid':
      return equalOctets(criteria.value, isdpAid)
    case 'profileClass':
      return criteria.value === metadata.profileClass
  }
}

/** Whether the policy of the card takes the list as it is. */
export const areTagsTaken = (product: EuiccProduct, { tagList = [] }: ProfileInfoListRequest): boolean =>
  product.policy.unknownTagInList === 'ignored' || tagList.every((tag) => rowsFor(product).byTag.has(tag))

interface Row {
  readonly tag: number
  /** On which cards it is there when no list is given: SGP.22 v2.5, 5.7.15; SGP.32 v1.2, 5.9.14. */
  readonly byDefault?: 'iot' | 'consumer' | 'both'
  /** Neither SGP.22 nor SGP.32 v1.0.1 knows it. */
  readonly isIot?: true
  read(profile: Profile, memory: Memory): Partial<ProfileInfo>
}

type MetadataName = keyof Profile['metadata'] & keyof ProfileInfo

/** A component that StoreMetadata brought and that is given back as it is. */
const stored = (name: MetadataName) => ({
  read: ({ metadata }: Profile): Partial<ProfileInfo> =>
    metadata[name] === undefined ? {} : { [name]: metadata[name] },
})

const rows: readonly Row[] = [
  { tag: 0x5a, byDefault: 'both', read: ({ iccid }) => ({ iccid }) },
  { tag: 0x4f, byDefault: 'both', read: ({ isdpAid }) => ({ isdpAid }) },
  {
    tag: 0x9f70,
    byDefault: 'both',
    read: (profile, memory) => ({ profileState: isEnabled(memory, profile) ? 'enabled' : 'disabled' }),
  },
  {
    tag: 0x90,
    byDefault: 'consumer',
    read: ({ nickname }) => (nickname === undefined ? {} : { profileNickname: nickname }),
  },
  { tag: 0x91, byDefault: 'both', ...stored('serviceProviderName') },
  { tag: 0x92, byDefault: 'both', ...stored('profileName') },
  { tag: 0x93, byDefault: 'consumer', ...stored('iconType') },
  { tag: 0x94, byDefault: 'consumer', ...stored('icon') },
  { tag: 0x95, byDefault: 'both', ...stored('profileClass') },
  { tag: 0xb6, ...stored('notificationConfigurationInfo') },
  { tag: 0xb7, ...stored('profileOwner') },
  { tag: 0xb8, read: ({ dpProprietaryData }) => (dpProprietaryData ? { dpProprietaryData } : {}) },
  { tag: 0x99, ...stored('profilePolicyRules') },
  { tag: 0xbf22, ...stored('serviceSpecificDataStoredInEuicc') },
  { tag: 0x9f7b, isIot: true, byDefault: 'iot', ...stored('ecallIndication') },
  {
    tag: 0x9f26,
    isIot: true,
    byDefault: 'iot',
    read: ({ iccid }, { fallback }) => ({ fallbackAttribute: fallback === iccid }),
  },
  { tag: 0x9f67, isIot: true, byDefault: 'iot', ...stored('fallbackAllowed') },
]

const commonRows = rows.filter(({ isIot }) => !isIot)

const rowsOf = {
  iot: arranged('iot', rows),
  iotV1_0_1: arranged('iot', commonRows),
  consumer: arranged('consumer', commonRows),
}

const rowsFor = ({ personality, specification }: EuiccProduct) =>
  rowsOf[personality === 'iot' && specification === '1.0.1' ? 'iotV1_0_1' : personality]

function arranged(personality: Personality, known: readonly Row[]) {
  const byDefault = known.filter((row) => row.byDefault === personality || row.byDefault === 'both')
  return { byTag: new Map(known.map((row) => [row.tag, row])), byDefault }
}
