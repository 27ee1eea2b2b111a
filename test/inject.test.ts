import { describe, expect, test } from 'vitest'
import { createEmulatedWorld, type Wiring } from './testing/emulated-world.ts'

/** TransferEimPackage: SGP.32 v1.2, 3.1.2 and 5.14.8. */
const manners: [Wiring, 'asn1' | 'json'][] = [
  ['in process', 'asn1'],
  ['in process', 'json'],
  ['over sockets', 'json'],
]

describe.each(manners)('an eIM that brings packages to the IPA, %s in %s', (wiring, binding) => {
  test('has every kind of them executed without a poll, and what it acknowledges leaves the eUICC', async () => {
    const world = await createEmulatedWorld(wiring)
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
