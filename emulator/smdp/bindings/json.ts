/** ES9+, JSON binding: SGP.22 v2.5, 6.5.2. Octets are base64 of the whole TLV, but for the challenge, which is base64 of its 16 octets. */
import {
  type AnySchema,
  DecodeError,
  decode,
  encode,
  fromHex,
  type Schema,
  toHex,
} from '../../../protocol/ber/index.ts'
import { type StatusCode, statusText } from '../../../protocol/codes/index.ts'
import {
  AuthenticateServerResponse,
  CancelSessionResponse,
  EUICCInfo1,
  PendingNotification,
  PrepareDownloadResponse,
} from '../../../protocol/sgp22/index.ts'
import type { Fields } from '../function.ts'
import type { Es9Function } from '../session.ts'
import { type AnsweredFunction, answerFields, type Binding, type Call, type Malformed } from './binding.ts'

/** How a member of a request is read from its text. Throws DecodeError or RangeError. */
type Member = (text: string) => unknown

function octets(text: string): Uint8Array {
  const read = Buffer.from(text, 'base64')
  if (read.toString('base64') !== text) throw new RangeError('is not base64')
  return new Uint8Array(read)
}

const der =
  (schema: Schema<unknown>): Member =>
  (text) =>
    decode(schema, octets(text))

const challenge: Member = (text) => {
  const value = octets(text)
  if (value.length !== 16) throw new RangeError('has not 16 octets')
  return value
}

const transactionId: Member = (text) => {
  if (!/^([0-9A-Fa-f]{2}){1,16}$/.test(text)) throw new RangeError('is not 1 to 16 octets in hexadecimal')
  return toHex(fromHex(text)).toUpperCase()
}

const requestMembers: Readonly<Record<Es9Function, Readonly<Record<string, Member>>>> = {
  initiateAuthentication: { euiccChallenge: challenge, euiccInfo1: der(EUICCInfo1), smdpAddress: (text) => text },
  authenticateClient: { transactionId, authenticateServerResponse: der(AuthenticateServerResponse) },
  getBoundProfilePackage: { transactionId, prepareDownloadResponse: der(PrepareDownloadResponse) },
  handleNotification: { pendingNotification: der(PendingNotification) },
  cancelSession: { transactionId, cancelSessionResponse: der(CancelSessionResponse) },
}

export const jsonFunctions = Object.keys(requestMembers) as readonly Es9Function[]

/** The function is named by the path. */
export function jsonBinding(name: Es9Function): Binding {
  return {
    contentType: 'application/json;charset=UTF-8',
    read: (body) => readRequest(name, body),
    answer: (answered, result) =>
      write(result.kind === 'ok' ? executed(answered, result.answer) : failed(result.status, result.check)),
    refusal: ({ malformed, detail }) => write(failed(malformed, detail)),
    shown(body) {
      const json = parse(body)
      return json === undefined ? { octets: body } : { json }
    },
  }
}

const encoder = new TextEncoder()
const write = (json: unknown): Uint8Array => encoder.encode(JSON.stringify(json))

const invalid = (detail: string): Malformed => ({ malformed: { subjectCode: '1.6', reasonCode: '2.1' }, detail })
const missing = (detail: string): Malformed => ({ malformed: { subjectCode: '1.6', reasonCode: '2.2' }, detail })

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** Members that the function does not have are ignored. */
function readRequest(name: Es9Function, body: Uint8Array): Call | Malformed {
  const json = parse(body)
  if (typeof json !== 'object' || json === null) return invalid('the body is not a JSON object')
  const request: Record<string, unknown> = {}
  for (const [member, read] of Object.entries(requestMembers[name])) {
    const text = (json as Readonly<Record<string, unknown>>)[member]
    if (text === undefined) return missing(`${member} is missing`)
    if (typeof text !== 'string') return invalid(`${member} is not a string`)
    try {
      request[member] = read(text)
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof RangeError)) throw error
      return invalid(`${member}: ${error.message}`)
    }
  }
  return { name, request } as Call
}

function executed(name: AnsweredFunction, answer: Fields): unknown {
  const members = Object.entries<AnySchema>(answerFields[name]).map(([member, schema]) => {
    const value = answer[member]
    if (member === 'transactionId') return [member, value]
    return [member, Buffer.from(encode(schema as Schema<unknown>, value)).toString('base64')]
  })
  return { header: { functionExecutionStatus: { status: 'Executed-Success' } }, ...Object.fromEntries(members) }
}

/** `detail`: what does not hold, for those who read the answer. */
function failed(status: StatusCode, detail: string): unknown {
  const statusCodeData = { ...status, message: `${statusText(status)} (${detail})` }
  return { header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } }
}
