/** Wires the roles: devices, an SM-DP+ and an eIM behind real sockets, the control API and the page beside them. */
import { certificateToPem, type Pki } from '../../certs/index.ts'
import { mountConsole } from '../console/index.ts'
import { type CardSettings, type Latency, systemEntropy } from '../euicc/index.ts'
import { createIpa } from '../ipa/index.ts'
import { type Listener, listen, type Trace } from '../ports/index.ts'
import { mountEventStream, restHandler } from '../rest/index.ts'
import { createTrace, type TraceLog } from '../trace/index.ts'
import { every, systemClock, systemDelay, systemRandom } from './clock-system.ts'
import { controlRoutes } from './control-api.ts'
import { createDevice, type Device } from './device.ts'
import { createEimNorthbound } from './eim-northbound.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { createFactory, type Factory } from './factory.ts'
import { createLeases } from './lease.ts'
import type { Owner } from './owners.ts'
import { createPool, type Pool } from './pool.ts'
import { associate, createProvisioning } from './provisioning.ts'
import { originOf } from './recording.ts'
import { type ServerDoors, type Servers, type ServersOptions, startServers } from './servers.ts'

export interface TestbedOptions extends Pick<ServersOptions, 'host' | 'name' | 'eim' | 'smdp' | 'smds'> {
  readonly version: string
  /** Keys, certificates and device secrets are derived from it. */
  readonly seed: string
  /** Certificates that are not ours; the name must be one that its TLS certificates are for. */
  readonly pki?: Pki
  /** Devices made at start. */
  readonly devices: number
  readonly pollIntervalMs: number
  /** Of every card that is made. */
  readonly card?: CardSettings
  /** How long cards take. By default no time. */
  readonly latency?: Latency
  /** An empty token: none is asked for. */
  readonly control: { readonly port: number; readonly token: string }
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
  /** Puts a message that others have seen into the trace. */
  readonly record: Trace['record']
  /** PEM certificates of the CIs under which the servers have their TLS certificates. */
  readonly ca: string
  close(): Promise<void>
}

const BASE = '/testbed/v1'

export async function startTestbed(options: TestbedOptions): Promise<Testbed> {
  const { host, name, seed, pki, onError = () => {} } = options
  const factory = await createFactory({ seed, now: systemClock.now(), name, ...(pki && { pki }) })
  const trace = createTrace({ clock: systemClock })
  const events = createEventLog()
  trace.subscribe((message) => events.append('message', message))
  const onQueued = (eid: string) => void pool.find(eid)?.poll().catch(onError)
  const servers = await startServers({ ...options, pki: factory.pki, trace, onQueued, onError })
  const pool = createPool(deviceMaker(options, { factory, servers, trace, events }))
  const announced: Record<string, string> = {}
  const doors = { ...servers.doors, console: '', control: '' }
  const control = await startControl(options, {
    servers,
    pool,
    trace,
    events,
    doors: () => ({ ...doors, ...announced }),
  })
  doors.console = `http://${host}:${control.port}`
  doors.control = `${doors.console}${BASE}`
  for (let i = 0; i < options.devices; i++) await pool.make('acme')
  return {
    doors,
    record: trace.record,
    ca: [factory.pki.nist, factory.pki.brainpool].map(({ ci }) => certificateToPem(ci.certificate)).join(''),
    announce: (others) => void Object.assign(announced, others),
    async close() {
      for (const device of pool.all()) device.stopPolling()
      await Promise.all([control.close(), servers.close()])
    },
  }
}

interface Parts {
  readonly factory: Factory
  readonly servers: Servers
  readonly trace: TraceLog
  readonly events: EventLog
}

/** A device as it leaves its maker: its card made, the eIM associated. */
function deviceMaker(
  { seed, pollIntervalMs, card: settings, latency = 'none', onError = () => {} }: TestbedOptions,
  { factory, servers, trace, events }: Parts,
) {
  const eim = createEimNorthbound(servers.eim.handleNorthbound)
  return async (eid: string, owner: Owner): Promise<Device> => {
    const made = { ...settings, ...(servers.smdsAddress !== undefined && { rootDsAddress: servers.smdsAddress }) }
    const state = factory.card(eid, made)
    const device = createDevice({
      eid,
      owner,
      state,
      entropy: systemEntropy,
      clock: systemClock,
      onEvent: (event) => events.append('card', event),
      delay: systemDelay,
      latency,
      ipaOver: (card, network) =>
        createIpa({
          card,
          http: network.over(servers.http),
          delay: systemDelay,
          random: systemRandom,
          trace,
        }),
      schedule: (poll) => every(pollIntervalMs, poll),
      onError,
      origin: originOf(eid, seed, made),
    })
    await associate(device, eim, factory.certificates(eid))
    return device
  }
}

interface ControlParts extends Omit<Parts, 'factory'> {
  readonly pool: Pool
  readonly doors: () => Readonly<Record<string, string>>
}

function startControl(
  options: TestbedOptions,
  { servers, pool, trace, events, doors }: ControlParts,
): Promise<Listener> {
  const { version, host, control, onError } = options
  const startedAt = new Date(systemClock.now()).toISOString()
  const leases = createLeases(
    pool,
    createProvisioning(createEimNorthbound(servers.eim.handleNorthbound), servers.smdp.orders),
  )
  const info = () => ({ name: 'esim-testbed', version, startedAt, doors: doors() })
  const token = control.token ? { token: control.token } : {}
  const routes = controlRoutes({ info, now: systemClock.now, pool, leases, trace })
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
    extend(app) {
      mountEventStream(app, { path: `${BASE}/events`, source: events, ...token })
      mountConsole(app)
    },
  })
}
