/** An IPA among scripts: a card, eIMs and SM-DP+s that answer from lists, and time that passes when it is waited for. */
import { decode, encode, explicit, fromHex, slice } from '../../../protocol/ber/index.ts'
import { Signature, SubjectKeyIdentifier } from '../../../protocol/sgp22/index.ts'
import {
  EsipaMessageFromIpaToEim,
  type ProvideEimPackageResult,
  ProvideEimPackageResultResponse,
} from '../../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpClient, TraceEntry } from '../../ports/index.ts'
import { createIpa } from '../ipa.ts'
import { createVolatileMemory } from '../memory.ts'
import { toBase64 } from '../servers/es9plus.ts'
import type { IpaSettings } from '../settings.ts'
import {
  boundProfilePackage,
  certificate,
  ciPKId,
  serverSigned1,
  signature,
  smdpSigned2,
  storeMetadata,
  transactionId,
} from './messages.ts'
import { type CardScript, scriptedCard } from './scripted-card.ts'

type EimPackageResult = ProvideEimPackageResult['eimPackageResult']
type Json = Readonly<Record<string, unknown>>

export interface WorldScript {
  readonly card?: CardScript
  /** What GetEimPackage gives, one after the other; then noEimPackageAvailable. */
  readonly packages?: readonly Uint8Array[]
  /** Answer to ProvideEimPackageResult; default: nothing to acknowledge. */
  readonly acknowledge?: (result: EimPackageResult) => ProvideEimPackageResultResponse
  /** Members of the SM-DP+'s answers that differ from those of a good download. */
  readonly smdp?: Readonly<Record<string, Json>>
  readonly settings?: Partial<IpaSettings>
}

const empty = new Uint8Array()
const EimPackage = explicit(0xbf4f, slice())
const nothing = fromHex('bf4f03020101')

/** header of an answer of ES9+ that refuses. */
export const refused = (subjectCode: string, reasonCode: string): Json => ({
  header: { functionExecutionStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode } } },
})

const executed = { header: { functionExecutionStatus: { status: 'Executed-Success' } } }

/** A good download. */
const answers: Readonly<Record<string, Json>> = {
  initiateAuthentication: {
    ...executed,
    transactionId,
    serverSigned1: toBase64(serverSigned1()),
    serverSignature1: toBase64(encode(Signature, signature)),
    euiccCiPKIdToBeUsed: toBase64(encode(SubjectKeyIdentifier, ciPKId)),
    serverCertificate: toBase64(certificate),
  },
  authenticateClient: {
    ...executed,
    transactionId,
    profileMetadata: toBase64(storeMetadata()),
    smdpSigned2: toBase64(smdpSigned2()),
    smdpSignature2: toBase64(encode(Signature, signature)),
    smdpCertificate: toBase64(certificate),
  },
  getBoundProfilePackage: { ...executed, transactionId, boundProfilePackage: toBase64(boundProfilePackage()) },
  cancelSession: executed,
}

export function createWorld({ card: script, smdp = {}, settings, ...eim }: WorldScript = {}) {
  const card = scriptedCard(script)
  const packages = [...(eim.packages ?? [])]
  const results: ProvideEimPackageResult[] = []
  const requests: string[] = []
  const bodies: Json[] = []
  const away = new Set<string>()
  const statuses = new Map<string, number>()
  const raw = new Map<string, Uint8Array>()
  const trace: TraceEntry[] = []
  const waits: number[] = []
  const memory = createVolatileMemory()

  function eimAnswer(host: string, body: Uint8Array): Uint8Array {
    const { kind, value } = decode(EsipaMessageFromIpaToEim, body)
    requests.push(`${host} ${kind}`)
    if (kind === 'getEimPackageRequest') {
      const next = packages.shift()
      return next ? encode(EimPackage, next) : nothing
    }
    if (kind !== 'provideEimPackageResult') return empty
    results.push(value)
    const octets = raw.get(kind)
    if (octets) return octets
    const response = eim.acknowledge?.(value.eimPackageResult) ?? { kind: 'emptyResponse', value: {} }
    return encode(ProvideEimPackageResultResponse, response)
  }

  function smdpAnswer(host: string, name: string, body: Uint8Array): HttpAnswer {
    requests.push(`${host} ${name}`)
    bodies.push(JSON.parse(new TextDecoder().decode(body)))
    if (name === 'handleNotification') return { status: 204, headers: {}, body: empty }
    const json = { ...answers[name], ...smdp[name] }
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(json)) }
  }

  const http: HttpClient = async (url, { body }) => {
    const { host, pathname } = new URL(url)
    if (away.has(host)) throw new Error(`${host} is away`)
    const status = statuses.get(host)
    if (status !== undefined) return { status, headers: {}, body: empty }
    if (pathname === '/gsma/rsp2/asn1') return { status: 200, headers: {}, body: eimAnswer(host, body) }
    return smdpAnswer(host, pathname.split('/').at(-1) ?? '', body)
  }
  const boot = () =>
    createIpa({
      card,
      http,
      delay: async (ms) => void waits.push(ms),
      random: { octets: (length) => new Uint8Array(length).fill(0x80) },
      trace: { record: (entry) => void trace.push(entry) },
      memory,
      ...(settings ? { settings } : {}),
    })
  return {
    /** The IPA after a start; whatever it had in its head before is gone. */
    boot,
    ipa: boot(),
    card,
    packages,
    /** What the eIMs were given. */
    results,
    /** Host and function of each request that got through. */
    requests,
    /** JSON of the requests to SM-DP+s. */
    bodies,
    /** Hosts that do not answer. */
    away,
    /** Hosts that answer everything with an HTTP status. */
    statuses,
    /** What the eIM answers to ProvideEimPackageResult instead. */
    raw,
    trace,
    waits,
    memory,
  }
}
