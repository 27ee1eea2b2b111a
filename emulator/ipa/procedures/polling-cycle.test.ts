import { expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { AddInitialEimResponse } from '../../../protocol/sgp32/index.ts'
import { failure } from '../answer.ts'
import { eid, eimPackage, packageResult } from '../testing/messages.ts'
import { pollableEim } from '../testing/scripted-card.ts'
import { createWorld } from '../testing/world.ts'

const done = packageResult(5, [{ kind: 'enableResult', value: 'ok' }])
const order = eimPackage([{ kind: 'enable', value: { iccid: '89000000000000000018' } }])
const loads = { LoadEuiccPackage: done }

test('a device without an eIM asks nobody', async () => {
  const { ipa, card, requests } = createWorld()
  card.eims = []
  expect(await ipa.poll()).toEqual({ packagesProcessed: 0, failures: [] })
  expect(requests).toEqual([])
})

test('an eIM is asked until it has no package', async () => {
  const { ipa, requests } = createWorld({ card: loads, packages: [order, order] })
  expect(await ipa.poll()).toEqual({ packagesProcessed: 2, failures: [] })
  expect(requests).toEqual([
    'eim.test getEimPackageRequest',
    'eim.test provideEimPackageResult',
    'eim.test getEimPackageRequest',
    'eim.test provideEimPackageResult',
    'eim.test getEimPackageRequest',
  ])
})

test('every eIM with an address that is polled over HTTPS is asked, in the order of the eUICC', async () => {
  const { ipa, card, requests } = createWorld()
  const { eimFqdn: _address, ...unaddressed } = pollableEim
  card.eims = [
    { ...unaddressed, eimId: 'one.test', eimIdType: 'eimIdTypeFqdn' },
    { ...unaddressed, eimId: '1.2.3', eimIdType: 'eimIdTypeOid' },
    { ...pollableEim, eimFqdn: 'coaps.test', eimSupportedProtocol: ['eimRetrieveCoaps'] },
    { eimId: 'silent', eimFqdn: 'two.test:8443' },
  ]
  await ipa.poll()
  expect(requests).toEqual(['one.test getEimPackageRequest', 'two.test:8443 getEimPackageRequest'])
})

test('an eIM that refuses is left for this cycle and the next one is asked', async () => {
  const { ipa, card, requests, packages } = createWorld()
  card.eims = [pollableEim, { ...pollableEim, eimFqdn: 'two.test' }]
  packages.push(fromHex('020102'))
  expect(await ipa.poll()).toEqual({ packagesProcessed: 0, failures: [failure('ESipa', 'refused', 'eidNotFound')] })
  expect(requests).toEqual(['eim.test getEimPackageRequest', 'two.test getEimPackageRequest'])
})

test('an eIM that is away is asked again after growing waits, then left until the next cycle', async () => {
  const { ipa, away, waits, requests } = createWorld({ card: loads, packages: [order] })
  away.add('eim.test')
  expect(await ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [{ reason: 'unreachable' }] })
  expect(waits.map((ms) => Math.round(ms / 1000))).toEqual([1, 4, 9])
  expect(requests).toEqual([])
  away.clear()
  expect(await ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
})

test('one eIM cannot hold the device in a cycle for ever', async () => {
  const { ipa, packages } = createWorld({ card: loads, packages: [order, order, order], settings: { packageLimit: 2 } })
  expect((await ipa.poll()).packagesProcessed).toBe(2)
  expect(packages).toHaveLength(1)
})

test('an answer that is no GetEimPackageResponse ends the cycle', async () => {
  const { ipa, packages } = createWorld()
  packages.push(fromHex('ff'))
  expect(await ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [{ hop: 'ESipa', reason: 'undecodable' }] })
})

test('polls at the same time are cycles one after the other, and those that wait share one', async () => {
  const { ipa, requests } = createWorld()
  const polls = [ipa.poll(), ipa.poll(), ipa.poll()]
  expect(polls[1]).toBe(polls[0])
  await Promise.resolve()
  const late = [ipa.poll(), ipa.poll()]
  expect(late[0]).not.toBe(polls[0])
  expect(late[1]).toBe(late[0])
  await Promise.all([...polls, ...late])
  expect(requests).toHaveLength(2)
})

test('a card that was reset behind the back of the IPA is initialised again and the cycle goes on', async () => {
  const replies = [0x6881, done]
  const { ipa, card } = createWorld({
    card: { LoadEuiccPackage: () => replies.shift() ?? done },
    packages: [order, order],
  })
  expect(await ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
  expect(card.resets).toBe(2)
})

test('a card that loses its channel again and again ends the poll as a failure', async () => {
  const { ipa, card } = createWorld({ card: { RetrieveNotificationsList: 0x6881 } })
  expect(await ipa.poll()).toMatchObject({ failures: [failure('ES10', 'unreachable', '6881')] })
  expect(card.resets).toBe(3)
})

test('a card that is gone ends the poll as a failure', async () => {
  const { ipa, card } = createWorld()
  card.reset = () => Promise.reject(new Error('no card'))
  expect(await ipa.poll()).toEqual({ packagesProcessed: 0, failures: [failure('ES10', 'unreachable', 'no card')] })
})

test('every message is recorded once, with the EID and the transaction', async () => {
  const { ipa, trace } = createWorld({ card: loads, packages: [order] })
  await ipa.poll()
  expect(trace.every((entry) => entry.eid === eid)).toBe(true)
  trace.splice(0, 12)
  expect(trace.map(({ from, operation }) => `${from} ${operation}`)).toEqual(
    [
      'GetEimConfigurationData eUICC',
      'RetrieveNotificationsList eUICC',
      'GetEimPackage eIM',
      'LoadEuiccPackage eUICC',
      'RetrieveNotificationsList eUICC',
      'ProvideEimPackageResult eIM',
      // Nothing was acknowledged: is anything left?
      'RetrieveNotificationsList eUICC',
      'GetEimPackage eIM',
      'RetrieveNotificationsList eUICC',
    ].flatMap((hop) => {
      const [operation, peer] = hop.split(' ')
      return [`IPA ${operation}`, `${peer} ${operation}`]
    }),
  )
  const correlated = trace.filter(({ correlation }) => correlation?.eimTransactionId === '01')
  expect(correlated.map(({ operation }) => operation)).toEqual([
    'GetEimPackage',
    'LoadEuiccPackage',
    'LoadEuiccPackage',
    'RetrieveNotificationsList',
    'RetrieveNotificationsList',
    'ProvideEimPackageResult',
    'ProvideEimPackageResult',
  ])
})

test('the initial eIM configuration reaches the eUICC as it was prepared', async () => {
  const response = encode(AddInitialEimResponse, { kind: 'addInitialEimOk', value: [{ kind: 'addOk', value: true }] })
  const { ipa, card } = createWorld({ card: { AddInitialEim: response } })
  const request = fromHex('bf5704a0023000')
  expect(await ipa.addInitialEim(request)).toMatchObject({ kind: 'answer', value: { kind: 'addInitialEimOk' } })
  expect(card.calls.at(-1)).toEqual({ name: 'AddInitialEim', request })
})
