/** Profiles as this SM-DP+ makes them: what is not told is made up. */
import { completeIccid, isIccid } from '../../protocol/identifiers/index.ts'
import type { NotificationConfigurationInformation, OperatorId, ProfileClass } from '../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import type { Random } from '../ports/index.ts'
import type { Order } from './order.ts'
import { type BrokenProfileName, brokenProfiles } from './profile/broken.ts'
import { type TemplateName, templates } from './profile/package.ts'
import { homePlmn, type ProfileParameters } from './profile/parameters.ts'

/** What is absent is made up, the same each time from the same random octets. */
export interface ProfileRequest extends Partial<ProfileParameters> {
  readonly template?: TemplateName
  /** A card refuses the profile for this. */
  readonly fault?: BrokenProfileName
  readonly profileName?: string
  readonly profileClass?: ProfileClass
  /** Absent: enabling, disabling and deletion are reported to this SM-DP+. */
  readonly notificationConfigurationInfo?: readonly NotificationConfigurationInformation[]
  readonly profilePolicyRules?: StoreMetadataRequest['profilePolicyRules']
  /** SGP.32: whether the profile may become the fallback profile. */
  readonly fallbackAllowed?: boolean
  /** SGP.32: the emergency profile, for eCalls. */
  readonly ecallIndication?: boolean
  readonly icon?: { readonly type: 'jpg' | 'png'; readonly octets: Uint8Array }
}

/** Where a profile is made. */
export interface Shop {
  readonly address: string
  readonly random: Random
}

/** Available. Throws RangeError for one that cannot be. */
export function newProfile(profile: ProfileRequest, shop: Shop): Order {
  const parameters = parametersOf(profile, shop.random)
  const made: Order = {
    iccid: parameters.iccid,
    state: 'available',
    template: profile.template ?? 'typical',
    parameters,
    metadata: metadataOf(profile, parameters, shop.address),
    confirmationAttemptsLeft: 0,
    downloadsLeft: 0,
    rebinding: true,
    replaceSessionKeys: false,
    notifications: {},
    ...(profile.fault !== undefined && { fault: profile.fault }),
  }
  check(wellFormed, made)
  return made
}

/** What must hold for a field. */
export interface FieldRule<T> {
  readonly field: string
  readonly must: string
  readonly holds: (value: T) => boolean
}

export function check<T>(rules: readonly FieldRule<T>[], value: T): void {
  const broken = rules.find((row) => !row.holds(value))
  if (broken) throw new RangeError(`${broken.field} of an order: ${broken.must}`)
}

const wellFormed: readonly FieldRule<Order>[] = [
  { field: 'template', must: 'one of the templates', holds: ({ template }) => Object.hasOwn(templates, template) },
  { field: 'fault', must: 'one of the faults', holds: ({ fault }) => !fault || Object.hasOwn(brokenProfiles, fault) },
  { field: 'iccid', must: '19 or 20 digits', holds: ({ iccid }) => isIccid(iccid) },
  { field: 'imsi', must: '15 digits', holds: ({ parameters }) => /^\d{15}$/.test(parameters.imsi) },
  { field: 'mncLength', must: '2 or 3', holds: ({ parameters }) => [2, 3].includes(parameters.mncLength) },
  { field: 'k', must: '16 octets', holds: ({ parameters }) => parameters.k.length === 16 },
  { field: 'opc', must: '16 octets', holds: ({ parameters }) => parameters.opc.length === 16 },
  {
    field: 'serviceProviderName',
    must: 'at most 32 characters',
    holds: ({ metadata }) => metadata.serviceProviderName.length <= 32,
  },
  { field: 'profileName', must: 'at most 64 characters', holds: ({ metadata }) => metadata.profileName.length <= 64 },
  { field: 'icon', must: 'at most 1024 octets', holds: ({ metadata }) => (metadata.icon?.length ?? 0) <= 1024 },
]

function parametersOf(profile: ProfileRequest, random: Random): ProfileParameters {
  const { gid1, gid2 } = profile
  return {
    iccid: profile.iccid ?? completeIccid(`8988${inventDigits(15, random)}`),
    imsi: profile.imsi ?? `00101${inventDigits(10, random)}`,
    mncLength: profile.mncLength ?? 2,
    k: profile.k ?? random.octets(16),
    opc: profile.opc ?? random.octets(16),
    serviceProviderName: profile.serviceProviderName ?? 'Test Operator',
    ...(gid1 && { gid1 }),
    ...(gid2 && { gid2 }),
  }
}

function metadataOf(profile: ProfileRequest, parameters: ProfileParameters, address: string): StoreMetadataRequest {
  const { profilePolicyRules, icon, fallbackAllowed, ecallIndication } = profile
  return {
    iccid: parameters.iccid,
    serviceProviderName: parameters.serviceProviderName,
    profileName: profile.profileName ?? 'Test Profile',
    profileClass: profile.profileClass ?? 'operational',
    notificationConfigurationInfo: profile.notificationConfigurationInfo ?? reportedTo(address),
    profileOwner: ownerOf(parameters),
    ...(profilePolicyRules && { profilePolicyRules }),
    ...(icon && { iconType: icon.type, icon: icon.octets }),
    ...(fallbackAllowed !== undefined && { fallbackAllowed }),
    ...(ecallIndication !== undefined && { ecallIndication }),
  }
}

const reportedTo = (notificationAddress: string): NotificationConfigurationInformation[] => [
  {
    profileManagementOperation: ['notificationEnable', 'notificationDisable', 'notificationDelete'],
    notificationAddress,
  },
]

/** The eUICC compares with EF.IMSI, EF.GID1 and EF.GID2. */
function ownerOf(parameters: ProfileParameters): OperatorId {
  const { gid1, gid2 } = parameters
  return { mccMnc: homePlmn(parameters), ...(gid1 && { gid1 }), ...(gid2 && { gid2 }) }
}

const inventDigits = (count: number, random: Random): string =>
  Array.from(random.octets(count), (octet) => octet % 10).join('')
