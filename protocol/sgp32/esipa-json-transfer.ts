/**
 * TransferEimPackage in the JSON binding of ESipa: SGP.32 v1.2, 6.4.1.4. The eIM asks, the IPA answers; each message has one member, the base64 of its
 * element. Unverified: all of it comes from one implementation.
 */
import { DecodeError, decode, encode, explicit, integer, sequenceOf, slice, toHex } from '../ber/index.ts'

type Json = Readonly<Record<string, unknown>>

const MESSAGE = 0xbf4e
const Envelope = explicit(MESSAGE, slice())

const requestMembers = {
  bf51: 'euiccPackageRequest',
  bf52: 'ipaEuiccDataRequest',
  bf53: 'eimAcknowledgements',
  bf54: 'profileDownloadTriggerRequest',
} as const
const responseMembers = { bf51: 'euiccPackageResult', bf52: 'ipaEuiccDataResponse' } as const

const toBase64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

function fromBase64(json: unknown): Uint8Array {
  const octets = new Uint8Array(Buffer.from(String(json), 'base64'))
  if (typeof json !== 'string' || toBase64(octets) !== json) throw new DecodeError('text-malformed', 0)
  return decode(slice(), octets)
}

const tagOf = (element: Uint8Array): string => toHex(element.subarray(0, 2))

/** Throws DecodeError for octets that are no TransferEimPackageRequest. */
export function transferRequestToJson(message: Uint8Array): Json {
  const element = decode(Envelope, message)
  const name = (requestMembers as Readonly<Record<string, string>>)[tagOf(element)]
  if (name === undefined) throw new DecodeError('unexpected-tag', 0)
  return { [name]: toBase64(element) }
}

/** Throws DecodeError when no member, or more than one, can be read. */
export function transferRequestFromJson(json: Json): Uint8Array {
  const found = Object.values(requestMembers).filter((name) => json[name] !== undefined)
  const [name] = found
  if (name === undefined || found.length > 1) throw new DecodeError('missing-field', 0)
  return encode(Envelope, fromBase64(json[name]))
}

const executed = { functionExecutionStatus: { status: 'Executed-Success' } }
const RECEIVED = Uint8Array.of(0x05, 0x00)
const PackageError = integer(0x02)
const NotificationList = sequenceOf(0xa0, slice())
/** Of v1.0.1. */
const OldNotificationList = explicit(0xbf2b, slice())

export function transferResponseToJson(message: Uint8Array): Json {
  const element = decode(Envelope, message)
  const name = (responseMembers as Readonly<Record<string, string>>)[tagOf(element)]
  if (name !== undefined) return { header: executed, [name]: toBase64(element) }
  if (element[0] === 0x05) return { header: executed }
  if (element[0] === 0x02) return { header: executed, eimPackageError: decode(PackageError, element) }
  const [result = new Uint8Array(), notifications = new Uint8Array()] = decode(sequenceOf(0x30, slice()), element)
  const ePRAndNotifications = { euiccPackageResult: toBase64(result), notificationList: toBase64(notifications) }
  return { header: executed, ePRAndNotifications }
}

/** Throws DecodeError for a member that cannot be read. */
export function transferResponseFromJson(json: Json): Uint8Array {
  return encode(Envelope, elementOf(json))
}

function elementOf(json: Json): Uint8Array {
  const name = Object.values(responseMembers).find((one) => json[one] !== undefined)
  if (name !== undefined) return fromBase64(json[name])
  const { ePRAndNotifications: both, eimPackageError: error } = json
  if (Number.isSafeInteger(error)) return encode(PackageError, Number(error))
  if (typeof both !== 'object' || both === null) return RECEIVED
  const { euiccPackageResult, notificationList } = both as Json
  const notifications = fromBase64(notificationList)
  decode<unknown>(notifications[0] === 0xbf ? OldNotificationList : NotificationList, notifications)
  return encode(sequenceOf(0x30, slice()), [fromBase64(euiccPackageResult), notifications])
}
