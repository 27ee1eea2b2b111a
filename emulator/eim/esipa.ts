/** ESipa, ASN.1 binding over HTTPS: SGP.32 v1.2, 6.1.1 and 6.3. */
import { DecodeError, decode } from '../../protocol/ber/index.ts'
import { EsipaMessageFromIpaToEim } from '../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpHandler, HttpMessage, Trace } from '../ports/index.ts'
import { type EsipaContext, eidErrors, esipaFunctions, type Handled } from './esipa-functions.ts'

const PATH = '/gsma/rsp2/asn1'
const MEDIA_TYPE = 'application/x-gsma-rsp-asn1'
/** Fixed from v1.0 to v1.2. Later versions name their own, which is accepted. */
const ADMIN_PROTOCOL = { 'x-admin-protocol': 'gsma/rsp/v2.1.0' }

interface HttpCheck {
  readonly holds: (message: HttpMessage) => boolean
  readonly status: number
  readonly otherwise: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The first row that does not hold decides. */
const httpChecks: readonly HttpCheck[] = [
  { holds: ({ path }) => path.split('?')[0] === PATH, status: 404, otherwise: `ESipa is at ${PATH}.` },
  {
    holds: ({ method }) => method === 'POST',
    status: 405,
    otherwise: 'ESipa is POST only.',
    headers: { allow: 'POST' },
  },
  {
    holds: ({ headers }) => headers['content-type']?.split(';')[0]?.trim().toLowerCase() === MEDIA_TYPE,
    status: 415,
    otherwise: `The body must be ${MEDIA_TYPE}.`,
  },
  {
    holds: ({ headers }) => /^gsma\/rsp\/v\d/.test(headers['x-admin-protocol'] ?? ''),
    status: 400,
    otherwise: 'X-Admin-Protocol must be gsma/rsp/v<version>.',
  },
]

export interface EsipaOptions extends EsipaContext {
  /** What was not believed. */
  readonly trace: Trace
  /** The messages. */
  readonly messages: Trace
}

export function esipaHandler({ trace, messages, ...context }: EsipaOptions): HttpHandler {
  return async (message) => {
    const broken = httpChecks.find((check) => !check.holds(message))
    const request = broken ? { why: broken.otherwise } : read(message.body)
    const operation = 'kind' in request ? esipaFunctions[request.kind].name : `${message.method} ${message.path}`
    const hop = { interface: 'ESipa', operation } as const
    messages.record({ ...hop, ...eidOf(request), from: 'IPA', to: 'eIM', octets: message.body })
    const handled = await handle(request, context)
    const answer = handled ? toAnswer(handled) : refuse('why' in request ? request.why : 'Nothing was asked.', broken)
    const result = { ...hop, ...(handled && subjectOf(handled)), from: 'eIM' } as const
    if (handled?.disbelieved) trace.record({ ...result, to: 'eIM', status: `not believed: ${handled.disbelieved}` })
    messages.record({ ...result, to: 'IPA', status: `${answer.status}`, octets: answer.body })
    return answer
  }
}

type Request = EsipaMessageFromIpaToEim | { readonly octets: Uint8Array } | { readonly why: string }

/** A function that is told an EID has an error of its own for one that cannot be read. */
function read(body: Uint8Array): Request {
  try {
    return decode(EsipaMessageFromIpaToEim, body, { rules: 'BER' })
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const [, kind = '', field] = error.path.split('.')
    const answer = field === 'eidValue' ? eidErrors[kind as keyof typeof eidErrors] : undefined
    const isMissing = error.code === 'missing-field' || error.code === 'unexpected-tag'
    return answer ? { octets: answer(isMissing ? 'missingEid' : 'invalidEid') } : { why: error.message }
  }
}

/** `undefined`: to be refused by HTTP status. */
async function handle(request: Request, context: EsipaContext): Promise<Handled | undefined> {
  if ('octets' in request) return request
  if ('why' in request) return undefined
  return esipaFunctions[request.kind].handle?.(request.value as never, context)
}

const eidOf = (request: Request) =>
  'value' in request && 'eidValue' in request.value && request.value.eidValue !== undefined
    ? { eid: request.value.eidValue }
    : {}

const toAnswer = ({ octets }: Handled): HttpAnswer =>
  octets
    ? { status: 200, headers: { 'content-type': MEDIA_TYPE, ...ADMIN_PROTOCOL }, body: octets }
    : { status: 204, headers: ADMIN_PROTOCOL, body: new Uint8Array() }

function refuse(why: string, { status, headers }: Pick<HttpCheck, 'status' | 'headers'> = { status: 400 }): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...ADMIN_PROTOCOL, ...headers },
    body: new TextEncoder().encode(why),
  }
}

const subjectOf = ({ eid, correlation }: Handled) => ({
  ...(eid !== undefined && { eid }),
  ...(correlation && { correlation }),
})
