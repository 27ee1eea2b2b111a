/** ES11 as HTTP, both bindings, on the paths of ES9+: SGP.22 v2.5, 6.5 and 6.6. */
import { captured, DecodeError, decode, encode, type Schema } from '../../protocol/ber/index.ts'
import { type ErrorRow, errorOf, es11Errors, type StatusCode } from '../../protocol/codes/index.ts'
import {
  Certificate,
  RemoteProfileProvisioningRequest,
  RemoteProfileProvisioningResponse,
  ServerSigned1,
  Signature,
  SubjectKeyIdentifier,
} from '../../protocol/sgp22/index.ts'
import type { HttpAnswer, HttpHandler, Trace } from '../ports/index.ts'
import {
  authenticationMembers,
  bare,
  executed,
  failed,
  type InitiateAuthenticationOk,
  isMalformed,
  JSON_TYPE,
  parseJson,
  readMembers,
  versionFor,
} from '../rsp-server/index.ts'
import type { AuthenticateClientOk } from './es11.ts'

export type Es11Function = keyof typeof authenticationMembers

export type Es11Result =
  | { readonly kind: 'ok'; readonly answer: InitiateAuthenticationOk | AuthenticateClientOk }
  | { readonly kind: 'refused'; readonly check: string; readonly status: StatusCode }

interface Site {
  readonly trace?: Trace | undefined
  call(name: Es11Function, request: unknown): Es11Result
}

interface Done {
  readonly status: number
  readonly body: Uint8Array
  readonly operation: string
  readonly outcome: string
}

const ASN1_PATH = '/gsma/rsp2/asn1'
const ASN1_TYPE = 'application/x-gsma-rsp-asn1'
const names = Object.keys(authenticationMembers) as readonly Es11Function[]
const jsonPaths = new Map(names.map((name) => [`/gsma/rsp2/es9plus/${name}`, name]))

export function createEs11Handler(site: Site): HttpHandler {
  return async (message) => {
    const path = message.path.split('?')[0] ?? ''
    const name = jsonPaths.get(path)
    if (!name && path !== ASN1_PATH) return bare(404)
    if (message.method !== 'POST') return bare(405, { allow: 'POST' })
    const done = name ? overJson(site, name, message.body) : overAsn1(site, message.body)
    record(site.trace, message.body, done)
    const type = { 'content-type': name ? JSON_TYPE : ASN1_TYPE }
    const headers: HttpAnswer['headers'] = { ...(done.body.length > 0 ? type : {}), ...versionFor(message) }
    return { status: done.status, headers, body: done.body }
  }
}

const shown = (body: Uint8Array) => {
  const json = parseJson(body)
  return json === undefined ? { octets: body } : { json }
}

function record(trace: Trace | undefined, request: Uint8Array, { status, body, operation, outcome }: Done): void {
  const hop = { interface: 'ES11', operation } as const
  trace?.record({ ...hop, from: 'IPA', to: 'SM-DS', ...shown(request) })
  trace?.record({ ...hop, from: 'SM-DS', to: 'IPA', status: `${status}, ${outcome}`, ...shown(body) })
}

const outcomeOf = (result: Es11Result): string => (result.kind === 'ok' ? 'ok' : result.check)

function overJson(site: Site, name: Es11Function, octets: Uint8Array): Done {
  const request = readMembers(parseJson(octets), authenticationMembers[name])
  if (isMalformed(request)) {
    const { malformed, detail } = request
    return { status: 400, body: failed(malformed, detail), operation: name, outcome: detail }
  }
  const result = site.call(name, request)
  const body = result.kind === 'ok' ? executed(membersOf(result.answer)) : failed(result.status, result.check)
  return { status: 200, body, operation: name, outcome: outcomeOf(result) }
}

const base64 = <T>(schema: Schema<T>, value: T): string => Buffer.from(encode(schema, value)).toString('base64')

function membersOf(answer: InitiateAuthenticationOk | AuthenticateClientOk): object {
  if ('eventEntries' in answer) return answer
  return {
    transactionId: answer.transactionId,
    serverSigned1: base64(captured(ServerSigned1), answer.serverSigned1),
    serverSignature1: base64(Signature, answer.serverSignature1),
    euiccCiPKIdToBeUsed: base64(SubjectKeyIdentifier, answer.euiccCiPKIdToBeUsed),
    serverCertificate: base64(Certificate, answer.serverCertificate),
  }
}

/** By the alternative of RemoteProfileProvisioningRequest. */
const requests: Readonly<Record<string, Es11Function>> = {
  initiateAuthenticationRequest: 'initiateAuthentication',
  authenticateClientRequest: 'authenticateClient',
}

/** The answer in RemoteProfileProvisioningResponse, and its alternatives. */
const responses = {
  initiateAuthentication: ['initiateAuthenticationResponse', 'initiateAuthenticationOk', 'initiateAuthenticationError'],
  authenticateClient: ['authenticateClientResponseEs11', 'authenticateClientOk', 'authenticateClientError'],
} as const

function overAsn1(site: Site, octets: Uint8Array): Done {
  const read = tryRead(octets)
  const name = typeof read === 'string' ? undefined : requests[read.kind]
  if (typeof read === 'string' || !name) {
    const outcome = typeof read === 'string' ? read : `${read.kind} is no function of an SM-DS`
    return { status: 400, body: new Uint8Array(), operation: ASN1_PATH, outcome }
  }
  const result = site.call(name, read.value)
  const [kind, ok, error] = responses[name]
  const value =
    result.kind === 'ok'
      ? { kind: ok, value: result.answer }
      : { kind: error, value: errorOf<ErrorRow>(es11Errors[name], result.status) }
  const body = encode(RemoteProfileProvisioningResponse as Schema<unknown>, { kind, value })
  return { status: 200, body, operation: name, outcome: outcomeOf(result) }
}

function tryRead(octets: Uint8Array): RemoteProfileProvisioningRequest | string {
  try {
    return decode(RemoteProfileProvisioningRequest, octets)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return error.message
  }
}
