/** Around an eIM and an IPA that are killed: the cards, their SM-DP+, and everything both have to know of each other. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateToPem, makePki, toPem } from '../../certs/index.ts'
import {
  type CardEvent,
  createCard,
  createEuicc,
  derivedCredentials,
  type EmulatedCard,
  systemEntropy,
} from '../../emulator/euicc/index.ts'
import { createIpa } from '../../emulator/ipa/index.ts'
import { createHttpClient, type HttpHandler, listen } from '../../emulator/ports/index.ts'
import { createSmdp } from '../../emulator/smdp/index.ts'
import { readCertificate } from '../../protocol/crypto/index.ts'
import { createKillable, type Killable } from './killable.ts'
import { cardDoor, createBalancer, type EimProgram, type EimStorage, type IpaProgram } from './roles.ts'
import { freePort } from './world.ts'

const host = '127.0.0.1'
const seed = 'roles that are killed'
const eids = ['89049032123451234512345678901235', '89049032123451234512345678901332']
const random = { octets: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const clock = { now: Date.now }
const trace = { record: () => {} }

export interface KilledDevice {
  readonly eid: string
  readonly card: EmulatedCard
  readonly events: readonly CardEvent[]
}

export async function startRoles(folder: string, eims: number, storage: EimStorage) {
  const now = clock.now()
  const { nist } = await makePki({ seed: new TextEncoder().encode(seed), now })
  const octets = new TextEncoder().encode(seed)
  const credentials = derivedCredentials({ eums: [nist.eum], seed: octets })
  const devices: KilledDevice[] = eids.map((eid) => {
    const events: CardEvent[] = []
    const trustedCis = [readCertificate(nist.ci.certificate)]
    const state = createEuicc({ eid, credentials, trustedCis })
    const card = createCard({ state, entropy: systemEntropy, onEvents: (happened) => void events.push(...happened) })
    return { eid, card, events }
  })
  const cards = await listen({ host, port: 0, handle: cardDoor(new Map(devices.map(({ eid, card }) => [eid, card]))) })
  let es9plus: HttpHandler = async () => ({ status: 503, headers: {}, body: new Uint8Array() })
  const smdpDoor = await listen({ host, port: 0, tls: toPem(nist.dpTls), handle: (message) => es9plus(message) })
  const smdp = createSmdp({ identities: [nist], address: `${host}:${smdpDoor.port}`, clock, random })
  es9plus = smdp.handle

  const esipaPorts = await Promise.all(Array.from({ length: eims }, freePort))
  const northboundPorts = await Promise.all(Array.from({ length: eims }, freePort))
  const esipa = await createBalancer(host, esipaPorts)
  const eimId = 'eim.test'
  const fqdn = `${host}:${esipa.port}`
  const programs: readonly EimProgram[] = northboundPorts.map((northboundPort, index) => {
    return { ...{ seed, now, eimId, fqdn, northboundPort, storage }, esipaPort: esipaPorts[index] ?? 0 }
  })
  const start = (program: string, name: string, settings: EimProgram | IpaProgram): Killable => {
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(settings))
    return createKillable(program, file)
  }
  const ipa = start('./ipa-program.mjs', 'ipa', {
    cards: eids.map((eid) => ({ url: `http://${host}:${cards.port}/${eid}`, memory: join(folder, `${eid}.json`) })),
    ca: certificateToPem(nist.ci.certificate),
    pauseMs: 30,
  })
  return {
    devices,
    orders: smdp.orders,
    eims: programs.map((program, index) => start('./eim-program.mjs', `eim-${index}`, program)),
    ipa,
    northbounds: northboundPorts.map((port) => `http://${host}:${port}/eim/v1`),
    /** Each eIM and each card learns of the other. */
    async associate(northbound: string) {
      const http = createHttpClient({ ca: [certificateToPem(nist.ci.certificate)] })
      for (const { eid, card } of devices) {
        const { euiccCertificate, eumCertificate } = credentials.of(eid, credentials.ciPkIds[0] ?? new Uint8Array())
        const base64 = (value: Uint8Array) => Buffer.from(value).toString('base64')
        const certificates = { euiccCertificate: base64(euiccCertificate), eumCertificate: base64(eumCertificate) }
        await ask('PUT', `${northbound}/euiccs/${eid}`, { body: certificates })
        const { addInitialEimRequest } = await ask('GET', `${northbound}/euiccs/${eid}/initial-configuration`)
        const agent = createIpa({ card, http, delay: async () => {}, random, trace })
        const added = await agent.addInitialEim(new Uint8Array(Buffer.from(String(addInitialEimRequest), 'base64')))
        const token =
          added.kind === 'answer' && added.value.kind === 'addInitialEimOk' ? added.value.value[0] : undefined
        if (token?.kind !== 'associationToken') throw new Error(`${eid} does not take the eIM`)
        await ask('PUT', `${northbound}/euiccs/${eid}/association-token`, { body: { associationToken: token.value } })
      }
    },
    async close() {
      await Promise.all([cards.close(), smdpDoor.close(), esipa.close()])
    },
  }
}

type Json = Record<string, unknown>

interface Question {
  readonly body?: object
  readonly idempotencyKey?: string
}

/** Rejects when there is no answer, or a refusal. */
export async function ask(method: string, url: string, { body, idempotencyKey }: Question = {}): Promise<Json> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Json
}
