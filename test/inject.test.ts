import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePki, toPem } from '../certs/index.ts'
import { listen } from '../emulator/ports/index.ts'
import type { Sgp32Version } from '../protocol/sgp32/index.ts'
import { createEmulatedWorld, type Wiring } from './testing/emulated-world.ts'
import { type Laboratory, openLaboratory } from './testing/laboratory.ts'

/** TransferEimPackage: SGP.32 v1.2, 3.1.2 and 5.14.8. */
const manners: [Wiring, 'asn1' | 'json', Sgp32Version][] = [
  ['in process', 'asn1', '1.2'],
  ['in process', 'json', '1.2'],
  ['over sockets', 'json', '1.2'],
  ['in process', 'asn1', '1.0.1'],
  ['in process', 'json', '1.0.1'],
]

describe.each(manners)('an eIM that brings packages to the IPA, %s in %s of SGP.32 v%s', (wiring, binding, version) => {
  test('has every kind of them executed without a poll, and what it acknowledges leaves the eUICC', async () => {
    const peculiarities = { card: version, eim: version }
    const world = await createEmulatedWorld(wiring, { specification: version }, peculiarities)
    await world.listenForPackages(binding)
    const bring = async (order: Record<string, unknown>) => {
      const { packageId } = await world.northbound('POST', `/euiccs/${world.eid}/packages`, order)
      return world.over(packageId)
    }
    const { iccid, activationCode } = world.orders.create({ profile: { template: 'minimal' } })
    expect(await bring({ download: { activationCode } })).toMatchObject({ result: { outcome: 'success', iccid } })
    expect(await bring({ psmo: [{ enable: { iccid } }] })).toMatchObject({
      result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
    })
    expect(await bring({ data: { components: ['euiccInfo2'] } })).toMatchObject({ result: { kind: 'ipaEuiccData' } })
    expect(await bring({ eco: [{ listEim: {} }] })).toMatchObject({
      result: { results: [{ operation: 'listEim', result: 'ok', eims: [{ eimId: 'eim.test' }] }] },
    })
    expect(world.profiles()).toMatchObject([{ iccid, state: 'enabled' }])
    expect(world.orders.get(iccid)).toMatchObject({ state: 'installed' })
    const polls = world.trace
      .read({ after: 0, limit: 1000 })
      .messages.filter(({ operation }) => operation === 'GetEimPackage')
    expect(polls).toEqual([])
    await world.close()
  })
})

test('what is brought in a wrong way gets the error of its kind, and the package is still there for a poll', async () => {
  const world = await createEmulatedWorld('in process')
  const post = async (body: string, path = '/gsma/rsp2/asn1', type = 'application/x-gsma-rsp-asn1') => {
    const octets = type.endsWith('asn1') ? Buffer.from(body, 'hex') : Buffer.from(body)
    const answer = await world.ipa.handleInject({
      method: 'POST',
      path,
      headers: { 'content-type': type },
      body: octets,
    })
    return [answer.status, Buffer.from(answer.body).toString('hex')]
  }
  expect(await post('bf4e05bf51020500')).toEqual([200, 'bf4e03020101'])
  expect(await post('bf4e03bf6000')).toEqual([200, 'bf4e03020102'])
  expect(await post('00')).toEqual([200, 'bf4e03020101'])
  expect(await post('bf4e06bf5303800101')).toEqual([200, 'bf4e020500'])
  expect(await post('{}', '/gsma/rsp2/esipa/transferEimPackage', 'application/json')).toEqual([400, ''])
  expect(await post('', '/gsma/rsp2/asn1', 'text/plain')).toEqual([415, ''])
  expect(await post('', '/elsewhere')).toEqual([404, ''])
  await world.northbound('PUT', `/euiccs/${world.eid}/inject`, { url: 'https://nobody.test', binding: 'asn1' })
  const { packageId } = await world.northbound('POST', `/euiccs/${world.eid}/packages`, { psmo: [{ getRAT: {} }] })
  await world.ipa.poll()
  expect(await world.northbound('GET', `/packages/${packageId}`)).toMatchObject({
    state: 'done',
    result: { results: [{ operation: 'getRAT', result: 'ok' }] },
  })
  await world.close()
})

describe('over sockets', () => {
  let laboratory: Laboratory
  beforeAll(async () => {
    laboratory = await openLaboratory({ 'devices.mode': 'inject' })
  })
  afterAll(() => laboratory.close())

  const order = { psmo: [{ getRAT: {} }] }

  test('devices listen with TLS, and the eIM connects to them', async () => {
    expect((await laboratory.control('GET', '/')).body.doors.inject).toMatch(/^https:/)
    const eid = await laboratory.device()
    expect(await laboratory.run(eid, order)).toMatchObject({ state: 'done', result: { verified: true } })
  })

  test('an eIM brings nothing to one that it cannot trust; a poll fetches it', async () => {
    const { nist } = await makePki({ seed: new TextEncoder().encode('test/inject'), now: Date.now() })
    const asked: string[] = []
    const stranger = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: toPem(nist.eimTls),
      async handle({ path }) {
        asked.push(path)
        return { status: 200, headers: {}, body: new Uint8Array() }
      },
    })
    const eid = await laboratory.device()
    const url = `https://localhost:${stranger.port}`
    await laboratory.northbound('PUT', `/euiccs/${eid}/inject`, { url, binding: 'asn1' })
    const running = laboratory.run(eid, order)
    await laboratory.settle()
    const statuses = (await laboratory.trace(eid)).map(({ status }: { status?: string }) => status ?? '')
    expect(statuses.join()).toMatch(/unable to|self.signed/)
    await laboratory.poll(eid)
    expect(await running).toMatchObject({ state: 'done', result: { verified: true } })
    expect(asked).toEqual([])
    await stranger.close()
  })
})
