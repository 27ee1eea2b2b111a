import { certificateToPem, type Pki, toPem } from '../../certs/index.ts'
import { sign } from '../../protocol/crypto/index.ts'
import type { Sgp32Version } from '../../protocol/sgp32/index.ts'
import { createEim, type Eim, type EimSettings, type KeptEim } from '../eim/index.ts'
import { type Faults, faultySigner, type Senders } from '../faults/index.ts'
import {
  createHttpClient,
  type HttpClient,
  type HttpHandler,
  type Limits,
  type Listener,
  type ListenOptions,
  listen,
  type Rhythm,
  type Time,
  type Trace,
  type TraceEntry,
} from '../ports/index.ts'
import { createSmdp, type Smdp, type SmdpStore } from '../smdp/index.ts'
import { createSmds, type SmdsStore } from '../smds/index.ts'
import { systemRandom } from './clock-system.ts'
import { createDoors, type Doors } from './doors.ts'

/** URLs. */
export interface ServerDoors {
  readonly eimNorthbound: string
  readonly eimOnomondo: string
  readonly esipa: string
  readonly es9plus: string
  /** Absent: the PKI has no SM-DS. */
  readonly es11?: string
  /** Absent: devices do not listen. */
  readonly inject?: string
}

export interface Servers {
  readonly smdp: Smdp
  /** Host and port. */
  readonly smdsAddress?: string
  readonly eim: Eim
  /** Trusts the CIs of this world, as its devices do. */
  readonly http: HttpClient
  /** The same with connections of its own: an eIM of SGP.32 v1.0.1 may know by the connection alone whose result it gets. */
  ownHttp(): HttpClient
  readonly doors: ServerDoors
  close(): Promise<void>
}

/** One port for all devices: behind it their EIDs, then the paths of the bindings. */
export interface InjectDoor {
  readonly port: number
  readonly binding: 'asn1' | 'json'
  /** HTTPS, with the TLS certificate of the host. */
  readonly tls: boolean
}

/** Ports; 0: any free one. */
export interface ServersOptions {
  /** Address that every door binds to. */
  readonly host: string
  /** Name under which the servers are reached; in activation codes, eIM configuration and TLS certificates. */
  readonly name: string
  readonly eim: {
    readonly id: string
    readonly esipaPort: number
    readonly northboundPort: number
    readonly onomondoPort: number
    /** Of SGP.32. By default 1.2. */
    readonly specification?: Sgp32Version
    readonly settings?: EimSettings
    /** Its state, where it outlives the process. */
    readonly kept?: KeptEim
    /** Northbound doors speak HTTPS, with the certificate of the eIM. */
    readonly northboundTls?: boolean
    /** PEM; with northboundTls: who shows no certificate below it is not served there. */
    readonly northboundClientCa?: string | undefined
    /** Laboratory switch: accept any TLS certificate of an SM-DP+. */
    readonly trustAnyServer?: boolean
  }
  readonly smdp: {
    readonly port: number
    /** Who is told of the progress of downloads: base URL of ES2+ by functionRequesterIdentifier. */
    readonly operators?: readonly { readonly id: string; readonly url: string }[]
    /** PEM; ES2+ is for those only who show a certificate below it. */
    readonly clientCa?: string | undefined
  }
  /** `clientCa`: the same for ES12. */
  readonly smds: { readonly port: number; readonly clientCa?: string | undefined }
  /** Devices listen, and the eIM brings packages to them. */
  readonly inject?: InjectDoor
  /** How devices reach servers. */
  readonly ipaNetwork?: {
    readonly timeoutMs?: number
    /** Laboratory switch: accept any TLS certificate. */
    readonly trustAnyServer?: boolean
  }
  readonly pki: Pki
  readonly smdpStore?: SmdpStore | undefined
  readonly smdsStore?: SmdsStore | undefined
  /** Packages and orders that are over: the latest so many of each. */
  readonly kept: number
  readonly limits?: Partial<Limits>
  readonly trace: Trace
  readonly time: Time
  readonly faults: Faults
  readonly senders: Senders
  /** A package waits for the device. */
  readonly onQueued: (eid: string) => void
  readonly onError: (error: unknown) => void
}

/** SM-DP+ and eIM behind their sockets. Their TLS is on P-256: a client that does not offer brainpool could not even connect. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const { host, name, pki, time, faults, limits = {}, onQueued, onError } = options
  const northboundOrigin = options.eim.northboundTls ? `https://${name}` : `http://${isAnyAddress(host) ? name : host}`
  const doors = createDoors(options)
  const cis = [pki.nist.ci.certificate, pki.brainpool.ci.certificate]
  const trusting = { ca: cis.map(certificateToPem), after: time.after }
  const { trustAnyServer = false, ...network } = options.ipaNetwork ?? {}
  const ownHttp = () => createHttpClient({ ...trusting, ...network, insecure: trustAnyServer })
  const http = createHttpClient({ ...trusting, insecure: options.eim.trustAnyServer ?? false })
  const asSmdp = createHttpClient({
    ...trusting,
    identity: toPem(pki.nist.dpTls),
    insecure: options.eim.trustAnyServer ?? false,
  })
  const { smdp, listener: es9plus } = await startSmdp(options, { http: asSmdp, doors })
  const smds = await startSmds(options)
  const eim = createEim({
    eimId: options.eim.id,
    ...(options.eim.kept && { kept: options.eim.kept }),
    fqdn: name,
    signing: pki.nist.eimSigning,
    signer: faultySigner(faults, sign),
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    trustedCis: cis,
    clock: time,
    random: systemRandom,
    trace: options.trace,
    settings: {
      keptPackages: options.kept,
      keptEvents: options.kept,
      ...options.eim.settings,
      ipasRecordEsipa: true,
      ...(options.eim.specification && { specification: options.eim.specification }),
    },
    es9plus: http,
    delay: time.delay,
    ...(options.inject && { ipas: http }),
    onQueued,
    onError,
  })
  const esipa = await eim.listenEsipa({ host, port: options.eim.esipaPort, limits, ...doors.at('esipa') })
  const northbound = await eim.listenNorthbound({
    host,
    port: options.eim.northboundPort,
    limits,
    ...northboundTls(options),
    ...doors.at('northbound'),
  })
  doors.are({ esipa, northbound, es9plus })
  const onomondo = await eim.listenOnomondo({ host, port: options.eim.onomondoPort, limits, ...northboundTls(options) })
  const listeners: readonly Listener[] = [es9plus, esipa, northbound, onomondo, ...(smds ? [smds] : [])]
  const smdsAddress = smds && `${name}:${smds.port}`
  const expiring = expirePackages(eim, options)
  return {
    smdp,
    ...(smdsAddress && { smdsAddress }),
    eim,
    http: ownHttp(),
    ownHttp,
    doors: {
      eimNorthbound: `${northboundOrigin}:${northbound.port}`,
      eimOnomondo: `${northboundOrigin}:${onomondo.port}`,
      esipa: `https://${name}:${esipa.port}`,
      es9plus: `https://${name}:${es9plus.port}`,
      ...(smdsAddress && { es11: `https://${smdsAddress}` }),
    },
    async close() {
      expiring?.stop()
      await Promise.all(listeners.map((listener) => listener.close()))
    },
  }
}

function northboundTls({ eim, pki }: ServersOptions): Pick<ListenOptions, 'tls'> {
  if (!eim.northboundTls) return {}
  return { tls: { ...toPem(pki.nist.eimTls), clientCa: eim.northboundClientCa, demandsClient: true } }
}

/** Packages that nobody fetches end too, where that is wanted. */
function expirePackages(eim: Eim, { eim: { settings }, time, onError }: ServersOptions): Rhythm | undefined {
  const { fetchMs, answerMs } = settings?.patience ?? {}
  const shortest = Math.min(fetchMs ?? Number.POSITIVE_INFINITY, answerMs ?? Number.POSITIVE_INFINITY)
  if (!Number.isFinite(shortest)) return undefined
  return time.every(Math.max(1_000, shortest / 4), () => void eim.expirePackages().catch(onError))
}

/** Every address of the machine: where a server listens, not where it is reached. */
export const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::'

type Around = (handle: HttpHandler) => HttpHandler

const notYet: HttpHandler = async () => ({ status: 503, headers: {}, body: new Uint8Array() })

/** A server that knows its address only once its port is known. */
async function startAddressed<Server extends { readonly handle: HttpHandler }>(
  options: Omit<ListenOptions, 'handle'> & { readonly name: string; readonly around?: Around },
  create: (address: string) => Server,
): Promise<{ server: Server; listener: Listener }> {
  let handle = notYet
  const { around = (inner) => inner } = options
  const listener = await listen({ ...options, handle: around((message) => handle(message)) })
  const server = create(`${options.name}:${listener.port}`)
  handle = server.handle
  return { server, listener }
}

/** A folder with another PKI may have none. */
async function startSmds({
  host,
  name,
  pki,
  smds,
  smdsStore,
  trace,
  time,
  limits = {},
}: ServersOptions): Promise<Listener | undefined> {
  const identities = [pki.nist, pki.brainpool].flatMap(({ ci, dsAuth }) => (dsAuth ? [{ ci, dsAuth }] : []))
  const { dsTls } = pki.nist
  if (!dsTls || identities.length === 0) return undefined
  const create = (address: string) =>
    createSmds({
      identities,
      address,
      clock: time,
      random: systemRandom,
      trace: unreadableOnly(trace),
      store: smdsStore,
      onlyProvenServers: smds.clientCa !== undefined,
    })
  const tls = { ...toPem(dsTls), clientCa: smds.clientCa }
  const { listener } = await startAddressed({ host, name, port: smds.port, limits, tls }, create)
  return listener
}

async function startSmdp(
  {
    host,
    name,
    pki,
    kept,
    smdpStore,
    smdp: { port, operators = [], clientCa },
    limits = {},
    trace,
    time,
  }: ServersOptions,
  { http, doors }: { readonly http: HttpClient; readonly doors: Doors },
): Promise<{ smdp: Smdp; listener: Listener }> {
  const create = (address: string) =>
    createSmdp({
      identities: [pki.nist, pki.brainpool],
      address,
      clock: time,
      random: systemRandom,
      trace: unreadableOnly(trace),
      keptOrders: kept,
      store: smdpStore,
      onlyProvenOperators: clientCa !== undefined,
      client: { http, delay: time.delay },
      operators: Object.fromEntries(operators.map(({ id, url }) => [id, { url }])),
    })
  const { server, listener } = await startAddressed(
    { host, name, port, limits, tls: { ...toPem(pki.nist.dpTls), clientCa }, ...doors.at('es9plus') },
    create,
  )
  return { smdp: server, listener }
}

/**
 * Our IPAs record ES9+ and ES11 themselves, with the EID that the servers learn late. What is left for these to record is what they could not read: that
 * is somebody else's. A request stands directly before its answer.
 */
function unreadableOnly(trace: Trace): Trace {
  let request: TraceEntry | undefined
  return {
    record(entry) {
      if (!ofTheIpa.has(entry.interface)) trace.record(entry)
      else if (entry.status === undefined) request = entry
      else if (request && entry.status.startsWith('4')) for (const unread of [request, entry]) trace.record(unread)
    },
  }
}

const ofTheIpa: ReadonlySet<TraceEntry['interface']> = new Set(['ES9+', 'ES11'])
