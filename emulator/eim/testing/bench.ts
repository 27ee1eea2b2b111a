/** An eIM with one eUICC on paper, as tests drive it: through its two handlers, octets in and octets out. */
import { makePki, type Pki, toPem } from '../../../certs/index.ts'
import { decode, encode } from '../../../protocol/ber/index.ts'
import {
  EsipaMessageFromEimToIpa,
  EsipaMessageFromIpaToEim,
  type EuiccPackageRequest,
  type GetEimPackageResponse,
  type ProfileInfo,
  type ProvideEimPackageResult,
} from '../../../protocol/sgp32/index.ts'
import type { HttpHandler, TraceEntry } from '../../ports/index.ts'
import { createEim, type EimOptions } from '../index.ts'
import type { Package, PackageOrder } from '../model.ts'
import { createPaperCard, listed, type PaperCard } from './card.ts'

export const EID = '89049032123451234512345678901235'
export const OTHER_EID = '89049032123451234512345678901332'
const NOW = Date.UTC(2026, 10, 22)

let pki: Promise<Pki> | undefined
export const testPki = (): Promise<Pki> => {
  pki ??= makePki({ seed: new TextEncoder().encode('eim'), now: NOW })
  return pki
}

export type Bench = Awaited<ReturnType<typeof createBench>>

export async function createBench(change: Partial<EimOptions> & { readonly associationToken?: number } = {}) {
  const { associationToken, ...options } = change
  const { nist } = await testPki()
  const clock = { at: NOW }
  const trace: TraceEntry[] = []
  const woken: string[] = []
  let drawn = 0
  const eim = createEim({
    eimId: 'eim.example.com',
    fqdn: 'localhost:8443',
    signing: nist.eimSigning,
    tls: { ...toPem(nist.eimTls), trusted: nist.ci.certificate },
    trustedCis: [nist.ci.certificate],
    clock: { now: () => clock.at },
    random: { octets: (length) => new Uint8Array(length).fill(++drawn) },
    trace: { record: (entry) => trace.push(entry) },
    onQueued: (eid) => woken.push(eid),
    onError: (error) => {
      throw error
    },
    ...options,
  })
  const card = createPaperCard({ eid: EID, eum: nist.eum, ...(associationToken !== undefined && { associationToken }) })
  const ask = asker(eim.handleNorthbound)
  await onboard(ask, card)
  const epr = (...said: Parameters<PaperCard['result']>) =>
    ({ kind: 'euiccPackageResult', value: card.result(...said) }) as const
  return { eim, card, epr, ask, trace, woken, clock, ...esipaOf(eim.handleEsipa), ...ordersOf(ask) }
}

const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')

export const onboard = (ask: Ask, { eid, certificates }: Pick<PaperCard, 'eid' | 'certificates'>) =>
  ask('PUT', `/euiccs/${eid}`, {
    euiccCertificate: base64(certificates.euiccCertificate),
    eumCertificate: base64(certificates.eumCertificate),
  })

export type Ask = ReturnType<typeof asker>

/** JSON in, JSON out. */
export const asker =
  (handle: HttpHandler) =>
  async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await handle({
      method,
      path: `/eim/v1${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: new TextEncoder().encode(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)),
    })
    const text = new TextDecoder().decode(answer.body)
    const isJson = answer.headers['content-type']?.includes('json')
    return { status: answer.status, headers: answer.headers, body: text && isJson ? JSON.parse(text) : text }
  }

const esipaHeaders = { 'content-type': 'application/x-gsma-rsp-asn1', 'x-admin-protocol': 'gsma/rsp/v2.1.0' }

function esipaOf(handle: HttpHandler) {
  const post = (body: Uint8Array, headers: Readonly<Record<string, string>> = esipaHeaders) =>
    handle({ method: 'POST', path: '/gsma/rsp2/asn1', headers, body })

  const send = async (message: EsipaMessageFromIpaToEim) => {
    const { status, body } = await post(encode(EsipaMessageFromIpaToEim, message))
    return { status, answer: body.length > 0 ? decode(EsipaMessageFromEimToIpa, body) : undefined, octets: body }
  }

  /** GetEimPackage. */
  const poll = async (eid = EID, more: { notifyStateChange?: true } = {}): Promise<GetEimPackageResponse> => {
    const { answer } = await send({ kind: 'getEimPackageRequest', value: { eidValue: eid, ...more } })
    if (answer?.kind !== 'getEimPackageResponse') throw new Error('no GetEimPackageResponse')
    return answer.value
  }

  /** The eUICC package that waits. */
  const fetchPackage = async (): Promise<EuiccPackageRequest> => {
    const response = await poll()
    if (response.kind !== 'euiccPackageRequest') throw new Error(`${response.kind} ${JSON.stringify(response.value)}`)
    return response.value
  }

  /** ProvideEimPackageResult. */
  const provide = async (
    eimPackageResult: ProvideEimPackageResult['eimPackageResult'],
    eidValue: string | undefined = EID,
  ) => {
    const value = { ...(eidValue !== '' && { eidValue }), eimPackageResult }
    const { answer } = await send({ kind: 'provideEimPackageResult', value })
    if (answer?.kind !== 'provideEimPackageResultResponse') throw new Error('no ProvideEimPackageResultResponse')
    return answer.value
  }

  return { post, send, poll, fetchPackage, provide }
}

function ordersOf(ask: Ask) {
  return {
    order: async (order: PackageOrder): Promise<Package> => (await ask('POST', `/euiccs/${EID}/packages`, order)).body,
    package: async ({ packageId }: Package): Promise<Package> => (await ask('GET', `/packages/${packageId}`)).body,
    euicc: async () => (await ask('GET', `/euiccs/${EID}`)).body,
  }
}

/** The eUICC has told its inventory, so that nothing is asked beside what a test orders. */
export async function told(bench: Bench, ...profiles: Partial<ProfileInfo>[]): Promise<Bench> {
  const request = await bench.fetchPackage()
  await bench.provide({ kind: 'euiccPackageResult', value: bench.card.result(request, [listed(...profiles)]) })
  return bench
}
