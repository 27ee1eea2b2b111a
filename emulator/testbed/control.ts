/** The control API and the page, at one port. */
import { consolePage } from '../console/index.ts'
import { type Listener, listen } from '../ports/index.ts'
import { eventStream, type Route, restHandler } from '../rest/index.ts'
import { type Attached, attachedRoutes } from './attached.ts'
import { controlRoutes } from './control-api.ts'
import { clockRoutes } from './control-clock.ts'
import { faultRoutes } from './control-faults.ts'
import { ipaRoutes } from './control-ipa.ts'
import { orderRoutes } from './control-orders.ts'
import { runRoutes } from './control-runs.ts'
import { traceRoutes } from './control-trace.ts'
import type { Device } from './device.ts'
import type { Shared } from './device-maker.ts'
import { deviceRoutes } from './device-routes.ts'
import { createEimNorthbound } from './eim-northbound.ts'
import { fleetRow } from './fleet.ts'
import { createLeases } from './lease.ts'
import type { TestbedOptions } from './options.ts'
import type { Pool } from './pool.ts'
import { createProvisioning } from './provisioning.ts'

export const BASE = '/testbed/v1'
/** Octets: of a file with all events that are kept. */
const LARGEST_RUN = 64_000_000

interface ControlParts extends Omit<Shared, 'factory' | 'senders'> {
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

export function startControl(options: TestbedOptions, parts: ControlParts): Promise<Listener> {
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
    extend: [eventStream({ path: `${BASE}/events`, source: parts.events, ...token }), consolePage()],
  })
}
