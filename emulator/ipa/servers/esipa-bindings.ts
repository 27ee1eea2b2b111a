/** How messages of ESipa travel: SGP.32 v1.2, 6.1.1, 6.3 and 6.4. Whoever asks knows those of the ASN.1 binding only. */
import {
  type EsipaFunction,
  esipaRequestToJson,
  esipaResponseFromJson,
  type Sgp32Version,
} from '../../../protocol/sgp32/index.ts'
import type { TraceEntry } from '../../ports/index.ts'

export type EsipaBindingName = 'asn1' | 'json'

export interface EsipaBinding {
  path(name: EsipaFunction): string
  readonly contentType: string
  request(name: EsipaFunction, message: Uint8Array, version: Sgp32Version): Uint8Array
  /** The message in a body. Throws DecodeError when there is none. */
  response(name: EsipaFunction, body: Uint8Array, version: Sgp32Version): Uint8Array
  /** A body as the trace shows it. */
  shown(body: Uint8Array): Pick<TraceEntry, 'json' | 'octets'>
}

export const esipaBindings: Readonly<Record<EsipaBindingName, EsipaBinding>> = {
  asn1: {
    path: () => '/gsma/rsp2/asn1',
    contentType: 'application/x-gsma-rsp-asn1',
    request: (_name, message) => message,
    response: (_name, body) => body,
    shown: (octets) => ({ octets }),
  },
  json: {
    path: (name) => `/gsma/rsp2/esipa/${name}`,
    contentType: 'application/json;charset=UTF-8',
    request: (name, message, version) =>
      new TextEncoder().encode(JSON.stringify(esipaRequestToJson(name, message, version))),
    response: (name, body, version) => esipaResponseFromJson(name, objectIn(body), version),
    shown(body) {
      const json = parse(body)
      return json === undefined ? { octets: body } : { json }
    },
  },
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** What is no object has none of the members. */
function objectIn(body: Uint8Array): Readonly<Record<string, unknown>> {
  const json = parse(body)
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {}
}
