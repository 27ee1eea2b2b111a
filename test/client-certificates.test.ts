/** Doors for those only who show a certificate: ES2+ and ES12 beside functions that are for everybody, and the northbound doors of the eIM. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateToPem, makePki, savePki, toPem } from '../certs/index.ts'
import { createHttpClient, type HttpClient } from '../emulator/ports/index.ts'
import { startWholeWorld } from './testing/whole-world.ts'

const pkiOf = (name: string) => makePki({ seed: new TextEncoder().encode(name), now: Date.now() })
const own = await pkiOf('test/client-certificates')
const operators = await pkiOf('test/client-certificates/operators')
const strangers = await pkiOf('test/client-certificates/strangers')

const folder = mkdtempSync(join(tmpdir(), 'client-certificates-'))
const inFolder = (...path: string[]) => join(folder, ...path)
const ciOf = (pki: string) => inFolder(pki, 'CI', 'CERT_CI_SIG_NIST.pem')
const operatorsTls = (file: string) => inFolder('operators', 'SM-DP+', 'SM_DPtls', file)

const flags = {
  'certs.folder': inFolder('own'),
  'smdp.clientCa': ciOf('operators'),
  'smds.clientCa': ciOf('own'),
  'eim.northboundTls': true,
  'eim.northboundClientCa': ciOf('operators'),
  'provider.clientCertificate': operatorsTls('CERT_S_SM_DP_VARO_TLS_NIST.pem'),
  'provider.clientKey': operatorsTls('SK_S_SM_DP_TLS_NIST.pem'),
}

let world: Awaited<ReturnType<typeof startWholeWorld>>
beforeAll(async () => {
  savePki(inFolder('own'), own)
  savePki(inFolder('operators'), operators)
  world = await startWholeWorld(flags)
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const ca = [certificateToPem(own.nist.ci.certificate)]
const clients: Readonly<Record<string, HttpClient>> = {
  'no certificate': createHttpClient({ ca }),
  'a certificate below another CA': createHttpClient({ ca, identity: toPem(strangers.nist.dpTls) }),
  'a certificate below the right CA': createHttpClient({ ca, identity: toPem(operators.nist.dpTls) }),
  'the certificate of the SM-DP+': createHttpClient({ ca, identity: toPem(own.nist.dpTls) }),
}

async function post(client: string, url: string, json: unknown = {}) {
  const headers = { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.5.0' }
  const body = new TextEncoder().encode(JSON.stringify(json))
  const answer = await clients[client]?.(url, { method: 'POST', headers, body })
  const text = new TextDecoder().decode(answer?.body)
  return { status: answer?.status, body: text === '' ? undefined : JSON.parse(text) }
}

const header = { functionRequesterIdentifier: '2.999.1', functionCallIdentifier: 'call' }
const es2plus = (client: string, name: string, members: object) =>
  post(client, `${world.doors['es9plus']}/gsma/rsp2/es2plus/${name}`, { header, ...members })

const succeeded = { header: { functionExecutionStatus: { status: 'Executed-Success' } } }

describe('ES2+ with smdp.clientCa', () => {
  test.each(['no certificate', 'a certificate below another CA', 'the certificate of the SM-DP+'])(
    'is refused to who shows %s',
    async (client) => {
      expect(await es2plus(client, 'downloadOrder', { profileType: 'minimal' })).toEqual({
        status: 403,
        body: undefined,
      })
    },
  )
  test('is there for an operator below that CA', async () => {
    const answer = await es2plus('a certificate below the right CA', 'downloadOrder', { profileType: 'minimal' })
    expect(answer).toMatchObject({ status: 200, body: succeeded })
  })
  test.each(Object.keys(clients))('leaves ES9+ on the same port to who shows %s', async (client) => {
    const answer = await post(client, `${world.doors['es9plus']}/gsma/rsp2/es9plus/initiateAuthentication`)
    expect(answer).toMatchObject({ status: 400, body: { header: { functionExecutionStatus: { status: 'Failed' } } } })
  })
})

describe('ES12 with smds.clientCa', () => {
  test.each(['no certificate', 'a certificate below the right CA'])(
    'is refused to who shows %s, which is right elsewhere, and ES11 is not',
    async (client) => {
      const at = (path: string) => post(client, `${world.doors['es11']}/gsma/rsp2/${path}`)
      expect(await at('es12/registerEvent')).toEqual({ status: 403, body: undefined })
      expect(await at('es9plus/initiateAuthentication')).toMatchObject({ status: 400 })
    },
  )
  test('is there for our SM-DP+, which shows its TLS certificate', async () => {
    const order = (name: string, members: object) => es2plus('a certificate below the right CA', name, members)
    const eid = '89049032123451234512345678901235'
    const { iccid } = (await order('downloadOrder', { eid, profileType: 'minimal' })).body
    const smdsAddress = new URL(`${world.doors['es11']}`).host
    const confirmed = await order('confirmOrder', { iccid, eid, smdsAddress, releaseFlag: true })
    expect(confirmed).toMatchObject({ status: 200, body: succeeded })
  })
})

describe('northbound doors with eim.northboundClientCa', () => {
  const get = (client: string, url: string) =>
    clients[client]?.(url, { method: 'GET', headers: {}, body: new Uint8Array() })

  test.each(['no certificate', 'a certificate below another CA'])('are closed to who shows %s', async (client) => {
    await expect(get(client, `${world.doors['eimNorthbound']}/eim/v1/euiccs`)).rejects.toThrow()
    await expect(get(client, `${world.doors['eimNorthbound']}/eim/v1/events`)).rejects.toThrow()
    await expect(get(client, `${world.doors['eimOnomondo']}/`)).rejects.toThrow()
  })
  test('are open below the right CA', async () => {
    const client = 'a certificate below the right CA'
    expect(await get(client, `${world.doors['eimNorthbound']}/eim/v1/euiccs`)).toMatchObject({ status: 200 })
    expect(await get(client, `${world.doors['eimOnomondo']}/`)).toMatchObject({ status: 200 })
  })
})

describe('the provider with provider.clientCertificate', () => {
  test('brings its orders to the eIM and hears of their results', async () => {
    const lease = (await world.control('POST', '/leases', { owner: 'acme', orders: [{}] })).body
    const [{ iccid, activationCode }] = lease.orders
    const { completed } = await world.operate('download', { esim: { eid: lease.eid, iccid }, activationCode })
    expect(await completed).toMatchObject({ esim: { iccid } })
    expect((await world.control('GET', `/devices/${lease.eid}`)).body.profiles).toMatchObject([{ iccid }])
  })

  test('orders profiles at the SM-DP+', async () => {
    const { eid } = (await world.control('POST', '/leases', { owner: 'acme' })).body
    const authorization = `Basic ${Buffer.from('acme:acme-test-secret').toString('base64')}`
    const issued = await fetch(`${world.doors['authorization']}/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=esim-remote-management:download',
    })
    const { access_token: token } = (await issued.json()) as { readonly access_token: string }
    const subscriptionDetail = { eId: eid, iccid: '8949000000000000018' }
    const answer = await fetch(`${world.doors['provider']}/esim-remote-management/vwip/profile/download`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ config: { subscriptionDetail } }),
    })
    expect(await answer.json()).toMatchObject({ code: 100_000, taskId: expect.any(String) })
  })
})
