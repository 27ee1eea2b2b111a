/** Wires the provider together. */
import { withAdmin } from './admin/admin.ts'
import { createMetrics } from './admin/metrics.ts'
import { createTelemetry } from './admin/telemetry.ts'
import { createTracing } from './admin/tracing-http.ts'
import { createAccess } from './auth/access.ts'
import { createOwnership } from './auth/ownership.ts'
import { systemClock, systemRandom, systemTimers } from './clock-system.ts'
import { type ProviderSettings, type Settings, type Storage, settingsOf } from './config.ts'
import { type Dialect, dialectsOf } from './dialects/index.ts'
import { createAnnouncer } from './events/announce.ts'
import { createOutbox } from './events/outbox.ts'
import { createRefresh } from './events/refresh-http.ts'
import { sinkProblem } from './events/sink-address.ts'
import { createSender } from './events/sink-http.ts'
import { docsPageOf } from './http/docs-page.ts'
import { createHandler, type Handler } from './http/handler.ts'
import { openServer, type RunningServer } from './http/http.ts'
import { createLimits } from './http/limits-http.ts'
import { openApiOf } from './http/openapi.ts'
import { createLogger } from './logger.ts'
import { observedHandler, observedSender } from './observer.ts'
import { createEngine, type Engine } from './operations/engine.ts'
import { createTurns } from './operations/turns.ts'
import type { Outside } from './outside.ts'
import { createEs2Plus } from './rsp/es2plus-http.ts'
import type { TlsSettings } from './rsp/fetch-http.ts'
import { follow } from './rsp/follow.ts'
import { openPlatform } from './rsp/open.ts'
import { noOrders, type ProfileOrders } from './rsp/orders.ts'
import type { RspPlatform } from './rsp/platform.ts'
import { createProfiles } from './rsp/profiles.ts'
import type { Services } from './services.ts'
import type { Database } from './store/database.ts'
import { matchingIdOf } from './store/matching-id.ts'
import { migrate } from './store/migrations.ts'
import { openEmbeddedDatabase } from './store/store-pglite.ts'
import { createSubscriptions, noSubscriptions, type Subscriptions } from './subscriptions/service.ts'

export type ProviderConfig = ProviderSettings & Partial<Outside>

/** `opened`: its database, opened while something else was made ready. It is closed with the provider. */
export const startProvider = async (config: ProviderConfig, opened?: Database): Promise<RunningServer> => {
  const {
    clock = systemClock,
    timers = systemTimers,
    random = systemRandom,
    logger = createLogger(),
    observe,
    ...rest
  } = config
  const settings = settingsOf(rest)
  const database = opened ?? (await openDatabase(settings.storage))
  try {
    const provider = await startOn(database, settings, { clock, timers, random, logger, ...(observe && { observe }) })
    return {
      url: provider.url,
      async close() {
        await provider.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Long enough for a garbage collection on a busy machine, short enough for somebody who waits. */
const leaseMs = 10_000

/** For others that keep their state beside the provider's, too. */
export const openDatabase = async (storage: Storage): Promise<Database> => {
  if (storage.kind === 'embedded') return openEmbeddedDatabase(storage.folder)
  // Only here: who has no server need not wait for its client to be read.
  const { openServedDatabase } = await import('./store/store-postgres.ts')
  return openServedDatabase({ leaseMs, ...storage })
}

/** The database is handed in and outlives the provider. */
export const startOn = async (database: Database, settings: Settings, outside: Outside): Promise<RunningServer> => {
  await migrate(database)
  const closing = new AbortController()
  const platform = openPlatform(settings, { database, outside, closing: closing.signal })
  const server = await openServer(settings)
  const ground = {
    ...{ database, settings, outside, platform, closing: closing.signal },
    dialects: dialectsOf(settings.dialects),
    publicUrl: (settings.publicUrl ?? server.url).replace(/\/$/, ''),
  }
  const open = openPaths(ground)
  const watchers = watchersOf(ground, Object.keys(open))
  const { turns, outbox, subscriptions, engine, lookAround } = engineRoomOf(ground, watchers)
  const handle = createHandler({
    ...{ dialects: ground.dialects, publicUrl: ground.publicUrl, outside, open },
    access: accessOf(settings, outside),
    limits: createLimits(settings.limits, database),
    services: servicesOf(ground, { operations: engine, subscriptions }),
  })
  await turns.start({ onWork: engine.proceed, onWaiting: engine.remember, onChange: lookAround })
  server.answerWith(watched(handle, ground, { ...watchers, replayed: () => outbox.look() }))

  lookAround()
  const following = follow(platform, { onPackage: engine.observe, onGap: engine.resumeAll }, outside, closing.signal)
  outside.logger.info({ url: server.url, settings: shown(settings) }, 'provider started')
  return {
    url: server.url,
    async close() {
      closing.abort()
      await Promise.all([server.close(), engine.close(), outbox.close(), subscriptions.close(), following])
      await turns.close()
      await watchers.tracing?.close()
    },
  }
}

/** What everything stands on. */
interface Ground {
  readonly database: Database
  readonly settings: Settings
  readonly outside: Outside
  readonly platform: RspPlatform
  readonly closing: AbortSignal
  readonly dialects: readonly Dialect[]
  /** Without a slash at its end. */
  readonly publicUrl: string
}

const watchersOf = ({ settings, outside, dialects }: Ground, openPaths: readonly string[]) => {
  const routes = dialects.flatMap(({ basePath, routes }) => routes.map(({ path }) => basePath + path))
  const metrics = createMetrics({ ofProcess: settings.admin !== undefined, paths: [...openPaths, ...routes] })
  const tracing = settings.tracing && createTracing(settings.tracing.url)
  return { metrics, tracing, telemetry: createTelemetry({ metrics, tracing, clock: outside.clock }) }
}

type Watchers = ReturnType<typeof watchersOf>

/** Operations and the events that tell of them. */
const engineRoomOf = (ground: Ground, { telemetry }: Watchers) => {
  const { database, settings, outside, platform, dialects, publicUrl } = ground
  const retentionMs = settings.operationRetentionMs
  const turns = createTurns(database, outside)
  const announced = () => outbox.look()
  const subscriptions = subscriptionsOf(ground, { database, outside, retentionMs, announced })
  const outbox = createOutbox({
    ...{ database, outside, send: senderOf(ground, telemetry), settled: subscriptions.delivered },
    refresh: createRefresh(settings.sinks),
    retry: settings.sinks.retry,
    ...(turns.instance && { instance: turns.instance }),
  })
  const engine = createEngine({
    ...{ database, platform, outside, turns, retentionMs, announced },
    watch: telemetry.completed,
    idempotencyMs: settings.idempotencyMs,
    timeLimitMs: settings.operationTimeoutMs,
    announce: createAnnouncer({ dialects, publicUrl, outside, tell: subscriptions.tell }),
  })
  const lookAround = () => {
    outbox.look()
    subscriptions.look()
  }
  return { turns, outbox, subscriptions, engine, lookAround }
}

const senderOf = ({ settings, outside: { observe } }: Ground, telemetry: Watchers['telemetry']) => {
  const sender = telemetry.sender(createSender(settings.sinks))
  return observe ? observedSender(sender, observe) : sender
}

/** The handler with everything that looks at what passes it, and the operator's door in front. */
const watched = (
  handle: Handler,
  { database, settings: { admin }, outside }: Ground,
  { metrics, telemetry, replayed }: Watchers & { replayed(): void },
): Handler => {
  const told = telemetry.handler(handle)
  const answer = outside.observe ? observedHandler(told, outside.observe) : told
  const office = { database, metrics, outside, replayed }
  return dated(admin ? withAdmin(answer, { ...admin, ...office }) : answer, outside.clock)
}

/** A database's URL has its password in it, the operator's token and private keys are secrets, and certificates are long. */
const shown = ({ admin: _, rsp, orders, ...settings }: Settings) => ({
  ...settings,
  storage: settings.storage.kind,
  rsp: withoutPem(rsp),
  ...(orders && { orders: withoutPem(orders) }),
})

const withoutPem = ({ ca: _, certificate: __, key: ___, ...rest }: TlsSettings & object): object => rest

/** `Date` by the clock of everything else that the provider tells. */
const dated =
  (handle: Handler, { now }: Outside['clock']): Handler =>
  async (message) => {
    const answer = await handle(message)
    return { ...answer, headers: { date: new Date(now()).toUTCString(), ...answer.headers } }
  }

const accessOf = ({ issuer, audience, tenants, tokens }: Settings, { clock }: Outside) =>
  createAccess({
    issuer,
    audience,
    tokens,
    clock,
    tenants: new Map(tenants.map(({ clientId, tenant }) => [clientId, tenant])),
  })

interface Behind {
  readonly operations: Engine
  readonly subscriptions: Subscriptions
}

const servicesOf = (ground: Ground, { operations, subscriptions }: Behind): Services => {
  const { settings, platform, outside } = ground
  const { deviceOwners, deviceImeis, sinks } = settings
  return {
    eidOf: eidsByImei(deviceImeis),
    operations,
    orders: ordersOf(ground),
    subscriptions,
    now: outside.clock.now,
    profiles: createProfiles(platform, createOwnership(deviceOwners)),
    sinkProblem: (sink, name) => sinkProblem(sink, sinks, name),
  }
}

const eidsByImei = (rows: Settings['deviceImeis']): Services['eidOf'] => {
  const eids = new Map(rows.map(({ imei, eid }) => [imei, eid]))
  return (imei) => eids.get(imei)
}

/** Of the dialect that is about subscriptions, where it is served. */
const subscriptionsOf = (
  { dialects, publicUrl }: Ground,
  around: Omit<Parameters<typeof createSubscriptions>[0], 'wording' | 'source'>,
): Subscriptions => {
  for (const { basePath, subscriptions: wording } of dialects)
    if (wording) return createSubscriptions({ ...around, wording, source: `${publicUrl}${basePath}` })
  return noSubscriptions
}

const ordersOf = ({ settings: { orders }, database, outside: { random }, closing }: Ground): ProfileOrders =>
  orders
    ? createEs2Plus(orders, { random, closing, matchingIdOf: (profile) => matchingIdOf(database, profile) })
    : noOrders

const openPaths = ({ dialects, publicUrl, settings, database, platform }: Ground) => ({
  '/health': async () => {
    await database.query('select 1')
    return { status: 'up' }
  },
  // Throws PlatformUnavailable or DatabaseUnavailable, which are answered with 503.
  '/ready': async () => {
    await database.query('select 1')
    await platform.ready()
    return { status: 'ready' }
  },
  ...documentsOf(dialects, { publicUrl, issuer: settings.issuer }),
})

/** Of each dialect its OpenAPI document, and the same as a page. */
const documentsOf = (dialects: readonly Dialect[], where: Parameters<typeof openApiOf>[1]) => {
  const pages = Object.fromEntries(
    dialects.map(({ title, version, basePath }) => [`${title} ${version}`, `${basePath}/docs`]),
  )
  return Object.fromEntries(
    dialects.flatMap((dialect) => {
      const document = openApiOf(dialect, where)
      const page = docsPageOf(JSON.parse(JSON.stringify(document)), pages)
      return [
        [`${dialect.basePath}/openapi.json`, async () => document],
        [`${dialect.basePath}/docs`, async () => page],
      ]
    }),
  )
}
