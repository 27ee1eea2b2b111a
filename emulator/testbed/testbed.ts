/** Wires the roles: devices, an SM-DP+ and an eIM behind real sockets, the control API and the page beside them. */
import { certificateToPem, toPem } from '../../certs/index.ts'
import { createFaults, createSenders, type FaultRequest, type Faults } from '../faults/index.ts'
import type { CardChannel, Trace } from '../ports/index.ts'
import { createTrace } from '../trace/index.ts'
import { systemTime } from './clock-system.ts'
import type { Attached } from './control/attached.ts'
import { BASE, startControl } from './control/control.ts'
import { createContacts } from './control/fleet.ts'
import { deviceMaker, foreignParts } from './device/device-maker.ts'
import { attachForeign, type ForeignDevice } from './device/foreign-device.ts'
import { createPool, type Pool } from './device/pool.ts'
import { createEventLog } from './event-log.ts'
import { createFactory } from './factory.ts'
import { announceAgain, fillPool } from './first-devices.ts'
import { openInjectDoor } from './inject-door.ts'
import { KEPT, type TestbedOptions } from './options.ts'
import { isAnyAddress, type ServerDoors, type Servers, startServers } from './servers.ts'

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
    keptStrikes: kept,
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
    smdsStore: options.store?.smds,
    pki: factory.pki,
    onQueued,
    onError,
  })
  contacts.follow(servers.eim.events, (change) => events.append('package', change))
  const pool: Pool = createPool(
    deviceMaker(options, { ...world, factory, servers, events, contacts, injectUrl: () => injectUrl }),
  )
  const injectTls = inject?.tls ? toPem(factory.pki.nist.eimTls) : undefined
  const injectDoor = inject && (await openInjectDoor({ host, port: inject.port, tls: injectTls, pool }))
  const injectUrl = injectDoor && `${injectTls ? `https://${name}` : `http://${host}`}:${injectDoor.port}`
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
  if (options.store) await announceAgain(servers, options.store)
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
