import { captured, decode, fromHex, type Schema, slice, toHex } from '../../../protocol/ber/index.ts'
import {
  BoundProfilePackage,
  Certificate,
  ServerSigned1,
  Signature,
  SmdpSigned2,
  StoreMetadataRequest,
  SubjectKeyIdentifier,
} from '../../../protocol/sgp22/index.ts'
import type { HttpAnswer, Trace } from '../../ports/index.ts'
import { type Answer, type Failure, failure, messageOf } from '../answer.ts'
import type { Send } from './retry.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** How one member of an answer is read from its text. Throws when it cannot be. */
type Member<T> = (json: unknown) => T

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Base64 of DER: SGP.22 v2.5, 6.5.2. */
const der =
  <T>(schema: Schema<T>): Member<T> =>
  (json) => {
    const text = String(json)
    const octets = Buffer.from(text, 'base64')
    // Nearly all text is what its octets are written as, which is faster to see than the pattern.
    if (octets.toString('base64') !== text && !base64.test(text)) throw new RangeError('not base64')
    return decode(schema, new Uint8Array(octets.buffer, octets.byteOffset, octets.length))
  }

const transactionId: Member<string> = (json) => toHex(fromHex(String(json))).toUpperCase()

/** EventEntries of ES11: SGP.22 v2.5, 5.8.2. */
const eventEntries: Member<readonly { readonly eventId: string; readonly rspServerAddress: string }[]> = (json) => {
  if (!Array.isArray(json)) throw new RangeError('not a list')
  return json.map((entry) => {
    const [eventId, rspServerAddress] = [member(entry, 'eventId'), member(entry, 'rspServerAddress')]
    if (typeof eventId !== 'string' || typeof rspServerAddress !== 'string') throw new RangeError('not an event')
    return { eventId, rspServerAddress }
  })
}

/** ES9+ and ES11, JSON binding: SGP.22 v2.5, 5.6, 5.8 and 6.5.2. Per function its path and the members of its answer. */
const es9PlusFunctions = {
  initiateAuthentication: {
    path: 'initiateAuthentication',
    operation: 'InitiateAuthentication',
    members: {
      transactionId,
      serverSigned1: der(captured(ServerSigned1)),
      serverSignature1: der(Signature),
      euiccCiPKIdToBeUsed: der(SubjectKeyIdentifier),
      serverCertificate: der(Certificate),
    },
  },
  authenticateClient: {
    path: 'authenticateClient',
    operation: 'AuthenticateClient',
    members: {
      transactionId,
      profileMetadata: der(captured(StoreMetadataRequest)),
      smdpSigned2: der(captured(SmdpSigned2)),
      smdpSignature2: der(Signature),
      smdpCertificate: der(Certificate),
    },
  },
  getBoundProfilePackage: {
    path: 'getBoundProfilePackage',
    operation: 'GetBoundProfilePackage',
    members: { transactionId, boundProfilePackage: der(slice(BoundProfilePackage)) },
  },
  cancelSession: { path: 'cancelSession', operation: 'CancelSession', members: {} },
  /** AuthenticateClient of ES11. */
  discoverEvents: { path: 'authenticateClient', operation: 'AuthenticateClient', members: { eventEntries } },
} as const

type Functions = typeof es9PlusFunctions
type MembersValue<M> = { readonly [K in keyof M]: M[K] extends Member<infer T> ? T : never }
export type Es9PlusValue<F extends keyof Functions> = MembersValue<Functions[F]['members']>

type Body = Readonly<Record<string, string>>

export interface Es9Plus {
  call<F extends keyof Functions>(name: F, smdpAddress: string, body: Body): Promise<Answer<Es9PlusValue<F>>>
  /** HandleNotification: 5.6.4. Undefined when the SM-DP+ has taken the notification. */
  handleNotification(smdpAddress: string, pendingNotification: Uint8Array): Promise<Failure | undefined>
}

export interface Es9PlusOptions {
  /** Who is asked. */
  readonly peer: { readonly interface: 'ES9+' | 'ES11'; readonly name: 'SM-DP+' | 'SM-DS' }
  readonly send: Send
  readonly trace: Trace | undefined
  /** X-Admin-Protocol, for example `gsma/rsp/v2.5.0`. */
  readonly adminProtocol: string
}

/** The client side of ES9+. An error of the SM-DP+ is a refusal with its subject and reason code as detail. */
export function createEs9Plus(options: Es9PlusOptions): Es9Plus {
  return {
    async call(name, smdpAddress, body) {
      const { path, operation, members } = es9PlusFunctions[name]
      const answered = await post(options, { path, operation, smdpAddress, body })
      if ('kind' in answered) return answered
      return readAnswer(answered, members) as Answer<Es9PlusValue<typeof name>>
    },
    async handleNotification(smdpAddress, pendingNotification) {
      const body = { pendingNotification: toBase64(pendingNotification) }
      const call = { path: 'handleNotification', operation: 'HandleNotification', smdpAddress, body }
      const answered = await post(options, call)
      if ('kind' in answered) return answered
      const { status } = answered.answer
      return status === 204 || status === 200 ? undefined : failure('ES9+', 'refused', `HTTP ${status}`)
    },
  }
}

export const toBase64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

interface Call {
  readonly path: string
  readonly operation: string
  readonly smdpAddress: string
  readonly body: Body
}

/** `json`: undefined where the body is none. */
interface Answered {
  readonly answer: HttpAnswer
  readonly json: unknown
}

async function post({ send, trace, adminProtocol, peer }: Es9PlusOptions, call: Call): Promise<Answered | Failure> {
  const { path, operation, smdpAddress, body } = call
  trace?.record({ interface: peer.interface, from: 'IPA', to: peer.name, operation, json: body })
  const answer = await send('ES9+', `https://${smdpAddress}/gsma/rsp2/es9plus/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      'user-agent': 'gsma-rsp-lpad',
      'x-admin-protocol': adminProtocol,
    },
    body: encoder.encode(JSON.stringify(body)),
  })
  const back = { interface: peer.interface, from: peer.name, to: 'IPA', operation } as const
  if ('kind' in answer) {
    trace?.record({ ...back, status: answer.detail })
    return answer
  }
  const json = parse(answer.body)
  const status = `${answer.status}`
  trace?.record(json === undefined ? { ...back, status } : { ...back, status, json })
  return { answer, json }
}

function readAnswer(
  { answer: { status, body }, json }: Answered,
  members: Readonly<Record<string, Member<unknown>>>,
): Answer<unknown> {
  if (status !== 200) return failure('ES9+', 'refused', `HTTP ${status}`)
  const header = statusOf(json)
  if (!header) return failure('ES9+', 'undecodable', 'no functionExecutionStatus')
  if (!header.executed) return { ...failure('ES9+', 'refused', header.detail), octets: body }
  const value: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(members)) {
    try {
      value[name] = read(member(json, name))
    } catch (error) {
      return failure('ES9+', 'undecodable', `${name}: ${messageOf(error)}`)
    }
  }
  return { kind: 'answer', value, octets: body }
}

/** functionExecutionStatus: SGP.22 v2.5, 6.5.1.4. Detail of a failure: subject and reason code, for example `8.2.6/3.8`. */
function statusOf(json: unknown): { executed: boolean; detail: string } | undefined {
  const execution = member(member(json, 'header'), 'functionExecutionStatus')
  const status = member(execution, 'status')
  if (typeof status !== 'string') return undefined
  if (status.startsWith('Executed')) return { executed: true, detail: status }
  const code = member(execution, 'statusCodeData')
  return { executed: false, detail: `${member(code, 'subjectCode') ?? '?'}/${member(code, 'reasonCode') ?? '?'}` }
}

const member = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    return undefined
  }
}
