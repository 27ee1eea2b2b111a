/** Everything around a provider, for its tests: authorization server, eIM, sink, time; and calls with real tokens over real HTTP. */
import { pino } from 'pino'
import { startAuthorizationServer } from '../auth/authorization-server-http.ts'
import { systemRandom } from '../clock-system.ts'
import { type ProviderSettings, settingsOf } from '../config.ts'
import { dialectIds, scopesOf } from '../dialects/index.ts'
import type { RunningServer } from '../http/http.ts'
import { startOn } from '../start.ts'
import type { Database } from '../store/database.ts'
import { openEmbeddedDatabase } from '../store/store-pglite.ts'
import { startEimStub } from './eim-stub-http.ts'
import { startSinkStub } from './sink-stub-http.ts'
import { startSmdpStub } from './smdp-stub-http.ts'
import { createManualTime } from './time.ts'

export const actions = ['download', 'enable', 'disable', 'delete', 'read'] as const
export const scopes = actions.map((action) => `iot-device-management:esims:${action}`)
const everyScope = scopesOf(dialectIds)
const audience = 'https://provider.example/'

export const acme = { clientId: 'acme-app', clientSecret: 'acme-secret', tenant: 'acme' }
export const globex = { clientId: 'globex-app', clientSecret: 'globex-secret', tenant: 'globex' }
/** Known to the authorization server and to nobody else. */
export const stranger = { clientId: 'stranger-app', clientSecret: 'stranger-secret' }
type Client = Pick<typeof acme, 'clientId' | 'clientSecret'>

const day = 86_400_000

let lastEid = 0
/** Of acme; of globex with `owner: 'globex'`. */
export const newEid = (owner: 'acme' | 'globex' = 'acme'): string => {
  lastEid += 1
  return `8904903200000000000${owner === 'acme' ? '0' : '1'}${String(lastEid).padStart(12, '0')}`
}
let lastIccid = 0
export const newIccid = (): string => {
  lastIccid += 1
  return `8901${String(lastIccid).padStart(15, '0')}`
}

/** The provider's JSON, looked at by the test. */
export type Json = { readonly [name: string]: Json }

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

export const startWorld = async (opened?: Database) => {
  const database = opened ?? (await openEmbeddedDatabase())
  const time = createManualTime(Date.now())
  const sink = await startSinkStub()
  const eim = await startEimStub()
  const smdp = await startSmdpStub((activationCode, iccid) =>
    eim.downloads.set(activationCode, { iccid, fallbackAllowed: false }),
  )
  const authorization = await startAuthorizationServer({
    host: '127.0.0.1',
    port: 0,
    clients: [acme, globex, stranger].map(({ clientId, clientSecret }) => ({
      clientId,
      clientSecret,
      scopes: everyScope,
    })),
    audience,
    tokenTtl: (100 * day) / 1000,
  })

  const settings = (more: Partial<ProviderSettings> = {}): ProviderSettings => ({
    port: 0,
    issuer: authorization.url,
    audience,
    rsp: { kind: 'eim', url: eim.url },
    orders: { kind: 'es2plus', url: smdp.url, requester: 'provider' },
    tenants: [acme, globex].map(({ clientId, tenant }) => ({ clientId, tenant })),
    deviceOwners: (['acme', 'globex'] as const).map((tenant, index) => ({
      tenant,
      eidFrom: `8904903200000000000${index}000000000000`,
      eidTo: `8904903200000000000${index}999999999999`,
    })),
    sinks: { allowHttp: true, allowPrivateAddresses: true },
    operationTimeoutMs: day,
    ...more,
  })

  const logs: string[] = []
  const waiting: { holds: (line: string) => boolean; tell: () => void }[] = []
  const write = (line: string) => {
    logs.push(line)
    for (const { holds, tell } of waiting) if (holds(line)) tell()
  }
  const logger = pino({ level: 'trace' }, { write })
  const running = new Set<RunningServer>()
  const start = async (more: Partial<ProviderSettings> = {}, on: Database = database) => {
    const outside = { clock: time, timers: time, random: systemRandom, logger }
    const provider = await startOn(on, settingsOf(settings(more)), outside)
    running.add(provider)
    return {
      url: provider.url,
      ...caller(provider.url, token),
      async close() {
        running.delete(provider)
        await provider.close()
      },
    }
  }

  const tokens = new Map<string, Promise<string>>()
  const token = (client: Client = acme, scope = everyScope.join(' ')): Promise<string> => {
    const key = `${client.clientId} ${scope}`
    const known = tokens.get(key) ?? fetchToken(authorization.url, client, scope)
    tokens.set(key, known)
    return known
  }

  return {
    ...{ database, time, sink, smdp, eim, authorization, settings, start, token, logs, logger },
    /** When a line like this is in the log. */
    async logged(holds: (line: string) => boolean) {
      if (!logs.some(holds)) await new Promise<void>((tell) => waiting.push({ holds, tell }))
    },
    /** A card that the eIM knows. */
    card(profiles: readonly Partial<CardProfile>[] = [], owner: 'acme' | 'globex' = 'acme') {
      const eid = newEid(owner)
      const rows = profiles.map((profile) => ({ ...blank, iccid: newIccid(), ...profile }))
      eim.cards.set(eid, rows)
      return { eid, iccids: rows.map(({ iccid }) => iccid) }
    },
    async close() {
      for (const provider of running) await provider.close()
      await Promise.all([authorization.close(), eim.close(), sink.close(), smdp.close()])
      await database.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

const blank = { state: 'disabled' as const, fallbackAttribute: false, fallbackAllowed: false }
type CardProfile = {
  iccid: string
  state: 'enabled' | 'disabled'
  fallbackAttribute: boolean
  fallbackAllowed: boolean
}

const fetchToken = async (issuer: string, { clientId, clientSecret }: Client, scope: string): Promise<string> => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  return access_token
}

export interface CallOptions {
  readonly client?: Client
  readonly scope?: string
  readonly headers?: Readonly<Record<string, string>>
}

const caller = (url: string, token: (client?: Client, scope?: string) => Promise<string>) => {
  const call = async (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token(options.client, options.scope)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? ({} as Json) : JSON.parse(text) }
  }
  return {
    call,
    /** Below the base path of a dialect. */
    at: (basePath: string) => ({
      post: (path: string, body: unknown, options?: CallOptions) => call('POST', `${basePath}${path}`, body, options),
      get: (path: string, options?: CallOptions) => call('GET', `${basePath}${path}`, undefined, options),
      delete: (path: string, options?: CallOptions) => call('DELETE', `${basePath}${path}`, undefined, options),
    }),
    post: (path: string, body: unknown, options?: CallOptions) => call('POST', `/esim${path}`, body, options),
    get: (path: string, options?: CallOptions) => call('GET', `/esim${path}`, undefined, options),
  }
}

export type Caller = ReturnType<typeof caller>
