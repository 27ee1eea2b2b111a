/** ESipa.TransferEimPackage from the side of the eIM: SGP.32 v1.2, 3.1.2 and 5.14.8. For IPAs that listen; their address was told at the northbound door. */
import { DecodeError, decode, encode, explicit, slice } from '../../protocol/ber/index.ts'
import {
  GetEimPackageResponse,
  TransferEimPackageRequest,
  type TransferEimPackageResponse,
  transferRequestToJson,
  transferResponseFromJson,
} from '../../protocol/sgp32/index.ts'
import type { HttpClient, Trace } from '../ports/index.ts'
import { getEimPackage, type ToolsFor } from './delivery.ts'
import { provideEimPackageResult } from './results.ts'
import type { EuiccState, Exchange } from './state.ts'
import { ifKnown, type Step } from './step.ts'
import type { EimStore } from './store.ts'

export interface PushOptions {
  readonly store: EimStore
  readonly step: Step
  readonly tools: ToolsFor
  readonly http: HttpClient
  readonly trace: Trace | undefined
}

/** Brings all that waits for this eUICC, one after the other. Never rejects; what could not be brought waits for the next time. */
export type Push = (eid: string) => Promise<void>

export function createPush(options: PushOptions): Push {
  const last = new Map<string, Promise<void>>()
  return (eid) => {
    const next = (last.get(eid) ?? Promise.resolve()).then(() => bringAll(eid, options))
    last.set(eid, next)
    void next.then(() => last.get(eid) === next && last.delete(eid))
    return next
  }
}

/** Of packages in a row. */
const LIMIT = 100

async function bringAll(eid: string, options: PushOptions): Promise<void> {
  const { store, step, tools } = options
  for (let brought = 0; brought < LIMIT; brought++) {
    const state = await store.euicc(eid)
    if (!state?.inject || isDownloading(state)) return
    const { answer } = await step(
      { eid },
      ifKnown((before) => getEimPackage(before, { eidValue: eid }, tools(before.specification))),
    )
    if (!answer?.exchange) return
    const isAnswered = await bring(state, { octets: answer.octets, exchange: answer.exchange }, options)
    if (!isAnswered) return
  }
}

/** A trigger that has arrived is not brought again: nothing in it would tell the IPA that it is the same. An IPA that lost it polls. */
const isDownloading = ({ exchange }: EuiccState): boolean =>
  exchange !== undefined &&
  exchange.purpose === 'order' &&
  'download' in exchange.package.order &&
  exchange.deliveries > 0

interface Brought {
  /** GetEimPackageResponse. */
  readonly octets: Uint8Array
  readonly exchange: Exchange
}

const PackageEnvelope = explicit(GetEimPackageResponse.tag, slice())
const TransferEnvelope = explicit(TransferEimPackageRequest.tag, slice())

/** False: there is no result yet, and perhaps never will be. */
async function bring(state: EuiccState, { octets, exchange }: Brought, options: PushOptions): Promise<boolean> {
  const message = encode(TransferEnvelope, decode(PackageEnvelope, octets))
  const response = await post(state, message, options)
  if (!response || response.kind === 'eimPackageReceived') return false
  const { eimTransactionId } = exchange
  const eimPackageResult =
    response.kind === 'eimPackageError'
      ? ({
          kind: 'eimPackageResultResponseError',
          value: { eimTransactionId, eimPackageResultErrorCode: response.value },
        } as const)
      : response
  const { answer } = await options.step(
    { eid: state.eid },
    ifKnown((before) => provideEimPackageResult(before, eimPackageResult, options.tools(before.specification))),
  )
  const { acknowledged = [], disbelieved } = answer ?? {}
  if (acknowledged.length > 0) await post(state, acknowledgements(acknowledged), options)
  if (disbelieved)
    options.trace?.record({
      eid: state.eid,
      ...{ interface: 'ESipa', operation: 'TransferEimPackage', from: 'eIM', to: 'eIM' },
      status: `not believed: ${disbelieved}`,
    })
  return disbelieved === undefined
}

const acknowledgements = (value: readonly number[]): Uint8Array =>
  encode(TransferEimPackageRequest, { kind: 'eimAcknowledgements', value })

const bindings = {
  asn1: {
    path: '/gsma/rsp2/asn1',
    contentType: 'application/x-gsma-rsp-asn1',
    request: (message: Uint8Array) => message,
    response: (body: Uint8Array) => body,
  },
  json: {
    path: '/gsma/rsp2/esipa/transferEimPackage',
    contentType: 'application/json;charset=UTF-8',
    request: (message: Uint8Array) => new TextEncoder().encode(JSON.stringify(transferRequestToJson(message))),
    response: (body: Uint8Array) => transferResponseFromJson(Object(JSON.parse(new TextDecoder().decode(body)))),
  },
} as const

/** Undefined: nobody there, or an answer that cannot be read. */
async function post(
  { eid, inject, specification }: EuiccState,
  message: Uint8Array,
  { http, trace, tools }: PushOptions,
): Promise<TransferEimPackageResponse | undefined> {
  if (!inject) return undefined
  const { path, contentType, request, response } = bindings[inject.binding]
  try {
    const headers = { 'content-type': contentType, 'x-admin-protocol': 'gsma/rsp/v2.1.0' }
    const answer = await http(`${inject.url}${path}`, { method: 'POST', headers, body: request(message) })
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
    return decode(tools(specification).codec.TransferEimPackageResponse, response(answer.body), { rules: 'BER' })
  } catch (error) {
    const status = error instanceof DecodeError ? `unreadable: ${error.message}` : (error as Error).message
    trace?.record({ eid, interface: 'ESipa', operation: 'TransferEimPackage', from: 'IPA', to: 'eIM', status })
    return undefined
  }
}
