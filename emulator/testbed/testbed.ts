/** Wires the roles: devices, an SM-DP+ and an eIM behind real sockets, the control API and the page beside them. */
import { certificateToPem, type Pki } from '../../certs/index.ts'
import type { Sgp32Version } from '../../protocol/sgp32/index.ts'
import { mountConsole } from '../console/index.ts'
import { type CardSettings, type EuiccProduct, type Latency, systemEntropy } from '../euicc/index.ts'
import {
  type CardCondition,
  createCardFaults,
  createFaults,
  createSenders,
  type FaultRequest,
  type Faults,
  faultyClient,
  type Scenario,
  type Senders,
} from '../faults/index.ts'
import { createIpa, createVolatileMemory, type IpaSettings } from '../ipa/index.ts'
import { type CardChannel, type Listener, listen, type ProcessTime, type Time, type Trace } from '../ports/index.ts'
import { mountEventStream, type Route, restHandler } from '../rest/index.ts'
import { createTrace, type TraceLog } from '../trace/index.ts'
import { type Attached, attachedRoutes } from './attached.ts'
import { systemRandom, systemTime } from './clock-system.ts'
import { controlRoutes } from './control-api.ts'
import { clockRoutes } from './control-clock.ts'
import { faultRoutes } from './control-faults.ts'
import { ipaRoutes } from './control-ipa.ts'
import { orderRoutes } from './control-orders.ts'
import { runRoutes } from './control-runs.ts'
import { traceRoutes } from './control-trace.ts'
import { createDevice, type Device } from './device.ts'
import { deviceRoutes } from './device-routes.ts'
import { createEimNorthbound } from './eim-northbound.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { createFactory, type Factory } from './factory.ts'
import { announceAgain, fillPool } from './first-devices.ts'
import { type Contacts, createContacts, fleetRow } from './fleet.ts'
import { attachForeign, type ForeignDevice, type ForeignParts } from './foreign-device.ts'
import { openInjectDoor } from './inject-door.ts'
import { createKeeper } from './kept-card.ts'
import { createLeases } from './lease.ts'
import type { KeptDevice, NewDevice } from './new-device.ts'
import { createPool, type Pool } from './pool.ts'
import { associate, createProvisioning } from './provisioning.ts'
import { originOf } from './recording.ts'
import { isAnyAddress, type ServerDoors, type Servers, type ServersOptions, startServers } from './servers.ts'
import type { TestbedStore } from './store-database.ts'

export interface TestbedOptions
  extends Pick<ServersOptions, 'host' | 'name' | 'eim' | 'smdp' | 'smds' | 'ipaNetwork' | 'inject' | 'limits'> {
  readonly version: string
  /** Keys, certificates and device secrets are derived from it. */
  readonly seed: string
  /** Certificates that are not ours; the name must be one that its TLS certificates are for. */
  readonly pki?: Pki
  /** Devices made at start. */
  readonly devices: number
  /** More devices made at start: how many whose card and IPA are of that version of SGP.32, whatever the others are of. */
  readonly devicesOf?: Readonly<Partial<Record<Sgp32Version, number>>>
  readonly pollIntervalMs: number
  /** Bound of what piles up: in the trace, of each card, at the eIM and at the SM-DP+. By default 20,000. */
  readonly kept?: number
  /** Version of SGP.32 that IPAs speak. By default 1.2. */
  readonly specification?: Sgp32Version
  /** What else differs from the IPA that the testbed makes unless told otherwise. */
  readonly ipa?: Partial<IpaSettings>
  /** Of every card that is made. */
  readonly card?: CardSettings
  /** How long cards take. By default no time. */
  readonly latency?: Latency
  /** An empty token: none is asked for. */
  readonly control: { readonly port: number; readonly token: string }
  /** Of every role. Default: the machine's. */
  readonly time?: Time | ProcessTime
  /** Faults that it starts with. */
  readonly scenario?: Scenario
  /** Where devices and orders outlive the process. By default they go with it. */
  readonly store?: TestbedStore
  /** Told of errors that are ours. */
  readonly onError?: (error: unknown) => void
}

export interface TestbedDoors extends ServerDoors {
  readonly console: string
  readonly control: string
}

export interface Testbed {
  readonly doors: TestbedDoors
  /** Names doors that others have opened, for those who ask the control API. */
  announce(doors: Readonly<Record<string, string>>): void
  /** Lends the console what is served beside the testbed. */
  attach(others: Attached): void
  /** Puts a message that others have seen into the trace. */
  readonly record: Trace['record']
  /** Makes a device of a card that is not ours, in a reader. It is not among the devices of the control API, which knows its own cards only. */
  insertCard(card: CardChannel): Promise<ForeignDevice>
  /** PEM certificates of the CIs under which the servers have their TLS certificates. */
  readonly ca: string
  close(): Promise<void>
}

const BASE = '/testbed/v1'
/** Octets: of a file with all events that are kept. */
const LARGEST_RUN = 64_000_000
const KEPT = 20_000
/** Those of cards, packages and faults are in the stream, too. */
const EVENTS_FOR_EACH_MESSAGE = 2.5

export async function startTestbed(options: TestbedOptions): Promise<Testbed> {
  const { host, name, seed, pki, scenario, kept = KEPT, time = systemTime, onError = () => {} } = options
  const factory = await createFactory({ seed, now: time.now(), name, ...(pki && { pki }) })
  const contacts = createContacts(time.now)
  const trace = contacts.observed(createTrace({ clock: time, capacity: kept }))
  const events = createEventLog(Math.ceil(EVENTS_FOR_EACH_MESSAGE * kept))
  trace.subscribe((message) => events.append('message', message))
  const faults = createFaults({
    clock: time,
    trace,
    onStrike: (injection) => events.append('fault', injection),
    ...(scenario && { seed: scenario.seed }),
  })
  const senders = createSenders()
  const { inject } = options
  const inserted = new Map<string, ForeignDevice>()
  const polling = (eid: string) => (inject ? undefined : pool.find(eid)) ?? inserted.get(eid)
  const onQueued = (eid: string) => void polling(eid)?.poll().catch(onError)
  const world = { time, faults, senders, trace }
  const servers = await startServers({
    ...options,
    ...world,
    kept,
    smdpStore: options.store?.smdp,
    pki: factory.pki,
    onQueued,
    onError,
  })
  contacts.follow(servers.eim.events, (change) => events.append('package', change))
  const pool: Pool = createPool(
    deviceMaker(options, { ...world, factory, servers, events, contacts, injectUrl: () => injectUrl }),
  )
  const injectDoor = inject && (await openInjectDoor({ host, port: inject.port, pool }))
  const injectUrl = injectDoor && `http://${host}:${injectDoor.port}`
  const announced: Record<string, string> = {}
  let attached: Attached = {}
  const doors = { ...servers.doors, ...(injectUrl && { inject: injectUrl }), console: '', control: '' }
  const control = await startControl(options, {
    ...world,
    servers,
    pool,
    events,
    contacts,
    doors: () => ({ ...doors, ...announced }),
    attached: () => attached,
  })
  doors.console = `http://${isAnyAddress(host) ? name : host}:${control.port}`
  doors.control = `${doors.console}${BASE}`
  const stopExpecting = expectPackages(servers, pool)
  await fillPool(pool, options)
  if (options.store) await announceAgain(servers, options.store.smdp)
  for (const request of scenario?.faults ?? []) switchOn(faults, request)
  return {
    doors,
    record: trace.record,
    ca: [factory.pki.nist, factory.pki.brainpool].map(({ ci }) => certificateToPem(ci.certificate)).join(''),
    announce: (others) => void Object.assign(announced, others),
    attach(others) {
      attached = others
    },
    async insertCard(card) {
      const device = await attachForeign(foreignParts(options, { servers, time, trace }, card))
      inserted.get(device.eid)?.stop()
      inserted.set(device.eid, device)
      return device
    },
    async close() {
      stopExpecting()
      for (const device of pool.all()) device.stopPolling()
      for (const device of inserted.values()) device.stop()
      await Promise.all([control.close(), servers.close(), injectDoor?.close()])
    },
  }
}

/** Throws for a fault that cannot be switched on. */
function switchOn(faults: Faults, request: FaultRequest): void {
  const active = faults.on(request)
  if (typeof active === 'string') throw new Error(active)
}

/** A device is told which packages of our eIM wait for it. */
function expectPackages({ eim }: Servers, pool: Pool): () => void {
  return eim.events.subscribe(({ event, data }) => {
    if (event !== 'package') return
    const { eid, packageId, state } = data as {
      readonly eid: string
      readonly packageId: string
      readonly state: string
    }
    pool.find(eid)?.expect(packageId, state === 'queued' || state === 'delivered')
  })
}

interface Parts {
  readonly time: Time | ProcessTime
  readonly faults: Faults
  readonly senders: Senders
  readonly factory: Factory
  readonly servers: Servers
  readonly trace: TraceLog
  readonly events: EventLog
  readonly contacts: Contacts
}

/** A device as it leaves its maker: its card made, the eIM associated. */
function deviceMaker(options: TestbedOptions, parts: Parts & { readonly injectUrl: () => string | undefined }) {
  const { time, faults, senders, factory, servers, trace, events, contacts } = parts
  const { seed, pollIntervalMs, card: settings, latency = 'none', store, onError = () => {} } = options
  const eim = createEimNorthbound(servers.eim.handleNorthbound)
  return async (wanting: NewDevice | KeptDevice): Promise<Device> => {
    const { eid, owner, specification: wanted } = wanting
    const specification = wanted ?? options.specification ?? '1.2'
    const version = wanted && { specification: wanted }
    const made = {
      ...settings,
      ...version,
      ...(servers.smdsAddress !== undefined && { rootDsAddress: servers.smdsAddress }),
    }
    const takenUp = 'memory' in wanting ? wanting : undefined
    const state = { ...factory.card(eid, made), ...(takenUp && { memory: takenUp.memory, sequence: takenUp.sequence }) }
    const http = isKnownByConnection({ specification, ...options.ipa }) ? servers.ownHttp() : servers.http
    const cardFaults = createCardFaults({ faults, eid, delay: time.delay })
    const memory = store?.memoryOf(eid) ?? createVolatileMemory()
    const keeper = store && createKeeper(store, wanting)
    const device = createDevice({
      eid,
      owner,
      state,
      entropy: { ...systemEntropy, sign: cardFaults.signer(systemEntropy.sign) },
      productNow: (product) => underCondition(product, cardFaults.condition()),
      time,
      onEvent: (event) => events.append('card', event),
      latency,
      ipaOver: ({ card, network, crash }) =>
        createIpa({
          card: cardFaults.channel(card),
          http: faultyClient(network.over(http), { faults, senders, eid, delay: time.delay, crashIpa: crash }),
          settings: { ...options.ipa, specification },
          delay: time.delay,
          random: systemRandom,
          trace,
          memory,
        }),
      pollIntervalMs,
      kept: options.kept ?? KEPT,
      onError,
      origin: originOf(eid, seed, made),
      keep: keeper?.keep,
    })
    if (!takenUp) await associate(device, eim, { ...factory.certificates(eid), ...version })
    await keeper?.begin(device.card.state)
    const url = parts.injectUrl()
    if (url && options.inject) await eim.setInject(eid, { url: `${url}/${eid}`, binding: options.inject.binding })
    events.append('device', fleetRow(device, contacts))
    return device
  }
}

/** Results of v1.0.1, and installations that the eIM is told of first, name no eUICC: nobody else may use the connection. */
const isKnownByConnection = ({ specification, notificationReceiver }: Partial<IpaSettings>): boolean =>
  specification === '1.0.1' || notificationReceiver === 'eim'

/** Without faults: what is in the card is not ours to disturb. */
function foreignParts(
  { pollIntervalMs, specification = '1.2', ipa, eim, onError = () => {} }: TestbedOptions,
  { servers, time, trace }: Pick<Parts, 'servers' | 'time' | 'trace'>,
  card: CardChannel,
): ForeignParts {
  const settings = { ...ipa, specification }
  return {
    card,
    ipaOver: (channel) =>
      createIpa({ card: channel, http: servers.ownHttp(), settings, delay: time.delay, random: systemRandom, trace }),
    eim: createEimNorthbound(servers.eim.handleNorthbound),
    eimId: eim.id,
    time,
    pollIntervalMs,
    onError,
  }
}

/** A product in a condition that a fault has put it into. */
function underCondition(product: EuiccProduct, { busy, nonVolatileMemory }: CardCondition): EuiccProduct {
  if (busy === undefined && nonVolatileMemory === undefined) return product
  return {
    ...product,
    ...(busy && { policy: { ...product.policy, toolkit: 'busy' } }),
    ...(nonVolatileMemory !== undefined && { limits: { ...product.limits, nonVolatileMemory } }),
  }
}

interface ControlParts extends Omit<Parts, 'factory'> {
  readonly pool: Pool
  readonly doors: () => Readonly<Record<string, string>>
  readonly attached: () => Attached
}

function routesOf(parts: ControlParts & Pick<TestbedOptions, 'version'>): readonly Route[] {
  const { version, time, faults, servers, pool, trace, events, contacts, doors, attached } = parts
  const { handleNorthbound } = servers.eim
  const provisioning = createProvisioning(createEimNorthbound(handleNorthbound), servers.smdp.orders, faults)
  const leases = createLeases(pool, provisioning, faults.clear)
  const startedAt = new Date(time.now()).toISOString()
  const info = () => ({ name: 'esim-testbed', version, startedAt, doors: doors() })
  const onChanged = (device: Device) => events.append('device', fleetRow(device, contacts))
  return [
    ...controlRoutes({ info, pool, leases, trace, onChanged }),
    ...traceRoutes({ pool, trace }),
    ...deviceRoutes({ pool, events, contacts, trace, handleNorthbound }),
    ...runRoutes({ pool, events, contacts, trace, info, now: time.now }),
    ...clockRoutes(time),
    ...faultRoutes(faults),
    ...ipaRoutes(pool),
    ...orderRoutes(servers.smdp),
    ...attachedRoutes({ attached, events, now: time.now }),
  ]
}

function startControl(options: TestbedOptions, parts: ControlParts): Promise<Listener> {
  const { version, host, control, onError } = options
  const token = control.token ? { token: control.token } : {}
  const routes = routesOf({ ...parts, version })
  return listen({
    handle: restHandler({
      base: BASE,
      title: 'Control API of esim-testbed',
      version,
      routes,
      ...token,
      ...(onError ? { onError } : {}),
    }),
    host,
    port: control.port,
    limits: options.limits ?? {},
    bodyLimit: LARGEST_RUN,
    extend(app) {
      mountEventStream(app, { path: `${BASE}/events`, source: parts.events, ...token })
      mountConsole(app)
    },
  })
}
