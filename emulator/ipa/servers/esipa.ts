import {
  type AnySchema,
  DecodeError,
  decode,
  encode,
  explicit,
  type Schema,
  slice,
  toHex,
} from '../../../protocol/ber/index.ts'
import {
  type EsipaFunction,
  EuiccPackageRequest,
  IpaEuiccDataRequest,
  otherVersionOf,
  otherVersionText,
  ProfileDownloadTriggerRequest,
  type ProvideEimPackageResult,
  type ProvideEimPackageResultResponse,
  type Sgp32Version,
  sgp32Codecs,
} from '../../../protocol/sgp32/index.ts'
import type { HttpAnswer, Trace } from '../../ports/index.ts'
import { type Answer, type Failure, failure, read } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { StateChangeCause } from '../memory.ts'
import { type EsipaBinding, type EsipaBindingName, esipaBindings } from './esipa-bindings.ts'
import { envelopes } from './esipa-envelopes.ts'
import type { Send } from './retry.ts'
import { ifReadable, transactionIdOf } from './transaction-id.ts'

/** The alternatives of GetEimPackageResponse that are packages. */
const packageTypes = {
  euiccPackageRequest: EuiccPackageRequest,
  ipaEuiccDataRequest: IpaEuiccDataRequest,
  profileDownloadTriggerRequest: ProfileDownloadTriggerRequest,
} as const satisfies Readonly<Record<string, AnySchema>>

const packageKinds = new Map(
  Object.entries(packageTypes).map(([kind, { tag }]) => [tag, kind as keyof typeof packageTypes]),
)

/** An eIM Package as far as its envelope can be read: it is for the eUICC, or for a procedure, to say whether the rest is right. */
export interface EimPackage {
  readonly kind: keyof typeof packageTypes | 'unknownPackage'
  /** The package itself, as the eIM wrote it. */
  readonly octets: Uint8Array
  readonly eimTransactionId?: string
}

type EimPackageResult = ProvideEimPackageResult['eimPackageResult']

export interface EimResult {
  readonly eidValue: string
  /** As octets where the eUICC has written it: they are passed on as they are. */
  readonly eimPackageResult: EimPackageResult | Uint8Array
  /** Why it is not a better one, for the trace. */
  readonly status?: string
}

/** ESipa functions that the IPA calls: SGP.32 v1.2, 5.14. */
export interface Esipa {
  /** Undefined: there is none. */
  getEimPackage(
    eim: Eim,
    eidValue: string,
    stateChangeCause?: StateChangeCause,
  ): Promise<Answer<EimPackage | undefined>>
  provideEimPackageResult(eim: Eim, result: EimResult): Promise<Answer<ProvideEimPackageResultResponse>>
  /** Undefined: the eIM has taken the notification. */
  handleNotification(eim: Eim, pendingNotification: Uint8Array): Promise<Failure | undefined>
  /** A function of an RSP session. Both messages are those of the ASN.1 binding. */
  call(eim: Eim, name: EsipaFunction, body: Uint8Array): Promise<Message | Failure>
}

export interface EsipaOptions {
  readonly send: Send
  readonly trace: Trace | undefined
  /** Version of SGP.32 that this eIM speaks. */
  specificationOf(eim: Eim): Sgp32Version
  /** X-Admin-Protocol. */
  readonly adminProtocol: string
  /** By eimId; default `asn1`. */
  readonly bindings: Readonly<Record<string, EsipaBindingName>>
}

const EimPackageEnvelope = explicit(0xbf4f, slice())

/** The client side of ESipa over HTTPS: SGP.32 v1.2, 6.1.1. */
export function createEsipa(options: EsipaOptions): Esipa {
  const { specificationOf } = options
  const codecOf = (eim: Eim) => sgp32Codecs[specificationOf(eim)]
  const envelopeOf = (eim: Eim) => envelopes[specificationOf(eim)]
  return {
    async getEimPackage(eim, eidValue, stateChangeCause) {
      const change = stateChangeCause === undefined ? {} : { notifyStateChange: true as const, stateChangeCause }
      const body = encode(codecOf(eim).GetEimPackageRequest, { eidValue, ...change })
      const answer = await post(options, { eim, name: 'getEimPackage', body })
      return 'kind' in answer ? answer : readPackage(answer, specificationOf(eim))
    },
    async provideEimPackageResult(eim, { eidValue, eimPackageResult, status }) {
      const body =
        eimPackageResult instanceof Uint8Array
          ? envelopeOf(eim).provideEimPackageResult(eidValue, eimPackageResult)
          : encode(codecOf(eim).ProvideEimPackageResult, { eidValue, eimPackageResult })
      const shown = status === undefined ? {} : { status }
      const answer = await post(options, { eim, name: 'provideEimPackageResult', body, ...shown })
      if ('kind' in answer) return answer
      if (isNothing(answer.body)) return { kind: 'answer', value: emptyResponse, octets: answer.body }
      const response = read('ESipa', codecOf(eim).ProvideEimPackageResultResponse, answer.body)
      if (response.kind === 'failure' || response.value.kind !== 'provideEimPackageResultError') return response
      return failure('ESipa', 'refused', response.value.value)
    },
    async handleNotification(eim, pendingNotification) {
      const body = envelopeOf(eim).handleNotification(pendingNotification)
      const answer = await post(options, { eim, name: 'handleNotification', body })
      return 'kind' in answer ? answer : undefined
    },
    call: (eim, name, body) => post(options, { eim, name, body }),
  }
}

const emptyResponse = { kind: 'emptyResponse', value: {} } as const

/** Deviation: no body, and the empty BF50 of SGP.32 v1.0, stand for emptyResponse. */
const isNothing = (body: Uint8Array): boolean => body.length === 0 || toHex(body) === 'bf5000'

interface Call {
  readonly eim: Eim
  readonly name: EsipaFunction
  /** In the ASN.1 binding. */
  readonly body: Uint8Array
  readonly status?: string
}

export interface Message {
  readonly body: Uint8Array
  /** Of an eIM Package. */
  readonly eimTransactionId?: string
}

/**
 * 200, or 204 without body; the body is the message in the ASN.1 binding. What belongs together is known when the answer has been read: an eIM Package
 * names its transaction.
 */
async function post(options: EsipaOptions, call: Call): Promise<Message | Failure> {
  const { send, trace, adminProtocol, bindings } = options
  const { eim, name, body, ...shown } = call
  const specification = options.specificationOf(eim)
  const binding = esipaBindings[bindings[eim.eimId] ?? bindings['*'] ?? 'asn1']
  const hop = { interface: 'ESipa', operation: `${name.charAt(0).toUpperCase()}${name.slice(1)}` } as const
  const sent = binding.request(name, body, specification)
  trace?.record({ ...hop, from: 'IPA', to: 'eIM', ...shown, ...binding.shown(sent) })
  const answer = await send('ESipa', `https://${eim.fqdn}${binding.path(name)}`, {
    method: 'POST',
    headers: {
      'content-type': binding.contentType,
      'user-agent': 'gsma-rsp-ipad',
      'x-admin-protocol': adminProtocol,
    },
    body: sent,
    ...(eim.trust && { trust: eim.trust }),
  })
  const received = { ...hop, from: 'eIM', to: 'IPA' } as const
  if ('kind' in answer) {
    trace?.record({ ...received, status: answer.detail })
    return answer
  }
  const isAccepted = answer.status === 200 || answer.status === 204
  const message =
    isAccepted && answer.body.length > 0 ? messageIn(binding, { name, specification }, answer.body) : { body: empty }
  const said: Said = 'kind' in message ? {} : whatIsSaid(message.body, { name, specification })
  const { eimTransactionId } = said
  const remark = isAccepted ? said.remark : reasonIn(answer)
  const status = remark === undefined ? `${answer.status}` : `${answer.status}, ${remark}`
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  const correlation = eimTransactionId === undefined ? {} : { correlation: { eimTransactionId } }
  trace?.record({ ...received, status, ...binding.shown(answer.body), ...correlation })
  if (!isAccepted) return failure('ESipa', 'refused', `HTTP ${status}`)
  return 'kind' in message ? message : { ...message, ...transaction }
}

interface Said {
  /** Of an eIM Package. */
  readonly eimTransactionId?: string
  /** On an answer that is none in our version and is one in another. */
  readonly remark?: string
}

/** What a message says whatever becomes of it. */
function whatIsSaid(body: Uint8Array, { name, specification }: Spoken): Said {
  if (body.length === 0) return {}
  const { EsipaMessageFromEimToIpa, GetEimPackageResponse } = sgp32Codecs[specification]
  const read = ifReadable(() => decode(EsipaMessageFromEimToIpa as Schema<unknown>, body, { rules: 'BER' }))
  const peer = read === undefined ? otherVersionOf('EsipaMessageFromEimToIpa', body, specification) : undefined
  const eimTransactionId = name === 'getEimPackage' ? transactionIdOf(read, body, GetEimPackageResponse) : undefined
  return {
    ...(eimTransactionId !== undefined && { eimTransactionId }),
    ...(peer && { remark: otherVersionText(peer, specification) }),
  }
}

const LONGEST_REASON = 200

/** What a server says in words when it refuses. */
const reasonIn = ({ headers, body }: HttpAnswer): string | undefined =>
  headers['content-type']?.startsWith('text/plain') && body.length > 0
    ? new TextDecoder().decode(body.subarray(0, LONGEST_REASON))
    : undefined

const empty = new Uint8Array()

interface Spoken {
  readonly name: EsipaFunction
  readonly specification: Sgp32Version
}

/** An answer to a notification says nothing, whatever it says. */
function messageIn(binding: EsipaBinding, { name, specification }: Spoken, body: Uint8Array): Message | Failure {
  if (name === 'handleNotification') return { body: empty }
  try {
    return { body: binding.response(name, body, specification) }
  } catch (error) {
    if (error instanceof DecodeError) return { ...failure('ESipa', 'undecodable', error.message), octets: body }
    throw error
  }
}

/** Identifier octets as one number. */
function tagOf([first = 0, second = 0]: Uint8Array): number {
  return (first & 0x1f) === 0x1f ? (first << 8) | second : first
}

function readPackage({ body, eimTransactionId }: Message, specification: Sgp32Version): Answer<EimPackage | undefined> {
  const envelope = read('ESipa', EimPackageEnvelope, body)
  if (envelope.kind === 'failure') return envelope
  const octets = envelope.value
  const tag = tagOf(octets)
  if (tag === 0x02) return readError(body, specification)
  const kind = packageKinds.get(tag)
  if (!kind) return { kind: 'answer', value: { kind: 'unknownPackage', octets }, octets }
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  return { kind: 'answer', value: { kind, octets, ...transaction }, octets }
}

function readError(body: Uint8Array, specification: Sgp32Version): Answer<undefined> {
  const response = read('ESipa', sgp32Codecs[specification].GetEimPackageResponse, body)
  if (response.kind === 'failure') return response
  const { value } = response.value
  if (value === 'noEimPackageAvailable') return { kind: 'answer', value: undefined, octets: body }
  return failure('ESipa', 'refused', String(value))
}
