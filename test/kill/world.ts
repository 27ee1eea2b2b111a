/** Around a provider that is killed: cards with their servers, an authorization server, a sink, and the load. */

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { startTestbed } from '../../emulator/testbed/index.ts'
import { small } from '../../emulator/testbed/testing/small.ts'
import { startAuthorizationServer } from '../../provider/index.ts'
import { startSinkStub } from '../../provider/testing/sink-stub-http.ts'
import type { CardModel } from './model.ts'

const host = '127.0.0.1'
const audience = 'https://provider.example/'
const client = { clientId: 'acme-app', clientSecret: 'acme-secret' }
const scopes = ['download', 'enable', 'disable', 'delete', 'read'].map((word) => `iot-device-management:esims:${word}`)

export interface Lease {
  readonly eid: string
  readonly profiles: readonly { readonly iccid: string; readonly state: string }[]
  readonly orders: readonly { readonly iccid: string; readonly activationCode: string }[]
}

export const startKillWorld = async () => {
  const testbed = await startTestbed(small({ seed: 'a provider that is killed', pollIntervalMs: 5000 }))
  const authorization = await startAuthorizationServer({
    ...{ host, port: 0, audience, tokenTtl: 86_400 },
    clients: [{ ...client, scopes }],
  })
  const sink = await startSinkStub()
  const control = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${testbed.doors.control}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  return {
    sink,
    token: () => tokenOf(authorization.url),
    lease: (): Promise<Lease> =>
      control('/leases', { profiles: [{ state: 'enabled' }, { state: 'disabled' }], orders: [{}, {}] }),
    /** `type iccid` of what the card did to its profiles. */
    async eventsOf(eid: string): Promise<readonly string[]> {
      const { events } = await control<{ events: { type: string; iccid?: string }[] }>(`/devices/${eid}/events`)
      return events.filter(({ type }) => changes.has(type)).map(({ type, iccid }) => `${type} ${iccid}`)
    },
    settings: (port: number, storage: object) => ({
      ...{ host, port, storage, audience, issuer: authorization.url },
      rsp: { kind: 'eim', url: testbed.doors.eimNorthbound },
      tenants: [{ clientId: client.clientId, tenant: 'acme' }],
      deviceOwners: [{ tenant: 'acme', eidFrom: '0'.repeat(32), eidTo: '9'.repeat(32) }],
      sinks: { allowHttp: true, allowPrivateAddresses: true, retry: { initialMs: 100, maxMs: 1000 } },
    }),
    async close() {
      await Promise.all([testbed.close(), authorization.close(), sink.close()])
    },
  }
}

export type KillWorld = Awaited<ReturnType<typeof startKillWorld>>

const changes = new Set(['profile-installed', 'profile-enabled', 'profile-disabled', 'profile-deleted'])

export const modelOf = ({ profiles }: Lease): CardModel => ({
  installed: new Set(profiles.map(({ iccid }) => iccid)),
  enabled: profiles.find(({ state }) => state === 'enabled')?.iccid,
})

const tokenOf = async (issuer: string): Promise<string> => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, host, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
