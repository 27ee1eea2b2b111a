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
import type { Clock, Outside } from './outside.ts'
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

export const startProvider = async (config: ProviderConfig): Promise<RunningServer> => {
  const {
    clock = systemClock,
    timers = systemTimers,
    random = systemRandom,
    logger = createLogger(),
    observe,
    ...rest
  } = config
  const settings = settingsOf(rest)
  const database = await openDatabase(settings.storage)
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
  const dialects = dialectsOf(settings.dialects)
  const server = await openServer(settings)
  const publicUrl = (settings.publicUrl ?? server.url).replace(/\/$/, '')

  const { observe } = outside
  const open = openPaths(dialects, publicUrl, { settings, database, platform })
  const metrics = createMetrics({
    ofProcess: settings.admin !== undefined,
    paths: [
      ...Object.keys(open),
      ...dialects.flatMap(({ basePath, routes }) => routes.map(({ path }) => basePath + path)),
    ],
  })
  const tracing = settings.tracing && createTracing(settings.tracing.url)
  const telemetry = createTelemetry({ metrics, tracing, clock: outside.clock })
  const sender = telemetry.sender(createSender(settings.sinks))
  const send = observe ? observedSender(sender, observe) : sender
  const turns = createTurns(database, outside)
  const { retry } = settings.sinks
  const subscriptions = subscriptionsOf(dialects, publicUrl, {
    ...{ database, outside, retentionMs: settings.operationRetentionMs },
    announced: () => outbox.look(),
  })
  const settled = subscriptions.delivered
  const outbox = createOutbox({
    database,
    outside,
    send,
    refresh: createRefresh(settings.sinks),
    retry,
    settled,
    ...(turns.instance && { instance: turns.instance }),
  })
  const lookAround = () => {
    outbox.look()
    subscriptions.look()
  }
  const engine = createEngine({
    database,
    platform,
    outside,
    turns,
    watch: telemetry.completed,
    idempotencyMs: settings.idempotencyMs,
    timeLimitMs: settings.operationTimeoutMs,
    retentionMs: settings.operationRetentionMs,
    announce: createAnnouncer({ dialects, publicUrl, outside, tell: subscriptions.tell }),
    announced: outbox.look,
  })
  const handle = createHandler({
    dialects,
    publicUrl,
    access: accessOf(settings, outside),
    limits: createLimits(settings.limits, database),
    services: servicesOf(settings, {
      ...{ operations: engine, platform, clock: outside.clock },
      orders: ordersOf(settings, { database, outside, closing: closing.signal }),
      subscriptions,
    }),
    outside,
    open,
  })
  await turns.start({ onWork: engine.proceed, onWaiting: engine.remember, onChange: lookAround })
  const { admin } = settings
  const office = { database, metrics, outside, replayed: () => outbox.look() }
  const told = telemetry.handler(handle)
  const answer = observe ? observedHandler(told, observe) : told
  server.answerWith(dated(admin ? withAdmin(answer, { ...admin, ...office }) : answer, outside.clock))

  lookAround()
  const following = follow(platform, { onPackage: engine.observe, onGap: engine.resumeAll }, outside, closing.signal)
  outside.logger.info({ url: server.url, settings: shown(settings) }, 'provider started')
  return {
    url: server.url,
    async close() {
      closing.abort()
      await Promise.all([server.close(), engine.close(), outbox.close(), subscriptions.close(), following])
      await turns.close()
      await tracing?.close()
    },
  }
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
  readonly platform: RspPlatform
  readonly orders: ProfileOrders
  readonly subscriptions: Subscriptions
  readonly clock: Clock
}

const servicesOf = (
  { deviceOwners, deviceImeis, sinks }: Settings,
  { operations, platform, orders, subscriptions, clock }: Behind,
): Services => ({
  eidOf: eidsByImei(deviceImeis),
  operations,
  orders,
  subscriptions,
  now: clock.now,
  profiles: createProfiles(platform, createOwnership(deviceOwners)),
  sinkProblem: (sink, name) => sinkProblem(sink, sinks, name),
})

const eidsByImei = (rows: Settings['deviceImeis']): Services['eidOf'] => {
  const eids = new Map(rows.map(({ imei, eid }) => [imei, eid]))
  return (imei) => eids.get(imei)
}

/** Of the dialect that is about subscriptions, where it is served. */
const subscriptionsOf = (
  dialects: readonly Dialect[],
  publicUrl: string,
  around: Omit<Parameters<typeof createSubscriptions>[0], 'wording' | 'source'>,
): Subscriptions => {
  for (const { basePath, subscriptions: wording } of dialects)
    if (wording) return createSubscriptions({ ...around, wording, source: `${publicUrl}${basePath}` })
  return noSubscriptions
}

interface Ordering {
  readonly database: Database
  readonly outside: Outside
  readonly closing: AbortSignal
}

const ordersOf = ({ orders }: Settings, { database, outside, closing }: Ordering): ProfileOrders =>
  orders
    ? createEs2Plus(orders, {
        ...{ random: outside.random, closing },
        matchingIdOf: (profile) => matchingIdOf(database, profile),
      })
    : noOrders

const openPaths = (dialects: readonly Dialect[], publicUrl: string, { settings, database, platform }: Opened) => ({
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

interface Opened {
  readonly settings: Settings
  readonly database: Database
  readonly platform: RspPlatform
}
