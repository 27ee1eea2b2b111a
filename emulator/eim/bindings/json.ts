/** ESipa, JSON binding: SGP.32 v1.2, 6.4. The function is named by the path. */
import {
  type EsipaFunction,
  esipaFailure,
  esipaFunctionNames,
  esipaRequestFromJson,
  esipaResponseToJson,
} from '../../../protocol/sgp32/index.ts'
import { type Binding, readMessage } from './binding.ts'

const PATH = '/gsma/rsp2/esipa/'

const jsonBinding = (name: EsipaFunction): Binding => ({
  mediaType: 'application/json',
  contentType: 'application/json;charset=UTF-8',
  read(body, codec) {
    const json = parse(body)
    return isObject(json)
      ? readMessage(() => esipaRequestFromJson(name, json, codec.version), codec)
      : { why: 'The body is not a JSON object.' }
  },
  answer: (octets, version) => write(esipaResponseToJson(name, octets, version)),
  refusalType: 'application/json;charset=UTF-8',
  refusal: (why) => write(esipaFailure({ subjectCode: '1.6', reasonCode: '2.1' }, why)),
  shown(body) {
    const json = parse(body)
    return json === undefined ? { octets: body } : { json }
  },
})

export const jsonBindings: readonly (readonly [path: string, binding: Binding])[] = esipaFunctionNames.map((name) => [
  `${PATH}${name}`,
  jsonBinding(name),
])

const write = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json))

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
