/** An eIM: SGP.32 v1.2, 2.3. ESipa on one side, the northbound door on the other, one store between them. */
import { type Identity, readCertificate, type Signer, sign } from '../../protocol/crypto/index.ts'
import { type Sgp32Version, sgp32Codecs } from '../../protocol/sgp32/index.ts'
import {
  type Clock,
  type HttpClient,
  type HttpHandler,
  type Listener,
  type ListenOptions,
  listen,
  type Random,
  type Trace,
} from '../ports/index.ts'
import { type EventSource, eventStream } from '../rest/index.ts'
import type { Tools, ToolsFor } from './delivery.ts'
import { esipaHandler } from './esipa.ts'
import { expirePackages, type Patience } from './expiry.ts'
import { forwardNotification } from './forward-http.ts'
import { BASE } from './northbound/context.ts'
import { northboundHandler } from './northbound/northbound.ts'
import type { EimIdentity } from './onboarding.ts'
import { onomondoHandler } from './onomondo/door.ts'
import { createMemoryResources } from './onomondo/resources.ts'
import { createPush } from './push.ts'
import { createEs9PlusClient } from './relay/es9plus-http.ts'
import { createMemorySessions } from './relay/sessions.ts'
import type { Effect } from './state.ts'
import { createStep, ifKnown, type Step } from './step.ts'
import type { EimStore } from './store.ts'
import type { KeptEim } from './store-database.ts'
import { createMemoryStore, type MemoryStoreOptions } from './store-memory.ts'

export interface EimOptions {
  readonly eimId: string
  /** Where IPAs find ESipa. Without a port it is that of the ESipa listener, unless that is 443. */
  readonly fqdn: string
  /** Signs eUICC packages. Its certificate is not looked at: eUICCs are given the key. */
  readonly signing: Pick<Identity, 'privateKey'>
  readonly tls: {
    /** PEM. */
    readonly cert: string
    readonly key: string
    /** DER: the certificate of the server or of the CA above it. IPAs are told to trust it. */
    readonly trusted: Uint8Array
  }
  /** DER of the CIs below which eUICCs are accepted. */
  readonly trustedCis: readonly Uint8Array[]
  readonly clock: Clock
  readonly random: Random
  /** Absent: no entries are made. */
  readonly trace?: Trace
  /** A package waits: the IPA of this eUICC may be woken. */
  readonly onQueued?: (eid: string) => void
  /** Takes notifications to SM-DP+s. Without it they end here. */
  readonly es9plus?: HttpClient
  /** Between attempts to take a notification to an SM-DP+ that is away. Without it there is one. */
  readonly delay?: (ms: number) => Promise<void>
  /** Brings packages to IPAs that listen. Without it all have to poll. */
  readonly ipas?: HttpClient
  /** Told of errors that are ours. */
  readonly onError?: (error: unknown) => void
  readonly settings?: EimSettings
  /** By default in memory: gone with the process. */
  readonly kept?: Pick<KeptEim, 'store' | 'resources' | 'sessions'>
  readonly signer?: Signer
}

export interface EimSettings {
  /** Version of SGP.32 of eUICCs that were onboarded without one; default 1.2. */
  readonly specification?: Sgp32Version
  /** The IPAs record the messages of ESipa: here it is only recorded what was not believed. */
  readonly ipasRecordEsipa?: boolean
  /** IPAs that can are told to download through this eIM. */
  readonly indirectProfileDownload?: boolean
  /** How long nothing is repeated that got an answer which cannot be believed. */
  readonly retryAfterMs?: number
  /** How long packages wait to be fetched, and then to be answered. By default for ever. */
  readonly patience?: Patience
  /** Laboratory switch: results of this eUICC count without a signature that can be verified. They show as not verified. */
  readonly unverifiedEid?: string
  /** Events kept for those who resume. */
  readonly keptEvents?: number
  /** In memory: packages that are over, the latest so many. By default all. */
  readonly keptPackages?: number
}

export interface ListenerAddress extends Pick<ListenOptions, 'limits' | 'door' | 'tls'> {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Layers around the server. */
  readonly around?: (handle: HttpHandler) => HttpHandler
}

export interface Eim {
  readonly handleEsipa: HttpHandler
  readonly handleNorthbound: HttpHandler
  /** The northbound door in the dialect of onomondo-eim. */
  readonly handleOnomondo: HttpHandler
  readonly events: EventSource
  /** Ends the packages that have waited too long, also those of IPAs that never come. */
  expirePackages(): Promise<void>
  /** HTTPS, with the certificate of the eIM. */
  listenEsipa(address: ListenerAddress): Promise<Listener>
  /** With the open event stream. HTTP where no `tls` is given. */
  listenNorthbound(address: ListenerAddress): Promise<Listener>
  /** HTTP where no `tls` is given. */
  listenOnomondo(address: ListenerAddress): Promise<Listener>
}

export function createEim(options: EimOptions): Eim {
  const { fqdn, trace, tls, signing, onError } = options
  const { keptEvents, keptPackages, ipasRecordEsipa = false } = options.settings ?? {}
  const { store, resources, sessions } =
    options.kept ??
    inMemory({ ...(keptEvents !== undefined && { keptEvents }), ...(keptPackages !== undefined && { keptPackages }) })
  const tools = toolsOf(options)
  const tell = tellerOf(options)
  const step = createStep(store, (eid, effect) => {
    tell(eid, effect)
    if (effect.kind === 'queued') void push?.(eid)
  })
  const push = options.ipas && createPush({ store, step, tools, http: options.ipas, trace })
  let esipaPort: number | undefined
  const identity = (): EimIdentity => ({
    eimId: options.eimId,
    eimFqdn: withPort(fqdn, esipaPort),
    publicKey: signing.privateKey.publicKey,
    trustedCertificateTls: tls.trusted,
    ...(options.settings?.indirectProfileDownload && { indirectProfileDownload: true }),
    ...(options.ipas && { pushes: true }),
  })
  const northbound = { store, step, tools, identity, trace, version: '1', ...(onError && { onError }) }
  const { random, eimId, es9plus: http } = options
  const es9plus = http && createEs9PlusClient({ http, random, trace, eimId })
  const messages = ipasRecordEsipa ? undefined : trace
  const handleEsipa = esipaHandler({
    ...{ store, step, tools, trace, messages, sessions, es9plus },
    onAnswered: push && ((eid) => void push(eid)),
  })
  const handleNorthbound = northboundHandler(northbound)
  const handleOnomondo = onomondoHandler({ store, step, tools, identity, trace, resources, version: '1' })
  return {
    handleEsipa,
    handleNorthbound,
    handleOnomondo,
    events: store.events,
    expirePackages: () => expireAll(store, step, tools),
    async listenEsipa(address) {
      const { cert, key } = tls
      const listener = await listen({ ...address, tls: { cert, key }, handle: within(address, handleEsipa) })
      esipaPort = listener.port
      return listener
    },
    listenNorthbound: (address) =>
      listen({
        ...address,
        handle: within(address, handleNorthbound),
        extend: [eventStream({ path: `${BASE}/events`, source: store.events })],
      }),
    listenOnomondo: (address) => listen({ ...address, handle: within(address, handleOnomondo) }),
  }
}

const PAGE = 1000

async function expireAll(store: EimStore, step: Step, tools: () => Tools): Promise<void> {
  for (let after = ''; ; ) {
    const page = await store.euiccs({ after, limit: PAGE })
    const open = page.filter(({ exchange, waiting }) => exchange !== undefined || waiting.length > 0)
    for (const { eid } of open) {
      const { patience, now } = tools()
      await step(
        { eid },
        ifKnown((before) => expirePackages(before, patience, now)),
      )
    }
    if (page.length < PAGE) return
    after = page.at(-1)?.eid ?? ''
  }
}

const inMemory = (options: MemoryStoreOptions) => ({
  store: createMemoryStore(options),
  resources: createMemoryResources(),
  sessions: createMemorySessions(),
})

const within = ({ around }: ListenerAddress, handle: HttpHandler): HttpHandler => around?.(handle) ?? handle

function toolsOf(options: EimOptions): ToolsFor {
  const { eimId, clock, random, signing, signer = sign, trustedCis, settings = {} } = options
  const { retryAfterMs = 30_000, patience = {}, unverifiedEid, specification: own = '1.2' } = settings
  const trusted = trustedCis.map(readCertificate)
  const believesUnverified = (eid: string) => eid === unverifiedEid
  const signWithKey: Tools['sign'] = (octets) => signer(signing.privateKey, octets)
  return (specification = own) => ({
    eimId,
    codec: sgp32Codecs[specification],
    now: clock.now(),
    random,
    sign: signWithKey,
    retryAfterMs,
    patience,
    trusted,
    believesUnverified,
  })
}

function tellerOf({ onQueued, es9plus, trace, delay }: EimOptions) {
  return (eid: string, effect: Effect): void => {
    if (effect.kind === 'queued') onQueued?.(eid)
    if (effect.kind === 'notification' && es9plus)
      void forwardNotification({ eid, ...effect }, { http: es9plus, trace, delay })
  }
}

const HTTPS_PORT = 443

const withPort = (fqdn: string, port: number | undefined): string =>
  port === undefined || port === HTTPS_PORT || /:\d+$/.test(fqdn) ? fqdn : `${fqdn}:${port}`
