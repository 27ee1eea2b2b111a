/** ES9+, ASN.1 binding: SGP.22 v2.5, 6.6. */
import { DecodeError, decode, encode, explicit, type Schema, sequence } from '../../../protocol/ber/index.ts'
import { type ErrorRow, errorOf, es9plusErrors, type StatusCode } from '../../../protocol/codes/index.ts'
import { RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse } from '../../../protocol/sgp22/index.ts'
import type { Malformed } from '../../rsp-server/index.ts'
import type { Fields } from '../function.ts'
import { type AnsweredFunction, answerFields, type Binding, type Call } from './binding.ts'

/** By the alternative of RemoteProfileProvisioningRequest. */
const requests = {
  initiateAuthenticationRequest: 'initiateAuthentication',
  authenticateClientRequest: 'authenticateClient',
  getBoundProfilePackageRequest: 'getBoundProfilePackage',
  cancelSessionRequestEs9: 'cancelSession',
  handleNotification: 'handleNotification',
} as const

/** The tag of each answer, and its alternatives in RemoteProfileProvisioningResponse. */
const responses = {
  initiateAuthentication: [0xbf39, 'initiateAuthenticationResponse', 'initiateAuthenticationError'],
  authenticateClient: [0xbf3b, 'authenticateClientResponseEs9', 'authenticateClientError'],
  getBoundProfilePackage: [0xbf3a, 'getBoundProfilePackageResponse', 'getBoundProfilePackageError'],
  cancelSession: [0xbf41, 'cancelSessionResponseEs9', 'cancelSessionError'],
} as const

export const asn1Binding: Binding = {
  contentType: 'application/x-gsma-rsp-asn1',
  read: readRequest,
  answer: (name, result) => (result.kind === 'ok' ? success(name, result.answer) : error(name, result.status)),
  // The binding has no message for it.
  refusal: () => new Uint8Array(),
  shown: (octets) => ({ octets }),
}

function readRequest(body: Uint8Array): Call | Malformed {
  try {
    const { kind, value } = decode(RemoteProfileProvisioningRequest, body)
    return { name: requests[kind], request: value } as Call
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { malformed: { subjectCode: '1.6', reasonCode: '2.1' }, detail: error.message }
  }
}

function success(name: AnsweredFunction, answer: Fields): Uint8Array {
  const [tag] = responses[name]
  const schema = explicit(0xa2, explicit(tag, sequence(0xa0, answerFields[name])))
  return encode(schema as Schema<unknown>, answer)
}

function error(name: AnsweredFunction, status: StatusCode): Uint8Array {
  const [, response, alternative] = responses[name]
  const code = errorOf<ErrorRow>(es9plusErrors['2.5'][name], status)
  const value = { kind: response, value: { kind: alternative, value: code } }
  return encode(RemoteProfileProvisioningResponse as Schema<unknown>, value)
}
