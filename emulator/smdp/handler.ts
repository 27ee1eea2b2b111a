/** ES9+ as HTTP: SGP.22 v2.5, 6.5 and 6.6. A refusal is answered with 200; only what cannot be read at all gets 400. */
import type { HttpAnswer, HttpHandler, HttpMessage, Trace, TraceEntry } from '../ports/index.ts'
import { asn1Binding } from './bindings/asn1.ts'
import type { Binding, Call } from './bindings/binding.ts'
import { jsonBinding, jsonFunctions } from './bindings/json.ts'
import type { Changes } from './function.ts'
import type { Service } from './service.ts'

interface Site {
  readonly service: Service
  readonly trace?: Trace | undefined
}

const bindings: Readonly<Record<string, Binding>> = {
  '/gsma/rsp2/asn1': asn1Binding,
  ...Object.fromEntries(jsonFunctions.map((name) => [`/gsma/rsp2/es9plus/${name}`, jsonBinding(name)])),
}

export function createHandler(site: Site): HttpHandler {
  return async (message) => {
    const binding = bindings[message.path.split('?')[0] ?? '']
    if (!binding) return bare(404)
    if (message.method !== 'POST') return bare(405, { allow: 'POST' })
    const call = binding.read(message.body)
    if ('name' in call) return answer(site, binding, { message, call })
    return { status: 400, headers: headersFor(message, binding), body: binding.refusal(call) }
  }
}

const bare = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body: new Uint8Array(),
})

/** X-Admin-Protocol: the client's version comes back to it; a client without one is told ours. */
function headersFor({ headers }: HttpMessage, { contentType }: Binding): HttpAnswer['headers'] {
  const asked = headers['x-admin-protocol'] ?? ''
  const version = /^gsma\/rsp\/v\d+(\.\d+){1,2}$/.test(asked) ? asked : 'gsma/rsp/v2.5.0'
  return { 'content-type': contentType, 'x-admin-protocol': version }
}

interface Received {
  readonly message: HttpMessage
  readonly call: Call
}

function answer({ service, trace }: Site, binding: Binding, { message, call }: Received): HttpAnswer {
  const { name } = call
  const operation = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const hop = { interface: 'ES9+', operation } as const
  trace?.record({ ...hop, from: 'IPA', to: 'SM-DP+', ...binding.shown(message.body) })
  if (name === 'handleNotification') {
    const { outcome } = service.notify(call.request)
    trace?.record({ ...hop, from: 'SM-DP+', to: 'IPA', status: `204, ${outcome}` })
    return bare(204)
  }
  const result = service.call(name, call.request)
  const body = binding.answer(name, result)
  const status = result.kind === 'ok' ? '200' : `200, ${result.check}`
  trace?.record({ ...hop, from: 'SM-DP+', to: 'IPA', status, ...binding.shown(body), ...subjectOf(result) })
  return { status: 200, headers: headersFor(message, binding), body }
}

/** Which card and session an answer is about. */
function subjectOf({ session }: Changes): Pick<TraceEntry, 'eid' | 'correlation'> {
  if (!session) return {}
  const eid = session.euicc?.eid
  return { correlation: { transactionId: session.transactionId }, ...(eid !== undefined && { eid }) }
}
