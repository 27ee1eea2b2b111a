/** One device with its servers, in this process or over TLS on loopback. Nobody records a trace. */
import { randomBytes } from 'node:crypto'
import { certificateToPem, makePki, toPem } from '../certs/index.ts'
import { createEim } from '../emulator/eim/index.ts'
import { createCard, createEuicc, derivedCredentials, type EuiccState, systemEntropy } from '../emulator/euicc/index.ts'
import { createIpa, type Ipa } from '../emulator/ipa/index.ts'
import { createHttpClient, type HttpClient, type HttpHandler, type Listener, listen } from '../emulator/ports/index.ts'
import { createSmdp, type Orders } from '../emulator/smdp/index.ts'
import { readCertificate } from '../protocol/crypto/index.ts'

const seed = new TextEncoder().encode('bench/world')
const clock = { now: Date.now }
const random = { octets: (length: number) => new Uint8Array(randomBytes(length)) }
export const pki = await makePki({ seed, now: clock.now() })
const cis = [pki.nist.ci.certificate, pki.brainpool.ci.certificate]

export const credentials = derivedCredentials({ eums: [pki.nist.eum], seed })
const trustedCis = cis.map(readCertificate)

export const newEuicc = (number: number): EuiccState =>
  createEuicc({ eid: `8904903212345${String(number).padStart(19, '0')}`, credentials, trustedCis })

export type Json = Readonly<Record<string, unknown>>
export type Northbound = (method: string, path: string, json?: Json) => Promise<Json>

export interface Device {
  readonly eid: string
  readonly ipa: Ipa
  /** As its card is now. */
  readonly state: EuiccState
  /** Back to an earlier state. */
  restore(state: EuiccState): void
  /** Is told of every command to the card, and of the card before it. */
  observer: (state: EuiccState, command: Uint8Array) => void
  /** Queues a package, polls until it has been done, and returns its result. */
  run(order: Json): Promise<Json>
}

export interface Servers {
  readonly northbound: Northbound
  readonly orders: Orders
  newDevice(): Promise<Device>
  close(): Promise<void>
}

export async function startServers(wiring: 'in process' | 'over HTTPS'): Promise<Servers> {
  const network = await (wiring === 'in process' ? inProcess() : overHttps())
  const { northbound } = network
  let devices = 0
  async function newDevice(): Promise<Device> {
    devices += 1
    const state = newEuicc(devices)
    const { eid } = state
    let card = createCard({ state, entropy: systemEntropy })
    const channel = {
      transmit(command: Uint8Array) {
        device.observer(card.state, command)
        return card.transmit(command)
      },
      reset: () => card.reset(),
    }
    const ipa = createIpa({ card: channel, http: network.http, delay: async () => {}, random })
    const device: Device = {
      eid,
      ipa,
      observer() {},
      get state() {
        return card.state
      },
      restore(earlier) {
        card = createCard({ state: earlier, entropy: systemEntropy })
      },
      async run(order) {
        const { packageId } = await northbound('POST', `/euiccs/${eid}/packages`, order)
        await ipa.poll()
        const done = await northbound('GET', `/packages/${packageId}`)
        if (done['state'] !== 'done') throw new Error(JSON.stringify(done))
        return done['result'] as Json
      },
    }
    await onboard({ eid, ipa, northbound })
    return device
  }
  return { northbound, orders: network.orders, newDevice, close: network.close }
}

async function onboard({ eid, ipa, northbound }: { eid: string; ipa: Ipa; northbound: Northbound }): Promise<void> {
  const { euiccCertificate, eumCertificate } = credentials.of(eid, credentials.ciPkIds[0] ?? new Uint8Array())
  await northbound('PUT', `/euiccs/${eid}`, {
    euiccCertificate: Buffer.from(euiccCertificate).toString('base64'),
    eumCertificate: Buffer.from(eumCertificate).toString('base64'),
  })
  const { addInitialEimRequest } = await northbound('GET', `/euiccs/${eid}/initial-configuration`)
  const added = await ipa.addInitialEim(Buffer.from(String(addInitialEimRequest), 'base64'))
  if (added.kind === 'failure' || added.value.kind !== 'addInitialEimOk') throw new Error(JSON.stringify(added))
  const [result] = added.value.value
  if (result?.kind === 'associationToken')
    await northbound('PUT', `/euiccs/${eid}/association-token`, { associationToken: result.value })
}

interface Network {
  readonly http: HttpClient
  readonly northbound: Northbound
  readonly orders: Orders
  close(): Promise<void>
}

function createRoles(addresses: { eim: string; smdp: string }, http: HttpClient) {
  const smdp = createSmdp({ identities: [pki.nist], address: addresses.smdp, clock, random })
  const eim = createEim({
    eimId: 'eim.example.com',
    fqdn: addresses.eim,
    signing: pki.nist.eimSigning,
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    trustedCis: cis,
    clock,
    random,
    es9plus: http,
  })
  return { smdp, eim }
}

const northboundOf =
  (send: HttpClient, base: string): Northbound =>
  async (method, path, json) => {
    const body = json ? new TextEncoder().encode(JSON.stringify(json)) : new Uint8Array()
    const headers: Record<string, string> = json ? { 'content-type': 'application/json' } : {}
    const answer = await send(`${base}/eim/v1${path}`, { method, headers, body })
    return JSON.parse(new TextDecoder().decode(answer.body))
  }

async function inProcess(): Promise<Network> {
  const hosts: Record<string, HttpHandler> = {}
  const http: HttpClient = async (url, message) => {
    const [host = '', path = ''] = /^https:\/\/([^/]+)(.*)$/.exec(url)?.slice(1) ?? []
    const handle = hosts[host]
    if (!handle) throw new Error(`${host} is not there`)
    return handle({ ...message, path })
  }
  const { eim, smdp } = createRoles({ eim: 'eim.test', smdp: 'smdp.test' }, http)
  hosts['eim.test'] = eim.handleEsipa
  hosts['smdp.test'] = smdp.handle
  hosts['northbound.test'] = eim.handleNorthbound
  return { http, northbound: northboundOf(http, 'https://northbound.test'), orders: smdp.orders, close: async () => {} }
}

async function overHttps(): Promise<Network> {
  const host = '127.0.0.1'
  const http = createHttpClient({ ca: [certificateToPem(pki.nist.ci.certificate)] })
  let handle: HttpHandler = async () => ({ status: 503, headers: {}, body: new Uint8Array() })
  const es9plus = await listen({ handle: (message) => handle(message), host, port: 0, tls: toPem(pki.nist.dpTls) })
  const { eim, smdp } = createRoles({ eim: host, smdp: `${host}:${es9plus.port}` }, http)
  handle = smdp.handle
  const esipa = await eim.listenEsipa({ host, port: 0 })
  const northbound = await eim.listenNorthbound({ host, port: 0 })
  const listeners: readonly Listener[] = [es9plus, esipa, northbound]
  return {
    http,
    northbound: northboundOf(http, `http://${host}:${northbound.port}`),
    orders: smdp.orders,
    async close() {
      for (const listener of listeners) await listener.close()
    },
  }
}
