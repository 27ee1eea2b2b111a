/** Where an IPA takes what eIMs bring (TransferEimPackage): SGP.32 v1.2, 6.3.3 and 6.4.1.4, in both bindings. Unverified: the transport. */
import { DecodeError } from '../../protocol/ber/index.ts'
import { transferRequestFromJson, transferResponseToJson } from '../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpHandler, Trace } from '../ports/index.ts'

const ASN1_PATH = '/gsma/rsp2/asn1'
const JSON_PATH = '/gsma/rsp2/esipa/transferEimPackage'

interface Binding {
  readonly contentType: string
  /** Throws DecodeError. */
  readonly request: (body: Uint8Array) => Uint8Array
  readonly response: (octets: Uint8Array) => Uint8Array
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

function objectIn(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
  } catch {
    throw new DecodeError('text-malformed', 0)
  }
}

const bindings: ReadonlyMap<string, Binding> = new Map([
  [ASN1_PATH, { contentType: 'application/x-gsma-rsp-asn1', request: (body) => body, response: (octets) => octets }],
  [
    JSON_PATH,
    {
      contentType: 'application/json;charset=UTF-8',
      request: (body) => transferRequestFromJson(objectIn(body)),
      response: (octets) => json(transferResponseToJson(octets)),
    },
  ],
])

const bare = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body: new Uint8Array(),
})

export interface InjectOptions {
  readonly eid: () => string | undefined
  readonly trace: Trace | undefined
  /** TransferEimPackageRequest in, TransferEimPackageResponse out, in the ASN.1 binding. */
  take(message: Uint8Array): Promise<Uint8Array>
}

export function injectHandler({ eid, trace, take }: InjectOptions): HttpHandler {
  return async ({ method, path, headers, body }) => {
    const binding = bindings.get(path.split('?')[0] ?? '')
    if (!binding) return bare(404)
    if (method !== 'POST') return bare(405, { allow: 'POST' })
    const [mediaType] = binding.contentType.split(';')
    if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== mediaType) return bare(415)
    try {
      const message = binding.request(body)
      const hop = {
        interface: 'ESipa',
        operation: 'TransferEimPackage',
        ...(eid() && { eid: eid() as string }),
      } as const
      trace?.record({ ...hop, from: 'eIM', to: 'IPA', octets: message })
      const octets = await take(message)
      trace?.record({ ...hop, from: 'IPA', to: 'eIM', status: '200', octets })
      const type = { 'content-type': binding.contentType, 'x-admin-protocol': 'gsma/rsp/v2.1.0' }
      return { status: 200, headers: type, body: binding.response(octets) }
    } catch (error) {
      if (error instanceof DecodeError) return bare(400)
      throw error
    }
  }
}
