/** Orders as the operator places them and as the functions of ES9+ find them. */
import { createHash } from 'node:crypto'
import { completeIccid, formatActivationCode, isEid, isIccid } from '../../protocol/identifiers/index.ts'
import type { NotificationConfigurationInformation, OperatorId, ProfileClass } from '../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import type { Random } from '../ports/index.ts'
import { can, moved, type Order } from './order.ts'
import { type TemplateName, templates } from './profile/package.ts'
import { homePlmn, type ProfileParameters } from './profile/parameters.ts'

/** What is absent is made up, the same each time from the same random octets. */
export interface ProfileRequest extends Partial<ProfileParameters> {
  readonly template?: TemplateName
  readonly profileName?: string
  readonly profileClass?: ProfileClass
  /** Absent: enabling, disabling and deletion are reported to this SM-DP+. */
  readonly notificationConfigurationInfo?: readonly NotificationConfigurationInformation[]
  readonly profilePolicyRules?: StoreMetadataRequest['profilePolicyRules']
  /** SGP.32: whether the profile may become the fallback profile. */
  readonly fallbackAllowed?: boolean
  readonly icon?: { readonly type: 'jpg' | 'png'; readonly octets: Uint8Array }
}

export interface OrderRequest {
  readonly profile?: ProfileRequest
  readonly matchingId?: string
  readonly eid?: string
  readonly confirmationCode?: string
  /** Wrong codes after which the order is in error; 3 by default. */
  readonly confirmationAttempts?: number
  /** Packages handed out at most; 10 by default. */
  readonly downloads?: number
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number
  /** False: a package is never bound to a second one-time key. */
  readonly rebinding?: boolean
  /** True: profile elements are protected with keys of their own. */
  readonly replaceSessionKeys?: boolean
}

/** What the operator may see of an order. */
export interface OrderStatus
  extends Pick<Order, 'iccid' | 'matchingId' | 'state' | 'eid' | 'result' | 'notifications' | 'metadata'> {
  readonly activationCode: string
}

export interface Orders {
  /** Throws RangeError for an order that cannot be: a malformed identifier, or one that is taken. */
  create(request?: OrderRequest): OrderStatus
  get(iccid: string): OrderStatus | undefined
  list(): readonly OrderStatus[]
  /** Withdraws an order that has not been carried out. False: it is not there or too late. */
  cancel(iccid: string): boolean
}

export interface OrderBook extends Orders {
  byIccid(iccid: string): Order | undefined
  byMatchingId(matchingId: string): Order | undefined
  /** The first that waits for this eUICC. */
  forEid(eid: string): Order | undefined
  put(order: Order): void
}

interface Shop {
  readonly address: string
  readonly random: Random
}

export function createOrderBook(shop: Shop): OrderBook {
  const orders = new Map<string, Order>()
  const iccids = new Map<string, string>()
  const waiting = new Map<string, Set<string>>()
  const byIccid = (iccid: string) => orders.get(iccid)
  const status = (order: Order): OrderStatus => statusOf(order, shop.address)
  return {
    create(request = {}) {
      const order = newOrder(request, shop)
      if (orders.has(order.iccid)) throw new RangeError(`ICCID ${order.iccid} is ordered already`)
      if (iccids.has(order.matchingId)) throw new RangeError(`matchingId ${order.matchingId} is in use`)
      orders.set(order.iccid, order)
      iccids.set(order.matchingId, order.iccid)
      if (order.eid !== undefined) waiting.set(order.eid, (waiting.get(order.eid) ?? new Set()).add(order.iccid))
      return status(order)
    },
    get(iccid) {
      const order = byIccid(iccid)
      return order && status(order)
    },
    list: () => Array.from(orders.values(), status),
    cancel(iccid) {
      const order = byIccid(iccid)
      if (!can(order, 'cancel')) return false
      orders.set(iccid, moved(order, 'cancel'))
      return true
    },
    byIccid,
    byMatchingId: (matchingId) => byIccid(iccids.get(matchingId) ?? ''),
    forEid: (eid) => Array.from(waiting.get(eid) ?? [], byIccid).find((order) => can(order, 'bind')),
    put: (order) => void orders.set(order.iccid, order),
  }
}

function statusOf(order: Order, address: string): OrderStatus {
  const { iccid, matchingId, state, result, notifications, metadata, binding } = order
  const eid = order.eid ?? binding?.euicc.eid
  const code = {
    smdpAddress: address,
    matchingId,
    ...(order.confirmationCodeHash && { confirmationCodeRequired: true as const }),
  }
  return {
    iccid,
    matchingId,
    state,
    metadata,
    notifications,
    activationCode: formatActivationCode(code),
    ...(eid !== undefined && { eid }),
    ...(result && { result }),
  }
}

const TEN_DOWNLOADS = 10
const THREE_ATTEMPTS = 3

function newOrder(request: OrderRequest, shop: Shop): Order {
  const { profile = {}, eid, confirmationCode, expiresAt } = request
  const parameters = parametersOf(profile, shop.random)
  const order: Order = {
    iccid: parameters.iccid,
    matchingId: request.matchingId ?? inventMatchingId(shop.random),
    state: 'released',
    template: profile.template ?? 'typical',
    parameters,
    metadata: metadataOf(profile, parameters, shop.address),
    confirmationAttemptsLeft: request.confirmationAttempts ?? THREE_ATTEMPTS,
    downloadsLeft: request.downloads ?? TEN_DOWNLOADS,
    rebinding: request.rebinding ?? true,
    replaceSessionKeys: request.replaceSessionKeys ?? false,
    notifications: {},
    ...(eid !== undefined && { eid }),
    ...(confirmationCode !== undefined && { confirmationCodeHash: sha256(confirmationCode) }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
  const broken = wellFormed.find((row) => !row.holds(order))
  if (broken) throw new RangeError(`${broken.field} of an order: ${broken.must}`)
  return order
}

const wellFormed: readonly { field: string; must: string; holds: (order: Order) => boolean }[] = [
  { field: 'template', must: 'one of the templates', holds: ({ template }) => Object.hasOwn(templates, template) },
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
  { field: 'eid', must: '32 digits', holds: ({ eid }) => eid === undefined || isEid(eid) },
  {
    field: 'matchingId',
    must: 'upper-case letters, digits and hyphens',
    holds: ({ matchingId }) => /^[0-9A-Z-]+$/.test(matchingId),
  },
]

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest()

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
  const { profilePolicyRules, icon, fallbackAllowed } = profile
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

const TOKEN_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** In groups of five, as operators print them. */
function inventMatchingId(random: Random): string {
  const letters = Array.from(random.octets(20), (octet) => TOKEN_LETTERS[octet % TOKEN_LETTERS.length])
  return letters.join('').replace(/.{5}(?=.)/g, '$&-')
}
