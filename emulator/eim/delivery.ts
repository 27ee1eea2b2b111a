/** ESipa.GetEimPackage: SGP.32 v1.2, 5.14.5. What the eUICC is handed, signed at that moment: 2.11.1.1. */
import { capture, encode, integer, toHex } from '../../protocol/ber/index.ts'
import type { Certificate } from '../../protocol/crypto/index.ts'
import {
  EuiccPackageSigned,
  type GetEimPackageRequest,
  type GetEimPackageResponse,
  type ProfileDownloadTriggerRequest,
  type Sgp32Codec,
  type Sgp32Version,
} from '../../protocol/sgp32/index.ts'
import type { Random } from '../ports/index.ts'
import { toDataRequest } from './data-request.ts'
import { expirePackages, type Patience } from './expiry.ts'
import type { DataOrder, DownloadOrder, Package } from './model.ts'
import { inventoryOrder, toEuiccPackage } from './orders.ts'
import { advance } from './queue.ts'
import { type EuiccState, type Exchange, type Turn, toTime, without } from './state.ts'

/** What a step is handed besides state and message. */
export interface Tools {
  readonly eimId: string
  /** Version of SGP.32 that is spoken with this eUICC. */
  readonly codec: Sgp32Codec
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  readonly random: Random
  /** Over the concatenation, with the key of the eIM. */
  readonly sign: (octets: readonly Uint8Array[]) => Uint8Array
  /** How long nothing is repeated that got an answer which cannot be believed. */
  readonly retryAfterMs: number
  /** How long packages wait to be fetched, and then to be answered. */
  readonly patience: Patience
  /** CIs below which eUICCs are recognized. */
  readonly trusted: readonly Certificate[]
  /** Laboratory switch: results of this eUICC count without a signature that can be verified. */
  readonly believesUnverified: (eid: string) => boolean
}

/** By the version that an eUICC was onboarded with. */
export type ToolsFor = (specification?: Sgp32Version) => Tools

const AssociationToken = integer(0x84)

/** What both sides sign behind their data: the token as a data object. 0 stands for none. */
export const associationTokenObject = (token = 0): Uint8Array => encode(AssociationToken, token)

/** 16 octets, upper-case hexadecimal. */
export const newTransactionId = (random: Random): string => toHex(random.octets(16)).toUpperCase()

export interface Delivery {
  /** GetEimPackageResponse. */
  readonly octets: Uint8Array
  readonly exchange?: Exchange
}

export function getEimPackage(before: EuiccState, request: GetEimPackageRequest, tools: Tools): Turn<Delivery> {
  const expiry = expirePackages(before, tools.patience, tools.now)
  const turn = nextDelivery(expiry.state ?? before, request, tools)
  return { ...turn, effects: [...expiry.effects, ...turn.effects] }
}

function nextDelivery(before: EuiccState, request: GetEimPackageRequest, tools: Tools): Turn<Delivery> {
  const seen: EuiccState = {
    ...before,
    lastContactAt: tools.now,
    ...(request.notifyStateChange && { inventory: staleNow(before.inventory) }),
  }
  const next = nextExchange(seen, tools)
  if (!next || (next.exchange.heldUntil ?? 0) > tools.now) return { state: seen, effects: [], answer: nothing(tools) }
  return deliver({ ...seen, ...next }, next.exchange, tools)
}

const nothing = ({ codec }: Tools): Delivery => ({
  octets: encode(codec.GetEimPackageResponse, { kind: 'eimPackageError', value: 'noEimPackageAvailable' }),
})

const staleNow = ({ profiles, at, sequenceNumber }: EuiccState['inventory']) => ({
  profiles,
  sequenceNumber,
  stale: true,
  ...(at !== undefined && { at }),
})

/** What is under way, else the first that waits, else a question of our own for the inventory. */
function nextExchange(
  { eid, exchange, waiting, inventory, identities }: EuiccState,
  { now, random }: Tools,
): (Pick<EuiccState, 'waiting'> & { readonly exchange: Exchange }) | undefined {
  if (exchange) return { exchange, waiting }
  const [first, ...others] = waiting
  if (first) return { exchange: newExchange(first, 'order'), waiting: others }
  if (!inventory.stale || (inventory.askAt ?? 0) > now || identities.length === 0) return undefined
  const row = { order: inventoryOrder, packageId: newPackageId(random), eimTransactionId: newTransactionId(random) }
  const own: Package = { eid, ...row, state: 'queued', createdAt: toTime(now) }
  return { exchange: newExchange(own, 'inventory'), waiting }
}

const newExchange = (ordered: Package, purpose: Exchange['purpose']): Exchange => ({
  package: ordered,
  purpose,
  eimTransactionId: ordered.eimTransactionId,
  deliveries: 0,
})

/** UUID, version 4: RFC 9562. */
export function newPackageId(random: Random): string {
  const octets = random.octets(16).slice()
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80
  const hex = toHex(octets)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The same octets for every repetition: whichever of them arrives, the eUICC executes the package once. */
function deliver(state: EuiccState, exchange: Exchange, tools: Tools): Turn<Delivery> {
  const composed: Composed = exchange.message
    ? { ...exchange, message: exchange.message }
    : compose(state, exchange, tools)
  const { message, counterValue } = composed
  const isFirst = exchange.package.state === 'queued'
  const isOrdered = exchange.eimTransactionId === exchange.package.eimTransactionId
  const delivered = advance(exchange.package, 'deliver', {
    ...(isFirst && { deliveredAt: toTime(tools.now) }),
    ...(isOrdered && counterValue !== undefined && { counterValue }),
  })
  if (!delivered) throw new Error(`a package that is ${exchange.package.state} cannot be delivered`)
  const after: Exchange = {
    ...without(exchange, 'heldUntil'),
    package: delivered,
    deliveries: exchange.deliveries + 1,
    message,
    ...(counterValue !== undefined && { counterValue }),
  }
  return {
    state: {
      ...state,
      counterValue: counterValue ?? state.counterValue,
      exchange: after,
      ...signedBy(state, composed),
    },
    effects: isFirst ? [{ kind: 'package', package: delivered }] : [],
    answer: { octets: message, exchange: after },
  }
}

const REMEMBERED_SIGNATURES = 4

/** The signatures of the packages sent last, newest first. */
function signedBy({ eimSignatures = [] }: EuiccState, { counterValue, eimSignature }: Composed) {
  if (counterValue === undefined || !eimSignature) return {}
  return { eimSignatures: [{ counterValue, eimSignature }, ...eimSignatures].slice(0, REMEMBERED_SIGNATURES) }
}

interface Composed {
  readonly message: Uint8Array
  readonly counterValue?: number
  /** Of an eUICC package. */
  readonly eimSignature?: Uint8Array
}

/** A package that is signed anew, because the token has changed, keeps its counterValue: the eUICC takes one of the two only. */
function compose(state: EuiccState, exchange: Exchange, { eimId, sign, codec }: Tools): Composed {
  const write = (response: GetEimPackageResponse) => encode(codec.GetEimPackageResponse, response)
  const { eimTransactionId } = exchange
  const { order } = exchange.package
  if (exchange.purpose === 'order' && 'download' in order)
    return { message: write(trigger(order.download, eimTransactionId)) }
  const question = questionOf(exchange)
  if (question)
    return { message: write({ kind: 'ipaEuiccDataRequest', value: toDataRequest(question, eimTransactionId) }) }
  const counterValue = exchange.counterValue ?? state.counterValue + 1
  const euiccPackageSigned = capture(EuiccPackageSigned, {
    eimId,
    eidValue: state.eid,
    counterValue,
    eimTransactionId,
    euiccPackage: toEuiccPackage(exchange.purpose === 'order' ? order : inventoryOrder),
  })
  const eimSignature = sign([euiccPackageSigned.octets, associationTokenObject(state.associationToken)])
  const message = write({ kind: 'euiccPackageRequest', value: { euiccPackageSigned, eimSignature } })
  return { message, counterValue, eimSignature }
}

/** What the IPA is asked, where it is not to have something done. */
function questionOf({ purpose, package: { order } }: Exchange): DataOrder | undefined {
  if (purpose === 'results') return { components: ['euiccPackageResultList'] }
  return purpose === 'order' && 'data' in order ? order.data : undefined
}

function trigger(order: DownloadOrder, eimTransactionId: string): GetEimPackageResponse {
  const profileDownloadData = downloadData(order)
  const value = { ...(profileDownloadData && { profileDownloadData }), eimTransactionId }
  return { kind: 'profileDownloadTriggerRequest', value }
}

/** Absent: the eIM keeps it to itself and carries the session. */
function downloadData(order: DownloadOrder): ProfileDownloadTriggerRequest['profileDownloadData'] {
  const { activationCode, contactSmds, indirect = false } = order
  if (contactSmds) return { kind: 'contactSmds', value: contactSmds }
  if (activationCode === undefined) return { kind: 'contactDefaultSmdp', value: true }
  return indirect ? undefined : { kind: 'activationCode', value: activationCode }
}
