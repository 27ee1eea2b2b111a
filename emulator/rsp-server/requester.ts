/** Functions between servers (ES2+, ES12): SGP.22 v2.5, 6.5.1. JSON only; each request says who calls and which call it is. */
import type { StatusCode } from '../../protocol/codes/index.ts'
import type { HttpAnswer, HttpHandler, HttpMessage, Trace, TraceInterface } from '../ports/index.ts'
import { bare, versionFor } from './answers.ts'
import {
  executed,
  failed,
  isMalformed,
  JSON_TYPE,
  type Malformed,
  type Member,
  type Members,
  parseJson,
  readMembers,
  text,
} from './json.ts'

export interface Requester {
  readonly functionRequesterIdentifier: string
  readonly functionCallIdentifier: string
}

const filled: Member = text((value) => {
  if (value.trim() === '') throw new RangeError('is empty')
  return value
})

const objectMember: Member = {
  read(value) {
    if (typeof value !== 'object' || value === null) throw new RangeError('is not an object')
    return value
  },
}

function readHeader(header: unknown): Requester | Malformed {
  const read = readMembers(header, { functionRequesterIdentifier: filled, functionCallIdentifier: filled })
  return isMalformed(read) ? { ...read, detail: `header: ${read.detail}` } : (read as unknown as Requester)
}

export type Answered =
  | { readonly kind: 'ok'; readonly answer: object }
  | { readonly kind: 'refused'; readonly check: string; readonly status: StatusCode }

export type ServerFunction = (request: Readonly<Record<string, unknown>>, requester: Requester) => Promise<Answered>

export interface ServerFunctions {
  readonly hop: { readonly interface: TraceInterface; readonly from: string; readonly to: string }
  readonly trace?: Trace | undefined
  /** Clients that have shown no certificate are answered with 403. */
  readonly onlyProven?: boolean | undefined
  /** By path. */
  readonly functions: Readonly<Record<string, { readonly members: Members; readonly call: ServerFunction }>>
}

/** A refusal is answered with 200; only what cannot be read at all gets 400. */
export function serverFunctionsHandler({ hop, trace, onlyProven, functions }: ServerFunctions): HttpHandler {
  const rows = new Map(Object.entries(functions))
  return async (message) => {
    const path = message.path.split('?')[0] ?? ''
    const row = rows.get(path)
    if (!row) return bare(404)
    if (message.method !== 'POST') return bare(405, { allow: 'POST' })
    const json = parseJson(message.body)
    const operation = path.slice(path.lastIndexOf('/') + 1)
    const shown = json === undefined ? { octets: message.body } : { json }
    trace?.record({ ...hop, operation, ...shown })
    const isForbidden = onlyProven && !message.isProven
    const { status, body, outcome } = isForbidden ? forbidden : await carryOut(row, json)
    const back = { ...hop, from: hop.to, to: hop.from }
    trace?.record({ ...back, operation, status: `${status}, ${outcome}`, json: parseJson(body) })
    return answerWith(status, body, message)
  }
}

const answerWith = (status: number, body: Uint8Array, message: HttpMessage): HttpAnswer => ({
  status,
  headers: { ...(body.length > 0 && { 'content-type': JSON_TYPE }), ...versionFor(message) },
  body,
})

interface CarriedOut {
  readonly status: number
  readonly body: Uint8Array
  /** For the trace: `ok`, or what does not hold. */
  readonly outcome: string
}

const forbidden: CarriedOut = { status: 403, body: new Uint8Array(), outcome: 'no client certificate' }

const unreadable = ({ malformed, detail }: Malformed): CarriedOut => ({
  status: 400,
  body: failed(malformed, detail),
  outcome: detail,
})

async function carryOut({ members, call }: ServerFunctions['functions'][string], json: unknown): Promise<CarriedOut> {
  const request = readMembers(json, { header: objectMember, ...members })
  if (isMalformed(request)) return unreadable(request)
  const requester = readHeader(request.header)
  if (isMalformed(requester)) return unreadable(requester)
  const answered = await call(request, requester)
  if (answered.kind === 'ok') return { status: 200, body: executed(answered.answer), outcome: 'ok' }
  return { status: 200, body: failed(answered.status, answered.check), outcome: answered.check }
}
