/** Which function a message of a hop belongs to and whose it is, and how its octets are reached, whatever its binding. */
import { DecodeError, describe, toHex } from '../../protocol/ber/index.ts'
import {
  type EsipaFunction,
  esipaFunctionNames,
  esipaRequestFromJson,
  esipaRequestToJson,
  esipaResponseFromJson,
  esipaResponseToJson,
} from '../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpMessage } from '../ports/index.ts'
import type { Exchange, FaultInterface } from './fault.ts'
import { contentAt } from './tlv.ts'

type Names = ReadonlyMap<number | undefined, string>

/** ES10 functions by the tag of their request: SGP.22 v2.5, 5.7; SGP.32 v1.2, 5.9. Those of LoadBoundProfilePackage are the segments of 2.5.5. */
const es10Functions: Names = new Map([
  [0xbf20, 'GetEUICCInfo1'],
  [0xbf21, 'PrepareDownload'],
  [0xbf22, 'GetEUICCInfo2'],
  [0xbf2b, 'RetrieveNotificationsList'],
  [0xbf2d, 'GetProfilesInfo'],
  [0xbf2e, 'GetEUICCChallenge'],
  [0xbf30, 'RemoveNotificationFromList'],
  [0xbf38, 'AuthenticateServer'],
  [0xbf3c, 'GetEuiccConfiguredAddresses'],
  [0xbf3e, 'GetEID'],
  [0xbf41, 'CancelSession'],
  [0xbf43, 'GetRAT'],
  [0xbf51, 'LoadEuiccPackage'],
  [0xbf55, 'GetEimConfigurationData'],
  [0xbf56, 'GetCerts'],
  [0xbf57, 'AddInitialEim'],
  [0xbf58, 'ProfileRollback'],
  [0xbf5d, 'ExecuteFallbackMechanism'],
  [0xbf5e, 'ReturnFromFallback'],
  ...[0xbf36, 0xa0, 0xa1, 0xa2, 0xa3, 0x86, 0x87, 0x88].map((tag) => [tag, 'LoadBoundProfilePackage'] as const),
])

/** The name of a function that has no row. */
const OTHER = 'Other'

/** Also of a command that is cut behind its first tag. */
export function es10FunctionOf(request: Uint8Array): string {
  const [first = 0, second = 0] = request
  return es10Functions.get((first & 0x1f) === 0x1f ? (first << 8) | second : first) ?? OTHER
}

/** Functions in the ASN.1 bindings of ESipa and ES9+: SGP.32 v1.2, 6.3; SGP.22 v2.5, 6.6. */
const rspFunctions: Names = new Map([
  [0xbf39, 'InitiateAuthentication'],
  [0xbf3a, 'GetBoundProfilePackage'],
  [0xbf3b, 'AuthenticateClient'],
  [0xbf3d, 'HandleNotification'],
  [0xbf41, 'CancelSession'],
  [0xbf4e, 'TransferEimPackage'],
  [0xbf4f, 'GetEimPackage'],
  [0xbf50, 'ProvideEimPackageResult'],
])

const ASN1_PATH = '/gsma/rsp2/asn1'

export const isAsn1 = ({ path }: Pick<HttpMessage, 'path'>): boolean => path.startsWith(ASN1_PATH)

/** As in the titles of the functions. */
export function operationOf(face: FaultInterface, message: HttpMessage): string {
  if (face === 'northbound') return message.method
  if (isAsn1(message)) return rspFunctions.get(functionTag(message.body)) ?? OTHER
  const last = message.path.split('?')[0]?.split('/').at(-1) ?? ''
  return last === '' ? OTHER : `${last.charAt(0).toUpperCase()}${last.slice(1)}`
}

/** ES9+ wraps its messages in a choice of its own. */
function functionTag(body: Uint8Array): number | undefined {
  const [outer] = tlvsOf(body)
  return outer?.tag === 0xa2 ? outer.children?.[0]?.tag : outer?.tag
}

function tlvsOf(octets: Uint8Array) {
  try {
    return describe(octets)
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

/** ES9+ and ES2+ of one door. */
export const smdpInterfaceOf = ({ path }: Pick<HttpMessage, 'path'>): FaultInterface =>
  path.includes('/es2plus/') ? 'ES2+' : 'ES9+'

/** The EID that a message names itself. */
export function eidIn(face: FaultInterface, message: HttpMessage): string | undefined {
  if (face === 'northbound') return /\/euiccs\/([0-9]{32})/.exec(message.path)?.[1]
  if (face !== 'ESipa') return undefined
  if (!isAsn1(message)) {
    const eid = jsonIn(message.body)?.['eidValue']
    return typeof eid === 'string' ? eid : undefined
  }
  const [outer] = tlvsOf(message.body)
  const eid = outer && contentAt(message.body, [outer.tag, 0x5a])
  return eid && toHex(eid)
}

export function jsonIn(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export const jsonBody = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json))

/** With other members; what is no JSON object stays as it is. */
export function withMembers(
  answer: HttpAnswer,
  change: (json: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): HttpAnswer {
  const json = jsonIn(answer.body)
  return json ? { ...answer, body: jsonBody({ ...json, ...change(json) }) } : answer
}

/** With another content of a member that is base64 of octets. */
export const withOctets = (answer: HttpAnswer, name: string, change: (octets: Uint8Array) => Uint8Array): HttpAnswer =>
  withMembers(answer, ({ [name]: text }) =>
    typeof text === 'string'
      ? { [name]: Buffer.from(change(new Uint8Array(Buffer.from(text, 'base64')))).toString('base64') }
      : {},
  )

const esipaFunctionOf = (operation: string): EsipaFunction | undefined =>
  esipaFunctionNames.find((name) => name.toLowerCase() === operation.toLowerCase())

/** The answer of an ESipa function with other octets, in its own binding. */
export function withEsipaAnswer(
  { operation, message }: Exchange,
  answer: HttpAnswer,
  change: (octets: Uint8Array) => Uint8Array,
): HttpAnswer {
  if (answer.body.length === 0) return answer
  const name = esipaFunctionOf(operation)
  if (isAsn1(message) || !name) return { ...answer, body: change(answer.body) }
  const octets = esipaResponseFromJson(name, jsonIn(answer.body) ?? {})
  return { ...answer, body: jsonBody(esipaResponseToJson(name, change(octets))) }
}

/** The request of an ESipa function with other octets, in its own binding. */
export function withEsipaRequest(
  { operation, message }: Exchange,
  change: (octets: Uint8Array) => Uint8Array,
): HttpMessage {
  const name = esipaFunctionOf(operation)
  if (isAsn1(message) || !name) return { ...message, body: change(message.body) }
  const octets = esipaRequestFromJson(name, jsonIn(message.body) ?? {})
  return { ...message, body: jsonBody(esipaRequestToJson(name, change(octets))) }
}
