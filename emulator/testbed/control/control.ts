/** The control API and the page, at one port. */
import { consolePage } from '../../console/index.ts'
import { type Listener, listen } from '../../ports/index.ts'
import { eventStream, type Route, restHandler } from '../../rest/index.ts'
import type { Device } from '../device/device.ts'
import type { Shared } from '../device/device-maker.ts'
import { createLeases } from '../device/lease.ts'
import type { Pool } from '../device/pool.ts'
import { createProvisioning } from '../device/provisioning.ts'
import { createEimNorthbound } from '../eim-northbound.ts'
import type { TestbedOptions } from '../options.ts'
import { type Attached, attachedRoutes } from './attached.ts'
import { cardRoutes } from './card.ts'
import { clockRoutes } from './clock.ts'
import { deviceRoutes } from './devices.ts'
import { faultRoutes } from './faults.ts'
import { fleetRoute, fleetRow } from './fleet.ts'
import { ipaRoutes } from './ipa.ts'
import { leaseRoutes } from './leases.ts'
import { orderRoutes } from './orders.ts'
import { runRoutes } from './runs.ts'
import * as schemas from './schemas/testbed.ts'
import { traceRoutes } from './trace.ts'

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
  const leases = createLeases(pool, provisioning, faults)
  const startedAt = new Date(time.now()).toISOString()
  const info = () => ({ name: 'esim-testbed', version, startedAt, doors: doors() })
  const onChanged = (device: Device) => events.append('device', fleetRow(device, contacts))
  return [
    {
      method: 'GET',
      path: '/',
      summary: 'Name, version and doors.',
      answers: { 200: { description: 'The testbed.', schema: schemas.info } },
      handle: () => ({ status: 200, body: info() }),
    },
    ...leaseRoutes(leases),
    fleetRoute({ pool, events, contacts }),
    ...deviceRoutes({ pool, onChanged }),
    ...cardRoutes({ pool, trace, handleNorthbound }),
    ...ipaRoutes(pool),
    ...traceRoutes({ pool, trace }),
    ...runRoutes({ pool, events, contacts, trace, info, now: time.now }),
    ...clockRoutes(time),
    ...faultRoutes(faults),
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
    extend: [eventStream({ path: `${BASE}/events`, source: parts.events, ...token }), consolePage(BASE)],
  })
}
