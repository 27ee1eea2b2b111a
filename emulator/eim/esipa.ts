/** ESipa over HTTPS: SGP.32 v1.2, 6.1.1, in both bindings, 6.3 and 6.4. */
import type { Sgp32Codec, Sgp32Version } from '../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpHandler, HttpMessage, Trace } from '../ports/index.ts'
import { ASN1_PATH, asn1Binding } from './bindings/asn1.ts'
import type { Binding, Request } from './bindings/binding.ts'
import { jsonBindings } from './bindings/json.ts'
import type { ToolsFor } from './delivery.ts'
import type { EsipaCall, EsipaContext, Handled } from './esipa-context.ts'
import { eidOfRequest, esipaFunctions } from './esipa-functions.ts'
import { disbelieve, exchangeOf } from './reception.ts'
import { ifKnown } from './step.ts'

const bindings: ReadonlyMap<string, Binding> = new Map([[ASN1_PATH, asn1Binding], ...jsonBindings])

/** Fixed from v1.0 to v1.2. Later versions name their own, which is accepted. */
const ADMIN_PROTOCOL = { 'x-admin-protocol': 'gsma/rsp/v2.1.0' }

interface HttpCheck {
  readonly holds: (message: HttpMessage, binding: Binding | undefined) => boolean
  readonly status: number
  readonly otherwise: (binding: Binding) => string
  readonly headers?: Readonly<Record<string, string>>
}

/** The first row that does not hold decides. */
const httpChecks: readonly HttpCheck[] = [
  {
    holds: (_message, binding) => binding !== undefined,
    status: 404,
    otherwise: () => `ESipa is at ${ASN1_PATH} and ${jsonBindings.map(([path]) => path).join(', ')}.`,
  },
  {
    holds: ({ method }) => method === 'POST',
    status: 405,
    otherwise: () => 'ESipa is POST only.',
    headers: { allow: 'POST' },
  },
  {
    holds: ({ headers }, binding) =>
      headers['content-type']?.split(';')[0]?.trim().toLowerCase() === binding?.mediaType,
    status: 415,
    otherwise: ({ mediaType }) => `The body must be ${mediaType}.`,
  },
  {
    holds: ({ headers }) => /^gsma\/rsp\/v\d/.test(headers['x-admin-protocol'] ?? ''),
    status: 400,
    otherwise: () => 'X-Admin-Protocol must be gsma/rsp/v<version>.',
  },
]

const bindingAt = (path: string): Binding | undefined => bindings.get(path.split('?')[0] ?? '')

export interface EsipaOptions extends EsipaContext {
  readonly tools: ToolsFor
  /** What was not believed. */
  readonly trace: Trace | undefined
  /** The messages. */
  readonly messages: Trace | undefined
}

export function esipaHandler({ trace, messages, ...context }: EsipaOptions): HttpHandler {
  /** By connection: it belongs to the eUICC that it was last used for. */
  const calls = new WeakMap<object, EsipaCall>()
  return async (message) => {
    const found = bindingAt(message.path)
    const binding = found ?? asn1Binding
    const broken = httpChecks.find((check) => !check.holds(message, found))
    const { connection } = message
    const asked: EsipaCall = (connection && calls.get(connection)) ?? context
    const { connectedEid } = asked
    const { request, call }: Reading = broken
      ? { request: { why: broken.otherwise(binding) }, call: asked }
      : await read(binding, message.body, { asked, tools: context.tools })
    const operation = 'kind' in request ? esipaFunctions[request.kind].name : `${message.method} ${message.path}`
    const hop = { interface: 'ESipa', operation } as const
    messages?.record({ ...hop, ...eidOf(request), from: 'IPA', to: 'eIM', ...binding.shown(message.body) })
    const handled = await handle(request, call)
    const eid = handled?.eid
    if (connection && eid !== undefined && eid !== connectedEid)
      calls.set(connection, { ...context, connectedEid: eid })
    const why = 'why' in request ? request.why : 'Nothing was asked.'
    if ('why' in request) await doubtUnreadable(request, connectedEid, context)
    const answer = handled ? toAnswer(binding, handled, call.tools().codec) : refuse(binding, why, broken)
    if ('isForeign' in request) trace?.record({ ...hop, from: 'eIM', to: 'eIM', status: why, octets: message.body })
    const result = { ...hop, ...(handled && subjectOf(handled)), from: 'eIM' } as const
    if (handled?.disbelieved) trace?.record({ ...result, to: 'eIM', status: `not believed: ${handled.disbelieved}` })
    messages?.record({ ...result, to: 'IPA', status: `${answer.status}`, ...binding.shown(answer.body) })
    return answer
  }
}

interface Reading {
  readonly request: Request
  /** Answered in the version that it was read in. */
  readonly call: EsipaCall
}

/** The eIM's own version first. */
const readingOrder: Readonly<Record<Sgp32Version, readonly Sgp32Version[]>> = {
  '1.2': ['1.2', '1.0.1'],
  '1.0.1': ['1.0.1', '1.2'],
}

/** In the version that the eUICC was onboarded with; what is of no eUICC that is known, in the eIM's own. */
async function read(
  { read }: Binding,
  body: Uint8Array,
  { asked, tools }: { readonly asked: EsipaCall } & Pick<EsipaOptions, 'tools'>,
): Promise<Reading> {
  const { version: own } = tools().codec
  const readAs = (version: Sgp32Version): Reading => ({
    request: read(body, tools(version).codec),
    call: version === own ? asked : { ...asked, tools: () => tools(version) },
  })
  for (const version of readingOrder[own]) {
    const reading = readAs(version)
    if (!('kind' in reading.request)) continue
    const eid = await eidOfRequest(reading.request, reading.call)
    const spoken = eid === undefined ? undefined : (await asked.store.euicc(eid))?.specification
    if ((spoken ?? own) === version) return reading
  }
  return readAs(own)
}

/** `undefined`: to be refused by HTTP status. */
async function handle(request: Request, call: EsipaCall): Promise<Handled | undefined> {
  if ('octets' in request) return request
  if ('why' in request) return undefined
  return esipaFunctions[request.kind].handle?.(request.value as never, call)
}

/** A result that cannot be read: a package that is repeated at once would only bring the same one again. */
async function doubtUnreadable(
  { meant }: Extract<Request, { readonly why: string }>,
  connectedEid: string | undefined,
  { step, tools }: EsipaContext,
): Promise<void> {
  const eid = meant?.eid ?? connectedEid
  if (meant?.kind !== 'provideEimPackageResult' || eid === undefined) return
  await step(
    { eid },
    ifKnown((before) => disbelieve(before, { exchange: exchangeOf(before, {}), why: 'unreadable', tools: tools() })),
  )
}

const eidOf = (request: Request) =>
  'value' in request && 'eidValue' in request.value && request.value.eidValue !== undefined
    ? { eid: request.value.eidValue }
    : {}

const toAnswer = ({ contentType, answer }: Binding, { octets }: Handled, { version }: Sgp32Codec): HttpAnswer =>
  octets
    ? { status: 200, headers: { 'content-type': contentType, ...ADMIN_PROTOCOL }, body: answer(octets, version) }
    : { status: 204, headers: ADMIN_PROTOCOL, body: new Uint8Array() }

type Status = Pick<HttpCheck, 'status' | 'headers'>

const refuse = (
  { refusalType, refusal }: Binding,
  why: string,
  { status, headers }: Status = { status: 400 },
): HttpAnswer => ({
  status,
  headers: { 'content-type': refusalType, ...ADMIN_PROTOCOL, ...headers },
  body: refusal(why),
})

const subjectOf = ({ eid, correlation }: Handled) => ({
  ...(eid !== undefined && { eid }),
  ...(correlation && { correlation }),
})
