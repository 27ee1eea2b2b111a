/** JSON bodies of RSP functions: SGP.22 v2.5, 6.5. */
import { DecodeError, decode, fromHex, type Schema, toHex } from '../../protocol/ber/index.ts'
import { type StatusCode, statusText } from '../../protocol/codes/index.ts'
import { AuthenticateServerResponse, EUICCInfo1 } from '../../protocol/sgp22/index.ts'

/** A request that is none: its status code and why. */
export interface Malformed {
  readonly malformed: StatusCode
  readonly detail: string
}

/** How a member is read. `read` throws DecodeError or RangeError. */
export interface Member {
  readonly read: (value: unknown) => unknown
  readonly optional?: true
}
export type Members = Readonly<Record<string, Member>>

/** It could not be read; otherwise what was read. */
export const isMalformed = (read: object): read is Malformed => 'malformed' in read

export const text = (read: (text: string) => unknown = (value) => value): Member => ({
  read(value) {
    if (typeof value !== 'string') throw new RangeError('is not a string')
    return read(value)
  },
})

/** It may be missing. */
export const optionalMember = (member: Member): Member => ({ ...member, optional: true })

export const bool: Member = {
  read(value) {
    if (typeof value !== 'boolean') throw new RangeError('is not true or false')
    return value
  },
}

/** Text that is as the pattern says; `must` ends the sentence "it is not ...". */
export const matching = (pattern: RegExp, must: string): Member =>
  text((value) => {
    if (!pattern.test(value)) throw new RangeError(`is not ${must}`)
    return value
  })

export function octetsOfBase64(text: string): Uint8Array {
  const read = Buffer.from(text, 'base64')
  if (read.toString('base64') !== text) throw new RangeError('is not base64')
  return new Uint8Array(read.buffer, read.byteOffset, read.length)
}

/** Base64 of a whole TLV. */
export const der = (schema: Schema<unknown>): Member => text((value) => decode(schema, octetsOfBase64(value)))

export const transactionId: Member = text((value) => {
  if (!/^([0-9A-Fa-f]{2}){1,16}$/.test(value)) throw new RangeError('is not 1 to 16 octets in hexadecimal')
  return toHex(fromHex(value)).toUpperCase()
})

export const JSON_TYPE = 'application/json;charset=UTF-8'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
export const writeJson = (json: unknown): Uint8Array => encoder.encode(JSON.stringify(json))

/** Undefined: no JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    return undefined
  }
}

const invalid = (detail: string): Malformed => ({ malformed: { subjectCode: '1.6', reasonCode: '2.1' }, detail })
const missing = (detail: string): Malformed => ({ malformed: { subjectCode: '1.6', reasonCode: '2.2' }, detail })

/** Members that are not asked for are ignored. */
export function readMembers(json: unknown, members: Members): Record<string, unknown> | Malformed {
  if (typeof json !== 'object' || json === null) return invalid('the body is not a JSON object')
  const request: Record<string, unknown> = {}
  for (const [member, { read, optional }] of Object.entries(members)) {
    const value = (json as Readonly<Record<string, unknown>>)[member]
    if (value === undefined && optional) continue
    if (value === undefined) return missing(`${member} is missing`)
    try {
      request[member] = read(value)
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof RangeError)) throw error
      return invalid(`${member}${error instanceof DecodeError ? ':' : ''} ${error.message}`)
    }
  }
  return request
}

/** `functionExecutionStatus` Executed-Success, with these members: SGP.22 v2.5, 6.5.1.4. */
export const executed = (members: object = {}): Uint8Array =>
  writeJson({ header: { functionExecutionStatus: { status: 'Executed-Success' } }, ...members })

export interface FailedStatus {
  readonly status: 'Failed'
  readonly statusCodeData: StatusCode & { readonly message: string }
}

/** `detail`: what does not hold, for those who read the answer. */
export const failedStatus = (status: StatusCode, detail: string): FailedStatus => ({
  status: 'Failed',
  statusCodeData: { ...status, message: `${statusText(status)} (${detail})` },
})

export const failed = (status: StatusCode, detail: string): Uint8Array =>
  writeJson({ header: { functionExecutionStatus: failedStatus(status, detail) } })

const challenge = text((value) => {
  const octets = octetsOfBase64(value)
  if (octets.length !== 16) throw new RangeError('has not 16 octets')
  return octets
})

/** Requests of InitiateAuthentication and AuthenticateClient, over ES9+ and ES11. */
export const authenticationMembers = {
  initiateAuthentication: { euiccChallenge: challenge, euiccInfo1: der(EUICCInfo1), smdpAddress: text() },
  authenticateClient: { transactionId, authenticateServerResponse: der(AuthenticateServerResponse) },
} as const satisfies Record<string, Members>
