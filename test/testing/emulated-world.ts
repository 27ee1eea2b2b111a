/** One device with its servers, wired as the testbed wires them: in this process, or over TLS on loopback. */
import { randomBytes } from 'node:crypto'
import { certificateToPem, makePki, toPem } from '../../certs/index.ts'
import { createEim, type Eim } from '../../emulator/eim/index.ts'
import {
  type CardEvent,
  createCard,
  createEuicc,
  derivedCredentials,
  profilesOf,
  systemEntropy,
  type Variant,
} from '../../emulator/euicc/index.ts'
import { createIpa, createVolatileMemory, type Delay, type IpaSettings } from '../../emulator/ipa/index.ts'
import {
  type CardChannel,
  createHttpClient,
  type HttpClient,
  type HttpHandler,
  type Listener,
  listen,
  type Trace,
} from '../../emulator/ports/index.ts'
import { createSmdp, type Smdp } from '../../emulator/smdp/index.ts'
import { createTrace } from '../../emulator/trace/index.ts'
import { readCertificate } from '../../protocol/crypto/index.ts'
import type { Sgp32Version } from '../../protocol/sgp32/index.ts'

export type Wiring = 'in process' | 'over sockets'

const eid = '89049032123451234512345678901235'
const seed = new TextEncoder().encode('test/testing/emulated-world')
const clock = { now: Date.now }
const random = { octets: (length: number) => new Uint8Array(randomBytes(length)) }
const pki = await makePki({ seed, now: clock.now() })
const credentials = derivedCredentials({ eums: [pki.nist.eum, pki.brainpool.eum], seed })
const cis = [pki.nist.ci.certificate, pki.brainpool.ci.certificate]
const noDelay: Delay = async () => {}

type Json = Record<string, unknown>

/** What an IPA reaches the world through. */
export interface Wires {
  readonly card: CardChannel
  readonly http: HttpClient
}

/** Versions of SGP.32 of card and eIM; that of the IPA is one of its settings. How the card differs on the wire. */
interface Peculiarities {
  readonly card?: Sgp32Version
  readonly eim?: Sgp32Version
  readonly variants?: readonly Variant[]
}

export async function createEmulatedWorld(
  wiring: Wiring,
  settings: Partial<IpaSettings> = {},
  { card: specification = '1.2', eim = '1.2', variants = [] }: Peculiarities = {},
) {
  const trace = createTrace({ clock })
  const options = { specification: eim, trace }
  const network = await (wiring === 'in process' ? wireInProcess(options) : wireSockets(options))
  const state = createEuicc({ eid, credentials, trustedCis: cis.map(readCertificate), specification, variants })
  const events: CardEvent[] = []
  const card = createCard({ state, entropy: systemEntropy, onEvents: (happened) => void events.push(...happened) })
  const memory = createVolatileMemory()
  const reality: Wires = { card, http: network.http }
  const boot = (through: (wires: Wires) => Wires = (wires) => wires) =>
    createIpa({ ...through(reality), delay: noDelay, random, trace, memory, settings })
  const ipa = boot()

  async function northbound(method: string, path: string, json?: Json): Promise<Json> {
    const body = json ? new TextEncoder().encode(JSON.stringify(json)) : new Uint8Array()
    const headers: Record<string, string> = json ? { 'content-type': 'application/json' } : {}
    const answer = await network.eim.handleNorthbound({ method, path: `/eim/v1${path}`, headers, body })
    return JSON.parse(new TextDecoder().decode(answer.body))
  }
  /** Queues a package and polls until it has been done. */
  async function run(order: Json): Promise<Json> {
    const { packageId } = await northbound('POST', `/euiccs/${eid}/packages`, order)
    const { failures } = await ipa.poll()
    if (failures.length > 0) throw new Error(JSON.stringify(failures))
    return northbound('GET', `/packages/${packageId}`)
  }
  const { euiccCertificate, eumCertificate } = credentials.of(eid, credentials.ciPkIds[0] ?? new Uint8Array())
  await northbound('PUT', `/euiccs/${eid}`, {
    euiccCertificate: Buffer.from(euiccCertificate).toString('base64'),
    eumCertificate: Buffer.from(eumCertificate).toString('base64'),
  })
  const { addInitialEimRequest } = await northbound('GET', `/euiccs/${eid}/initial-configuration`)
  const added = await ipa.addInitialEim(new Uint8Array(Buffer.from(String(addInitialEimRequest), 'base64')))
  if (added.kind === 'failure' || added.value.kind !== 'addInitialEimOk') throw new Error(JSON.stringify(added))
  const [result] = added.value.value
  if (result?.kind === 'associationToken')
    await northbound('PUT', `/euiccs/${eid}/association-token`, { associationToken: result.value })
  return {
    eid,
    ipa,
    /** Another IPA in the same device, after the one before has died. */
    boot,
    /** What the eUICC has done. */
    events,
    trace,
    run,
    northbound,
    orders: network.smdp.orders,
    /** What the eUICC itself says. */
    profiles: () => profilesOf(card.state),
    euiccMemory: () => card.state.memory,
    ipaMemory: memory,
    /** The IPA listens, and the eIM knows where. */
    async listenForPackages(binding: 'asn1' | 'json') {
      await northbound('PUT', `/euiccs/${eid}/inject`, { url: await network.attach(ipa.handleInject), binding })
    },
    /** Resolves when this package is over. */
    over: (packageId: unknown) => overOf(network.eim, packageId),
    close: network.close,
  }
}

function overOf({ events }: Eim, packageId: unknown): Promise<Json> {
  return new Promise((resolve) => {
    const look = ({ event, data }: { readonly event: string; readonly data: unknown }) => {
      const found = data as Json
      if (event === 'package' && found['packageId'] === packageId && found['state'] === 'done') resolve(found)
    }
    events.since(0).forEach(look)
    events.subscribe(look)
  })
}

interface Network {
  /** Lets the eIM reach an IPA. Resolves to the URL. */
  attach(ipa: HttpHandler): Promise<string>
  readonly eim: Eim
  readonly smdp: Smdp
  readonly http: HttpClient
  close(): Promise<void>
}

interface EimOptions {
  readonly specification: Sgp32Version
  readonly trace: Trace
}

/** `trace`: what the eIM did not believe or could not read. */
function createServers(
  addresses: { eim: string; smdp: string },
  http: HttpClient,
  { specification, trace }: EimOptions,
) {
  const identities = [pki.nist, pki.brainpool].map(({ ci, dpAuth, dpPb }) => ({ ci, dpAuth, dpPb }))
  const smdp = createSmdp({ identities, address: addresses.smdp, clock, random })
  const eim = createEim({
    eimId: 'eim.test',
    fqdn: addresses.eim,
    signing: pki.nist.eimSigning,
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    trustedCis: cis,
    clock,
    random,
    trace,
    settings: { specification, ipasRecordEsipa: true },
    es9plus: http,
    ipas: http,
  })
  return { eim, smdp }
}

async function wireInProcess(options: EimOptions): Promise<Network> {
  const connection = {}
  const hosts: Record<string, HttpHandler> = {}
  const http: HttpClient = async (url, message) => {
    const { host, pathname, search } = new URL(url)
    const handle = hosts[host]
    if (!handle) throw new Error(`${host} is not there`)
    return handle({ ...message, path: pathname + search, connection })
  }
  const servers = createServers({ eim: 'eim.test', smdp: 'smdp.test' }, http, options)
  hosts['eim.test'] = servers.eim.handleEsipa
  hosts['smdp.test'] = servers.smdp.handle
  return {
    ...servers,
    http,
    async attach(ipa) {
      hosts['ipa.test'] = ipa
      return 'https://ipa.test'
    },
    close: async () => {},
  }
}

async function wireSockets(options: EimOptions): Promise<Network> {
  const host = '127.0.0.1'
  const http = createHttpClient({ ca: [certificateToPem(pki.nist.ci.certificate)] })
  let handle: HttpHandler = async () => ({ status: 503, headers: {}, body: new Uint8Array() })
  const es9plus = await listen({ handle: (message) => handle(message), host, port: 0, tls: toPem(pki.nist.dpTls) })
  const servers = createServers({ eim: host, smdp: `${host}:${es9plus.port}` }, http, options)
  handle = servers.smdp.handle
  const listeners: Listener[] = [es9plus, await servers.eim.listenEsipa({ host, port: 0 })]
  return {
    ...servers,
    http,
    async attach(ipa) {
      const listener = await listen({ handle: ipa, host, port: 0 })
      listeners.push(listener)
      return `http://${host}:${listener.port}`
    },
    async close() {
      for (const listener of listeners) await listener.close()
    },
  }
}
