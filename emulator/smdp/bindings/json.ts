/** ES9+, JSON binding: SGP.22 v2.5, 6.5.2. Octets are base64 of the whole TLV, but for the challenge, which is base64 of its 16 octets. */
import { type AnySchema, encode, type Schema } from '../../../protocol/ber/index.ts'
import { CancelSessionResponse, PendingNotification, PrepareDownloadResponse } from '../../../protocol/sgp22/index.ts'
import {
  authenticationMembers,
  der,
  executed,
  failed,
  isMalformed,
  JSON_TYPE,
  type Malformed,
  type Members,
  parseJson,
  readMembers,
  transactionId,
} from '../../rsp-server/index.ts'
import type { Fields } from '../function.ts'
import type { Es9Function } from '../session.ts'
import { type AnsweredFunction, answerFields, type Binding, type Call } from './binding.ts'

const requestMembers: Readonly<Record<Es9Function, Members>> = {
  ...authenticationMembers,
  getBoundProfilePackage: { transactionId, prepareDownloadResponse: der(PrepareDownloadResponse) },
  handleNotification: { pendingNotification: der(PendingNotification) },
  cancelSession: { transactionId, cancelSessionResponse: der(CancelSessionResponse) },
}

export const jsonFunctions = Object.keys(requestMembers) as readonly Es9Function[]

/** The function is named by the path. */
export function jsonBinding(name: Es9Function): Binding {
  return {
    contentType: JSON_TYPE,
    read: (body) => readRequest(name, body),
    answer: (answered, result) =>
      result.kind === 'ok' ? executed(membersOf(answered, result.answer)) : failed(result.status, result.check),
    refusal: ({ malformed, detail }) => failed(malformed, detail),
    shown(body) {
      const json = parseJson(body)
      return json === undefined ? { octets: body } : { json }
    },
  }
}

function readRequest(name: Es9Function, body: Uint8Array): Call | Malformed {
  const request = readMembers(parseJson(body), requestMembers[name])
  return isMalformed(request) ? request : ({ name, request } as Call)
}

function membersOf(name: AnsweredFunction, answer: Fields): object {
  const members = Object.entries<AnySchema>(answerFields[name]).map(([member, schema]) => {
    const value = answer[member]
    if (member === 'transactionId') return [member, value]
    return [member, Buffer.from(encode(schema as Schema<unknown>, value)).toString('base64')]
  })
  return Object.fromEntries(members)
}
