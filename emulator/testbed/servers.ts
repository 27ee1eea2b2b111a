import { certificateToPem, type Pki, toPem } from '../../certs/index.ts'
import { createEim, type Eim } from '../eim/index.ts'
import {
  createHttpClient,
  type HttpClient,
  type Listener,
  listen,
  type Trace,
  type TraceEntry,
} from '../ports/index.ts'
import { createSmdp, type Smdp } from '../smdp/index.ts'
import { systemClock, systemRandom } from './clock-system.ts'

export interface Servers {
  readonly smdp: Smdp
  readonly eim: Eim
  /** Trusts the CIs of this world, as its devices do. */
  readonly http: HttpClient
  readonly doors: { readonly eimNorthbound: string; readonly esipa: string; readonly es9plus: string }
  close(): Promise<void>
}

/** Ports; 0: any free one. */
export interface ServersOptions {
  /** Address that every door binds to. */
  readonly host: string
  /** Name under which the servers are reached; in activation codes, eIM configuration and TLS certificates. */
  readonly name: string
  readonly eim: { readonly id: string; readonly esipaPort: number; readonly northboundPort: number }
  readonly smdp: { readonly port: number }
  readonly pki: Pki
  readonly trace: Trace
  /** A package waits for the device. */
  readonly onQueued: (eid: string) => void
  readonly onError: (error: unknown) => void
}

/** SM-DP+ and eIM behind their sockets. Their TLS is on P-256: a client that does not offer brainpool could not even connect. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const { host, name, pki, onQueued, onError } = options
  const cis = [pki.nist.ci.certificate, pki.brainpool.ci.certificate]
  const http = createHttpClient({ ca: cis.map(certificateToPem) })
  const { smdp, listener: es9plus } = await startSmdp(options)
  const eim = createEim({
    eimId: options.eim.id,
    fqdn: name,
    signing: pki.nist.eimSigning,
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    trustedCis: cis,
    clock: systemClock,
    random: systemRandom,
    trace: options.trace,
    settings: { ipasRecordEsipa: true },
    es9plus: http,
    onQueued,
    onError,
  })
  const esipa = await eim.listenEsipa({ host, port: options.eim.esipaPort })
  const northbound = await eim.listenNorthbound({ host, port: options.eim.northboundPort })
  const listeners: readonly Listener[] = [es9plus, esipa, northbound]
  return {
    smdp,
    eim,
    http,
    doors: {
      eimNorthbound: `http://${host}:${northbound.port}`,
      esipa: `https://${name}:${esipa.port}`,
      es9plus: `https://${name}:${es9plus.port}`,
    },
    close: async () => void (await Promise.all(listeners.map((listener) => listener.close()))),
  }
}

/** The SM-DP+ knows its address only once its port is known. */
async function startSmdp({
  host,
  name,
  pki,
  smdp: { port },
  trace,
}: ServersOptions): Promise<{ smdp: Smdp; listener: Listener }> {
  let smdp: Smdp | undefined
  const handle: Smdp['handle'] = (message) =>
    smdp ? smdp.handle(message) : Promise.resolve({ status: 503, headers: {}, body: new Uint8Array() })
  const listener = await listen({ handle, host, port, tls: toPem(pki.nist.dpTls) })
  const address = `${name}:${listener.port}`
  smdp = createSmdp({
    identities: [pki.nist, pki.brainpool],
    address,
    clock: systemClock,
    random: systemRandom,
    trace: unreadableOnly(trace),
  })
  return { smdp, listener }
}

/**
 * Our IPAs record ES9+ themselves, with the EID that the SM-DP+ learns late. What is left for the SM-DP+ to record is what it could not read: that is
 * somebody else's. A request stands directly before its answer.
 */
function unreadableOnly(trace: Trace): Trace {
  let request: TraceEntry | undefined
  return {
    record(entry) {
      if (entry.status === undefined) request = entry
      else if (request && entry.status.startsWith('4')) for (const unread of [request, entry]) trace.record(unread)
    },
  }
}
