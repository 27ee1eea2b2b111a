/** A session of one device with eIM and SM-DP+ in which all chance comes from a seed, as the HTTP messages that made it. */
import { makePki, toPem } from '../../certs/index.ts'
import { createEim } from '../../emulator/eim/index.ts'
import { seededEntropy } from '../../emulator/euicc/entropy.ts'
import { createCard, createEuicc, derivedCredentials } from '../../emulator/euicc/index.ts'
import { createIpa, createVolatileMemory, type Ipa, type IpaSettings } from '../../emulator/ipa/index.ts'
import type { HttpAnswer, HttpClient, HttpHandler, Random } from '../../emulator/ports/index.ts'
import { createSmdp } from '../../emulator/smdp/index.ts'
import { fromHex, toHex } from '../../protocol/ber/index.ts'
import { readCertificate, signDeterministically, x963Kdf } from '../../protocol/crypto/index.ts'

export const EID = '89049032123451234512345678901235'

const octetsOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const seed = octetsOf('test/testing/session')
const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) }
const pki = await makePki({ seed, now: clock.now() })
const cis = [pki.nist.ci.certificate, pki.brainpool.ci.certificate]
const credentials = derivedCredentials({ eums: [pki.nist.eum, pki.brainpool.eum], seed })

/** The same octets in the same order for each role. */
function seededRandom(role: string): Random {
  let draws = 0
  return { octets: (length) => x963Kdf(seed, octetsOf(`${role} ${draws++}`), length) }
}

/** Bodies in hexadecimal, except where they are JSON. */
interface Body {
  readonly json?: unknown
  readonly hex?: string
}

/** One message to a server and its answer: one line of a recording. */
export interface Exchange {
  readonly from: 'IPA' | 'operator'
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  readonly answer: { readonly status: number; readonly headers: HttpAnswer['headers']; readonly body: Body }
}

function toBody(octets: Uint8Array): Body {
  const text = new TextDecoder().decode(octets)
  // What is written again is the same octets.
  if (text.startsWith('{') && JSON.stringify(JSON.parse(text)) === text) return { json: JSON.parse(text) }
  return { hex: toHex(octets) }
}

const toOctets = ({ json, hex }: Body): Uint8Array =>
  json === undefined ? fromHex(hex ?? '') : octetsOf(JSON.stringify(json))

const toAnswer = ({ status, headers, body }: Exchange['answer']): HttpAnswer => ({
  status,
  headers,
  body: toOctets(body),
})

/** Servers as they are before anybody has asked them. */
export function createServers(): HttpClient {
  const connection = {}
  const hosts: Record<string, HttpHandler> = {}
  const http: HttpClient = async (url, message) => {
    const { host, pathname, search } = new URL(url)
    const handle = hosts[host]
    if (!handle) throw new Error(`${host} is not there`)
    return handle({ ...message, path: pathname + search, connection })
  }
  const smdp = createSmdp({
    identities: [pki.nist, pki.brainpool].map(({ ci, dpAuth, dpPb }) => ({ ci, dpAuth, dpPb })),
    ...{ address: 'smdp.test', clock, random: seededRandom('SM-DP+'), signer: signDeterministically },
  })
  const eim = createEim({
    ...{ eimId: 'eim.test', fqdn: 'eim.test', signing: pki.nist.eimSigning, trustedCis: cis },
    tls: { ...toPem(pki.nist.eimTls), trusted: pki.nist.ci.certificate },
    ...{ clock, random: seededRandom('eIM'), signer: signDeterministically, trace: { record: () => {} } },
    es9plus: http,
  })
  Object.assign(hosts, {
    'smdp.test': smdp.handle,
    'eim.test': eim.handleEsipa,
    'northbound.test': eim.handleNorthbound,
  })
  return http
}

export function createDevice(http: HttpClient, settings: Partial<IpaSettings>): Ipa {
  const state = createEuicc({ eid: EID, credentials, trustedCis: cis.map(readCertificate) })
  const card = createCard({ state, entropy: seededEntropy(seed), onEvents: () => {} })
  const features = [
    'directRspServerCommunication',
    'indirectRspServerCommunication',
    'eimDownloadDataHandling',
  ] as const
  const ipaCapabilities = { ipaFeatures: features, ipaSupportedProtocols: ['ipaRetrieveHttps'] as const }
  return createIpa({
    ...{ card, http, delay: async () => {}, random: seededRandom('IPA'), memory: createVolatileMemory() },
    trace: { record: () => {} },
    settings: { ipaCapabilities, ...settings },
  })
}

/** Keeps what passes. */
export function recording(http: HttpClient) {
  const exchanges: Exchange[] = []
  const from =
    (who: Exchange['from']): HttpClient =>
    async (url, message) => {
      const { method, headers, body } = message
      const answer = await http(url, message)
      const answered = { status: answer.status, headers: answer.headers, body: toBody(answer.body) }
      exchanges.push({ from: who, url, method, headers, body: toBody(body), answer: answered })
      return answer
    }
  return { exchanges, from }
}

/** Answers as it was answered, whatever it is asked: what was asked can be compared. */
export function answering(exchanges: readonly Exchange[]): HttpClient {
  let next = 0
  return async () => {
    const exchange = exchanges[next++]
    if (!exchange) throw new Error('nothing more was recorded')
    return toAnswer(exchange.answer)
  }
}

/** Says again what was said. */
export const repeat = (http: HttpClient, { url, method, headers, body }: Exchange): Promise<HttpAnswer> =>
  http(url, { method, headers, body: toOctets(body) })

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
const jsonOf = ({ body }: HttpAnswer) => JSON.parse(new TextDecoder().decode(body))

/** An eUICC is onboarded; a profile is ordered, downloaded and enabled; another one comes through the eIM; the eUICC is asked for what it has. */
export async function perform(operator: HttpClient, ipa: Ipa): Promise<void> {
  const ask = async (url: string, method: string, json?: unknown) => {
    const body = json === undefined ? new Uint8Array() : octetsOf(JSON.stringify(json))
    return jsonOf(await operator(url, { method, headers: { 'content-type': 'application/json' }, body }))
  }
  const eim = (method: string, path: string, json?: unknown) =>
    ask(`https://northbound.test/eim/v1${path}`, method, json)
  const es2plus = (name: string, members: object) => {
    const header = { functionRequesterIdentifier: '2.999.1', functionCallIdentifier: name }
    return ask(`https://smdp.test/gsma/rsp2/es2plus/${name}`, 'POST', { header, ...members })
  }
  const order = async () => {
    const { iccid } = await es2plus('downloadOrder', { profileType: 'minimal' })
    const { matchingId } = await es2plus('confirmOrder', { iccid, releaseFlag: true })
    return { iccid, activationCode: `LPA:1$smdp.test$${matchingId}` }
  }
  const run = async (packageOrder: object) => {
    await eim('POST', `/euiccs/${EID}/packages`, packageOrder)
    const { failures } = await ipa.poll()
    if (failures.length > 0) throw new Error(JSON.stringify(failures))
  }
  const certificates = credentials.of(EID, credentials.ciPkIds[0] ?? new Uint8Array())
  const { euiccCertificate, eumCertificate } = certificates
  await eim('PUT', `/euiccs/${EID}`, {
    euiccCertificate: base64(euiccCertificate),
    eumCertificate: base64(eumCertificate),
  })
  const { addInitialEimRequest } = await eim('GET', `/euiccs/${EID}/initial-configuration`)
  const added = await ipa.addInitialEim(new Uint8Array(Buffer.from(addInitialEimRequest, 'base64')))
  const [result] = added.kind === 'answer' && added.value.kind === 'addInitialEimOk' ? added.value.value : []
  if (result?.kind !== 'associationToken') throw new Error(JSON.stringify(added))
  await eim('PUT', `/euiccs/${EID}/association-token`, { associationToken: result.value })
  const { iccid, activationCode } = await order()
  await run({ download: { activationCode } })
  await run({ psmo: [{ enable: { iccid } }] })
  await run({ download: { activationCode: (await order()).activationCode, indirect: true } })
  await run({ data: { components: ['euiccInfo2', 'notificationsList'] } })
  await eim('GET', `/euiccs/${EID}`)
}
