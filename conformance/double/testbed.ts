/** The part of the control API (docs/control-api.md) that the runner uses, over devices in memory. */
import { systemClock } from '../runner/clock-system.ts'
import type { LeaseRequest } from '../testbed/http.ts'
import type { Card } from './card.ts'
import type { DevicePool } from './device-pool.ts'
import { json, type RunningServer, type ServerAnswer, type ServerRequest, serve } from './http.ts'

type Handler = (pool: DevicePool, request: ServerRequest, card: Card) => Promise<ServerAnswer> | ServerAnswer

const view = (card: Card) => ({
  eid: card.eid,
  owner: card.owner,
  reachable: card.reachable,
  sequence: card.events.length,
  profiles: card.profiles,
})

const deviceRoutes: Readonly<Record<string, Handler>> = {
  'GET ': (_, __, card) => json(200, view(card)),
  'GET /events': (_, { query }, card) =>
    json(200, { events: card.events.filter(({ sequence }) => sequence > Number(query.get('after') ?? 0)) }),
  'PUT /connectivity': (pool, { body }, card) => {
    pool.setReachable(card.eid, (JSON.parse(body) as { reachable: boolean }).reachable)
    return json(200, view(card))
  },
  'POST /polls': async (pool, _, card) => json(200, { packagesProcessed: await pool.drain(card.eid) }),
}

export const startTestbed = (pool: DevicePool): Promise<RunningServer> =>
  serve((request) => {
    const { method, path, body } = request
    if (path === '/testbed/v1') return json(200, { name: 'double', version: '0', startedAt: '', doors: {} })
    if (path === '/testbed/v1/clock') return json(200, { now: new Date(systemClock.now()).toISOString() })
    if (path === '/testbed/v1/leases' && method === 'POST')
      return json(201, pool.lease(JSON.parse(body) as LeaseRequest))
    if (path.startsWith('/testbed/v1/leases/') && method === 'DELETE') return { status: 204 }
    const [, eid = '', rest = ''] = /^\/testbed\/v1\/devices\/([0-9]+)(.*)$/.exec(path) ?? []
    const card = pool.find(eid)
    const handler = deviceRoutes[`${method} ${rest}`]
    return card === undefined || handler === undefined
      ? json(404, { title: 'not found' })
      : handler(pool, request, card)
  })
