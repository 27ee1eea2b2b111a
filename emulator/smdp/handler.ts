/** ES9+ as HTTP: SGP.22 v2.5, 6.5 and 6.6. A refusal is answered with 200; only what cannot be read at all gets 400. */
import type { HttpAnswer, HttpHandler, HttpMessage, Trace, TraceEntry } from '../ports/index.ts'
import { bare, type Malformed, versionFor } from '../rsp-server/index.ts'
import { asn1Binding } from './bindings/asn1.ts'
import type { Binding, Call } from './bindings/binding.ts'
import { jsonBinding, jsonFunctions } from './bindings/json.ts'
import type { Changes } from './function.ts'
import type { Service } from './service.ts'

interface Site {
  readonly service: Service
  readonly trace?: Trace | undefined
}

const bindings = new Map<string, Binding>([
  ['/gsma/rsp2/asn1', asn1Binding],
  ...jsonFunctions.map((name) => [`/gsma/rsp2/es9plus/${name}`, jsonBinding(name)] as const),
])

export function createHandler(site: Site): HttpHandler {
  return async (message) => {
    const path = message.path.split('?')[0] ?? ''
    const binding = bindings.get(path)
    if (!binding) return bare(404)
    if (message.method !== 'POST') return bare(405, { allow: 'POST' })
    return answer(site, binding, { path, message })
  }
}

interface Received {
  readonly path: string
  readonly message: HttpMessage
}

function answer({ service, trace }: Site, binding: Binding, { path, message }: Received): HttpAnswer {
  const call = binding.read(message.body)
  const hop = { interface: 'ES9+', operation: 'name' in call ? titleOf(call.name) : path } as const
  trace?.record({ ...hop, from: 'IPA', to: 'SM-DP+', ...binding.shown(message.body) })
  const { body, outcome, ...answered } = carryOut(service, binding, call)
  const status = `${answered.status}, ${outcome}`
  const shown = body.length > 0 ? binding.shown(body) : {}
  trace?.record({ ...hop, from: 'SM-DP+', to: 'IPA', status, ...shown, ...subjectOf(answered) })
  const contentType = body.length > 0 ? { 'content-type': binding.contentType } : {}
  return { status: answered.status, headers: { ...contentType, ...versionFor(message) }, body }
}

/** As in the titles of 5.6. */
const titleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

interface CarriedOut extends Changes {
  readonly status: number
  readonly body: Uint8Array
  /** For the trace: `ok`, or what does not hold. */
  readonly outcome: string
}

function carryOut(service: Service, binding: Binding, call: Call | Malformed): CarriedOut {
  if ('malformed' in call) return { status: 400, body: binding.refusal(call), outcome: call.detail }
  if (call.name === 'handleNotification')
    return { status: 204, body: new Uint8Array(), ...service.notify(call.request) }
  const result = service.call(call.name, call.request)
  const { session } = result
  const outcome = result.kind === 'ok' ? 'ok' : result.check
  return { status: 200, body: binding.answer(call.name, result), outcome, ...(session && { session }) }
}

/** Which card and session an answer is about. */
function subjectOf({ session }: Changes): Pick<TraceEntry, 'eid' | 'correlation'> {
  if (!session) return {}
  const eid = session.euicc?.eid
  return { correlation: { transactionId: session.transactionId }, ...(eid !== undefined && { eid }) }
}
