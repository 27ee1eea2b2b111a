/**
 * ESipa, JSON binding: SGP.32 v1.2, 6.4. Its members are the elements of the messages of the ASN.1 binding, so that one is turned into the other without
 * a look inside: octets that somebody signed stay as they are. TransferEimPackage, which an eIM sends to an IPA, is not here.
 */
import {
  concatOctets,
  DecodeError,
  decode,
  encode,
  fromHex,
  integer,
  octetString,
  type Schema,
  sequenceOf,
  slice,
  tagToHex,
  toHex,
  utf8String,
} from '../ber/index.ts'
import { type ErrorRow, errorOf, esipaErrors, type StatusCode, statusOf, statusText } from '../codes/index.ts'
import { EsipaMessageFromEimToIpa } from './esipa.ts'
import type { Sgp32Version } from './versions.ts'

/** One element of a message and its member. */
interface Member {
  readonly name: string
  /** Absent: any. */
  readonly tag?: number
  readonly toJson: (element: Uint8Array) => unknown
  /** Throws DecodeError. */
  readonly fromJson: (json: unknown) => Uint8Array
}

const malformed = (): never => {
  throw new DecodeError('text-malformed', 0)
}

const text = (json: unknown, pattern: RegExp): string =>
  typeof json === 'string' && pattern.test(json) ? json : malformed()

const toBase64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

function fromBase64(json: unknown): Uint8Array {
  const octets = new Uint8Array(Buffer.from(text(json, /./), 'base64'))
  return toBase64(octets) === json ? octets : malformed()
}

/** A value of its own coding. */
const coded = <T>(name: string, schema: Schema<T> & { readonly tag: number }, json: (json: unknown) => T): Member => ({
  name,
  tag: schema.tag,
  toJson: (element) => decode(schema, element),
  fromJson: (value) => encode(schema, json(value)),
})

/** Base64 of the whole element, which may have another tag inside its message. */
const der = (name: string, tag?: number, within = tag): Member => ({
  name,
  ...(within !== undefined && { tag: within }),
  toJson: (element) => toBase64(tagged(element, tag)),
  fromJson(json) {
    const element = decode(slice(), fromBase64(json))
    if (tag !== undefined && tagOf(element) !== tag) throw new DecodeError('unexpected-tag', 0)
    return tagged(element, within)
  },
})

/** Base64 of the one element inside. */
const wrapped = (name: string, tag: number): Member => ({
  name,
  tag,
  toJson: (element) => toBase64(elementsOf(element, tag)[0] ?? new Uint8Array()),
  fromJson: (json) => toMessage(tag, [decode(slice(), fromBase64(json))]),
})

const hexadecimal = (name: string, tag: number): Member => ({
  name,
  tag,
  toJson: (element) => toHex(decode(octetString(tag), element)).toUpperCase(),
  fromJson: (json) => encode(octetString(tag), fromHex(text(json, /^([0-9A-Fa-f]{2}){1,16}$/))),
})

const eidValue: Member = {
  name: 'eidValue',
  tag: 0x5a,
  toJson: (element) => toHex(decode(octetString(0x5a), element)),
  fromJson: (json) => encode(octetString(0x5a), fromHex(text(json, /^[0-9]{32}$/))),
}

const raw = (name: string, tag: number): Member => ({
  name,
  tag,
  toJson: (element) => toBase64(decode(octetString(tag), element)),
  fromJson: (json) => encode(octetString(tag), fromBase64(json)),
})

const string = (name: string, tag: number): Member => coded(name, utf8String(tag), (json) => text(json, /^/))
const number = (name: string, tag: number): Member =>
  coded(name, integer(tag), (json) => (Number.isSafeInteger(json) ? Number(json) : malformed()))

const flag = (name: string, tag: number): Member => ({
  name,
  tag,
  toJson: () => true,
  fromJson: (json) => (json === true ? Uint8Array.of(tag, 0) : malformed()),
})

const transactionId = hexadecimal('transactionId', 0x80)

interface FunctionRow {
  /** Of request and response. */
  readonly tag: number
  /** Alternative of EsipaMessageFromIpaToEim. */
  readonly kind: string
  readonly request: readonly Member[]
  /** Absent: no answer. */
  readonly response?: {
    readonly members: readonly Member[]
    /** Of the sequence that the members are in, if they are in one. */
    readonly tag?: number
    /** What else may be answered, known by a member that is not there. */
    readonly other?: { readonly tag: number; readonly without: string; readonly members: readonly Member[] }
    /** What stands there when no member does. */
    readonly empty?: Uint8Array
    /** No member, no element: v1.0.1. */
    readonly mayBeEmpty?: true
    /** Alternatives of EsipaMessageFromEimToIpa and of the response. */
    readonly kind: string
    readonly error: { readonly kind: string; readonly tag: number; readonly rows: readonly ErrorRow[] }
  }
}

const errors = esipaErrors['1.2']

const acknowledging = {
  members: [der('eimAcknowledgements', 0xbf53)],
  kind: 'provideEimPackageResultResponse',
  error: { kind: 'provideEimPackageResultError', tag: 0x02, rows: errors.provideEimPackageResult },
} as const

/** By the last part of the path. */
const functions = {
  initiateAuthentication: {
    tag: 0xbf39,
    kind: 'initiateAuthenticationRequestEsipa',
    request: [
      raw('euiccChallenge', 0x81),
      string('smdpAddress', 0x83),
      der('euiccInfo1', 0xbf20),
      hexadecimal('eimTransactionId', 0x82),
    ],
    response: {
      tag: 0xa0,
      members: [
        transactionId,
        der('serverSigned1', 0x30),
        der('serverSignature1', 0x5f37),
        der('euiccCiPKIdentifierToBeUsed', 0x04),
        der('serverCertificate', 0x30),
        string('matchingId', 0x0c),
        wrapped('ctxParams1', 0xa2),
      ],
      kind: 'initiateAuthenticationResponseEsipa',
      error: { kind: 'initiateAuthenticationErrorEsipa', tag: 0x81, rows: errors.initiateAuthentication },
    },
  },
  authenticateClient: {
    tag: 0xbf3b,
    kind: 'authenticateClientRequestEsipa',
    request: [transactionId, der('authenticateServerResponse', 0xbf38)],
    response: {
      tag: 0xa0,
      members: [
        transactionId,
        der('profileMetadata', 0xbf25),
        der('smdpSigned2', 0x30),
        der('smdpSignature2', 0x5f37),
        der('smdpCertificate', 0x30),
        der('hashCc', 0x04),
      ],
      // Unverified: the answer of an SM-DS, which comes from one implementation.
      other: { tag: 0xa1, without: 'smdpSigned2', members: [transactionId, der('profileDownloadTrigger', 0xbf54)] },
      kind: 'authenticateClientResponseEsipa',
      error: { kind: 'authenticateClientErrorEsipa', tag: 0x82, rows: errors.authenticateClient },
    },
  },
  getBoundProfilePackage: {
    tag: 0xbf3a,
    kind: 'getBoundProfilePackageRequestEsipa',
    request: [transactionId, der('prepareDownloadResponse', 0xbf21)],
    response: {
      tag: 0xa0,
      members: [transactionId, der('boundProfilePackage', 0xbf36)],
      kind: 'getBoundProfilePackageResponseEsipa',
      error: { kind: 'getBoundProfilePackageErrorEsipa', tag: 0x81, rows: errors.getBoundProfilePackage },
    },
  },
  cancelSession: {
    tag: 0xbf41,
    kind: 'cancelSessionRequestEsipa',
    request: [transactionId, der('cancelSessionResponse', 0xbf41, 0xa1)],
    response: {
      tag: 0xa0,
      members: [],
      kind: 'cancelSessionResponseEsipa',
      error: { kind: 'cancelSessionError', tag: 0x81, rows: errors.cancelSession },
    },
  },
  getEimPackage: {
    tag: 0xbf4f,
    kind: 'getEimPackageRequest',
    request: [eidValue, flag('notifyStateChange', 0x80), number('stateChangeCause', 0x81), raw('rPLMN', 0x82)],
    response: {
      members: [
        der('euiccPackageRequest', 0xbf51),
        der('ipaEuiccDataRequest', 0xbf52),
        der('profileDownloadTriggerRequest', 0xbf54),
      ],
      kind: 'getEimPackageResponse',
      error: { kind: 'eimPackageError', tag: 0x02, rows: errors.getEimPackage },
    },
  },
  provideEimPackageResult: {
    tag: 0xbf50,
    kind: 'provideEimPackageResult',
    request: [eidValue, der('eimPackageResult')],
    response: { ...acknowledging, empty: fromHex('3000') },
  },
  handleNotification: {
    tag: 0xbf3d,
    kind: 'handleNotificationEsipa',
    request: [wrapped('pendingNotification', 0xa0), der('provideEimPackageResult', 0xbf50)],
  },
} as const satisfies Readonly<Record<string, FunctionRow>>

export type EsipaFunction = keyof typeof functions

/** What v1.0.1 has otherwise. Results have no EID, and an answer that acknowledges nothing is empty. */
const functionsV1_0_1: Partial<Record<EsipaFunction, FunctionRow>> = {
  getEimPackage: {
    ...functions.getEimPackage,
    request: [eidValue, flag('notifyStateChange', 0x80), raw('rPLMN', 0x81)],
  },
  provideEimPackageResult: {
    ...functions.provideEimPackageResult,
    request: [der('eimPackageResult')],
    response: { ...acknowledging, mayBeEmpty: true },
  },
}

export const esipaFunctionNames = Object.keys(functions) as readonly EsipaFunction[]

type Json = Readonly<Record<string, unknown>>

const rowOf = (name: EsipaFunction, version: Sgp32Version): FunctionRow =>
  (version === '1.0.1' && functionsV1_0_1[name]) || functions[name]

/** What a request of the ASN.1 binding is in JSON. */
export function esipaRequestToJson(name: EsipaFunction, message: Uint8Array, version: Sgp32Version = '1.2'): Json {
  const { tag, request } = rowOf(name, version)
  return membersToJson(request, elementsOf(message, tag))
}

/** The request in the ASN.1 binding. Which members it needs is for its schema to say. Throws DecodeError for a member that cannot be read. */
export function esipaRequestFromJson(name: EsipaFunction, json: Json, version: Sgp32Version = '1.2'): Uint8Array {
  const { tag, request, kind } = rowOf(name, version)
  // Unverified: how rPLMN is written; sources differ in its case.
  const { rPlmn, ...members } = json
  try {
    return toMessage(tag, elementsFromJson(request, rPlmn === undefined ? members : { rPLMN: rPlmn, ...members }))
  } catch (error) {
    throw error instanceof DecodeError ? error.within(kind).within('EsipaMessageFromIpaToEim') : error
  }
}

/** The status code of an error that has none. */
const executionError: StatusCode = { subjectCode: '1.6', reasonCode: '4.2' }

/** What a response of the ASN.1 binding is in JSON. */
export function esipaResponseToJson(name: EsipaFunction, message: Uint8Array, version: Sgp32Version = '1.2'): Json {
  const { tag, response } = answered(name, version)
  const [first, ...others] = elementsOf(message, tag)
  if (!first && response.mayBeEmpty) return { header: executed }
  if (!first) throw new Error(`a response of ${name} without content`)
  const { other } = response
  if (other && tagOf(first) === other.tag)
    return { header: executed, ...membersToJson(other.members, elementsOf(first, other.tag)) }
  if (tagOf(first) !== response.error.tag) {
    const elements = response.tag === undefined ? [first, ...others] : elementsOf(first, response.tag)
    return { header: executed, ...membersToJson(response.members, elements) }
  }
  const error = (decode(EsipaMessageFromEimToIpa, message) as { value: { value: string } }).value.value
  const { rows } = response.error
  const status = rows.some((row) => row.error === error) ? statusOf(rows, error) : executionError
  return esipaFailure(status)
}

const executed = { functionExecutionStatus: { status: 'Executed-Success' } }

/** An answer that says no. `detail`: for those who read it. */
export function esipaFailure(status: StatusCode, detail?: string): Json {
  const message = detail === undefined ? statusText(status) : `${statusText(status)} (${detail})`
  return { header: { functionExecutionStatus: { status: 'Failed', statusCodeData: { ...status, message } } } }
}

/** The response in the ASN.1 binding. Throws DecodeError when it has no header or a member cannot be read. */
export function esipaResponseFromJson(name: EsipaFunction, json: Json, version: Sgp32Version = '1.2'): Uint8Array {
  const { tag, response } = answered(name, version)
  try {
    const error = errorIn(json, response.error.rows)
    if (error !== undefined) {
      const value = { kind: response.kind, value: { kind: response.error.kind, value: error } }
      return encode(EsipaMessageFromEimToIpa as Schema<unknown>, value)
    }
    const { other } = response
    if (other && json[other.without] === undefined)
      return toMessage(tag, [toMessage(other.tag, elementsFromJson(other.members, json))])
    const elements = elementsFromJson(response.members, json)
    if (response.tag !== undefined) return toMessage(tag, [toMessage(response.tag, elements)])
    return toMessage(tag, elements.length === 0 && response.empty ? [response.empty] : elements)
  } catch (error) {
    throw error instanceof DecodeError ? error.within(name) : error
  }
}

function errorIn(json: Json, rows: readonly ErrorRow[]): string | undefined {
  const execution = memberOf(memberOf(json, 'header'), 'functionExecutionStatus')
  const status = memberOf(execution, 'status')
  if (typeof status !== 'string') throw new DecodeError('missing-field', 0).within('functionExecutionStatus')
  if (status.startsWith('Executed')) return undefined
  const code = memberOf(execution, 'statusCodeData')
  const subjectCode = String(memberOf(code, 'subjectCode'))
  return errorOf(rows, { subjectCode, reasonCode: String(memberOf(code, 'reasonCode')) })
}

const memberOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? (json as Json)[name] : undefined

function answered(name: EsipaFunction, version: Sgp32Version) {
  const { tag, response } = rowOf(name, version)
  if (!response) throw new Error(`${name} has no response`)
  return { tag, response }
}

const elementsOf = (message: Uint8Array, tag: number): readonly Uint8Array[] =>
  decode(sequenceOf(tag, slice()), message, { rules: 'BER' })

const toMessage = (tag: number, elements: readonly Uint8Array[]): Uint8Array =>
  encode(sequenceOf(tag, slice()), elements)

/** Members stand in the order of the elements; what has no member is left out. */
function membersToJson(members: readonly Member[], elements: readonly Uint8Array[]): Json {
  const json: Record<string, unknown> = {}
  let next = 0
  for (const { name, tag, toJson } of members) {
    const element = elements[next]
    if (!element || (tag !== undefined && tagOf(element) !== tag)) continue
    json[name] = toJson(element)
    next += 1
  }
  return json
}

/** Members that the function does not have are ignored. */
const elementsFromJson = (members: readonly Member[], json: Json): readonly Uint8Array[] =>
  members.flatMap(({ name, fromJson }) => {
    if (json[name] === undefined) return []
    try {
      return [fromJson(json[name])]
    } catch (error) {
      throw error instanceof DecodeError ? error.within(name) : error
    }
  })

const headerLength = (octets: Uint8Array): number => {
  let length = 1
  if (((octets[0] ?? 0) & 0x1f) === 0x1f) while (((octets[length++] ?? 0) & 0x80) !== 0);
  return length
}

const tagOf = (element: Uint8Array): number =>
  element.subarray(0, headerLength(element)).reduce((tag, octet) => tag * 256 + octet, 0)

/** The element under another tag. */
function tagged(element: Uint8Array, tag: number | undefined): Uint8Array {
  if (tag === undefined || tagOf(element) === tag) return element
  return concatOctets(fromHex(tagToHex(tag)), element.subarray(headerLength(element)))
}
