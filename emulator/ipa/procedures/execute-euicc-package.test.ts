import { expect, test } from 'vitest'
import { capture, encode, fromHex } from '../../../protocol/ber/index.ts'
import {
  EuiccPackageErrorDataSigned,
  EuiccPackageResult,
  type ProvideEimPackageResultResponse,
} from '../../../protocol/sgp32/index.ts'
import {
  eid,
  eimId,
  eimPackage,
  installationResult,
  otherNotification,
  packageResult,
  signature,
} from '../testing/messages.ts'
import { createWorld } from '../testing/world.ts'

const enabled = { kind: 'enableResult', value: 'ok' } as const
const order = eimPackage([{ kind: 'enable', value: { iccid: '89000000000000000018' } }])
const acknowledging =
  (...value: readonly number[]) =>
  (): ProvideEimPackageResultResponse => ({ kind: 'eimAcknowledgements', value })

/** A card that keeps the result of the package, and what it has notified by then. */
function executing(result: Uint8Array, acknowledge: () => ProvideEimPackageResultResponse) {
  const world = createWorld({ packages: [order], acknowledge })
  world.card.script = {
    LoadEuiccPackage: () => {
      world.card.results.set(5, result)
      return result
    },
  }
  return world
}

test('a package reaches the eUICC as it was signed, and its result the eIM as it was signed', async () => {
  const result = packageResult(5, [enabled])
  const { ipa, card, results } = executing(result, acknowledging(5))
  await ipa.poll()
  expect(card.calls.find(({ name }) => name === 'LoadEuiccPackage')?.request).toEqual(order)
  expect(results).toHaveLength(1)
  expect(results[0]).toMatchObject({ eidValue: eid, eimPackageResult: { kind: 'euiccPackageResult' } })
  expect(card.results.size).toBe(0)
})

test('notifications of profile operations go along, and only what the eIM takes over is removed', async () => {
  const { ipa, card, results, requests } = executing(packageResult(5, [enabled]), acknowledging(5, 6))
  card.notifications.set(6, otherNotification(6))
  card.notifications.set(7, otherNotification(7))
  await ipa.poll()
  expect(results[0]?.eimPackageResult).toMatchObject({
    kind: 'ePRAndNotifications',
    value: { notificationList: [{ kind: 'otherSignedNotification' }, { kind: 'otherSignedNotification' }] },
  })
  // What was not taken over is delivered by the IPA itself at the end of the cycle.
  expect(requests.filter((request) => request === 'smdp.test handleNotification')).toHaveLength(1)
  expect([...card.notifications.keys(), ...card.results.keys()]).toEqual([])
})

test('a ProfileInstallationResult is not given to the eIM with a package: the IPA delivers it itself', async () => {
  const { ipa, card, results } = executing(packageResult(5, [enabled]), acknowledging(5))
  card.notifications.set(4, installationResult(4))
  await ipa.poll()
  expect(results[0]?.eimPackageResult.kind).toBe('euiccPackageResult')
})

test.each([
  ['eIM configuration operations', packageResult(5, [{ kind: 'deleteEimResult', value: 'ok' }])],
  [
    'an error',
    encode(EuiccPackageResult, {
      kind: 'euiccPackageErrorSigned',
      value: {
        euiccPackageErrorDataSigned: capture<EuiccPackageErrorDataSigned>(EuiccPackageErrorDataSigned, {
          eimId,
          counterValue: 1,
          euiccPackageErrorCode: 'replayError',
        }),
        euiccSignEPE: signature,
      },
    }),
  ],
])('with %s nothing else goes along', async (_name, result) => {
  const { ipa, card, results } = createWorld({ card: { LoadEuiccPackage: result }, packages: [order] })
  card.notifications.set(6, otherNotification(6))
  await ipa.poll()
  expect(results[0]?.eimPackageResult).toMatchObject({ kind: 'euiccPackageResult' })
})

test('a result that the IPA cannot read is passed on all the same', async () => {
  const strange = fromHex('bf5104a1028300')
  const { ipa, trace } = createWorld({ card: { LoadEuiccPackage: strange }, packages: [order] })
  await ipa.poll()
  const sent = trace.find(({ operation, from }) => operation === 'ProvideEimPackageResult' && from === 'IPA')
  expect(sent?.octets?.subarray(-strange.length)).toEqual(strange)
})

test.each([
  [0x6a80, 'invalidPackageFormat'],
  [0x6a88, 'undefinedError'],
])('when the eUICC refuses the package with %i the eIM is told %s', async (LoadEuiccPackage, code) => {
  const { ipa, results } = createWorld({ card: { LoadEuiccPackage }, packages: [order] })
  expect((await ipa.poll()).packagesProcessed).toBe(1)
  expect(results).toEqual([
    {
      eidValue: eid,
      eimPackageResult: {
        kind: 'eimPackageResultResponseError',
        value: { eimTransactionId: '01', eimPackageResultErrorCode: code },
      },
    },
  ])
})

test('a package of a kind that does not exist is answered with unknownPackage', async () => {
  const { ipa, results } = createWorld({ packages: [fromHex('bf5303800105')] })
  expect((await ipa.poll()).packagesProcessed).toBe(1)
  expect(results[0]?.eimPackageResult).toEqual({
    kind: 'eimPackageResultResponseError',
    value: { eimPackageResultErrorCode: 'unknownPackage' },
  })
})

test('a result that cannot be delivered stays on the eUICC and is the first thing of the next cycle, also after a kill', async () => {
  const { ipa, boot, card, away, requests } = executing(packageResult(5, [enabled]), acknowledging(5))
  const load = card.script
  card.script = {
    LoadEuiccPackage: (request) => {
      away.add('eim.test')
      return typeof load.LoadEuiccPackage === 'function' ? load.LoadEuiccPackage(request) : 0x6f00
    },
  }
  expect(await ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [{ hop: 'ESipa', reason: 'unreachable' }] })
  expect(card.results.size).toBe(1)
  away.clear()
  requests.length = 0
  expect(await boot().poll()).toEqual({ packagesProcessed: 0, failures: [] })
  expect(requests).toEqual(['eim.test provideEimPackageResult', 'eim.test getEimPackageRequest'])
  expect(card.results.size).toBe(0)
})

test('a result without acknowledgement stays and is delivered again before the eIM is asked for anything else, and in each cycle', async () => {
  const { ipa, card, requests } = executing(packageResult(5, [enabled]), acknowledging())
  await ipa.poll()
  const once = ['eim.test provideEimPackageResult', 'eim.test getEimPackageRequest']
  expect(requests).toEqual(['eim.test getEimPackageRequest', 'eim.test provideEimPackageResult', ...once])
  await ipa.poll()
  expect(requests.slice(4)).toEqual(once)
  expect(card.results.size).toBe(1)
})

test('a result for another eIM is not shown to this one', async () => {
  const { ipa, card, results } = createWorld()
  card.results.set(5, packageResult(5, [enabled], 'other.test'))
  await ipa.poll()
  expect(results).toEqual([])
})

test('an eIM that refuses a result ends the cycle', async () => {
  const { ipa } = createWorld({
    card: { LoadEuiccPackage: packageResult(5, [enabled]) },
    packages: [order],
    acknowledge: () => ({ kind: 'provideEimPackageResultError', value: 'eidNotFound' }),
  })
  expect(await ipa.poll()).toMatchObject({
    packagesProcessed: 0,
    failures: [{ reason: 'refused', detail: 'eidNotFound' }],
  })
})

test('a result that the eIM refuses again and again stays and holds up nothing', async () => {
  const { ipa, card, results, packages } = createWorld({
    card: { LoadEuiccPackage: 0x6a88 },
    acknowledge: ({ kind }) =>
      kind === 'euiccPackageResult'
        ? { kind: 'provideEimPackageResultError', value: 'undefinedError' }
        : { kind: 'emptyResponse', value: {} },
  })
  card.results.set(4, packageResult(4, [enabled]))
  card.results.set(5, packageResult(5, [enabled]))
  packages.push(order)
  expect(await ipa.poll()).toMatchObject({
    packagesProcessed: 1,
    failures: [{ detail: 'undefinedError' }, { detail: 'undefinedError' }],
  })
  expect(results.map(({ eimPackageResult }) => eimPackageResult.kind)).toEqual([
    'euiccPackageResult',
    'euiccPackageResult',
    'eimPackageResultResponseError',
  ])
  expect(card.results.size).toBe(2)
})

test.each(['', 'bf5000'])('an eIM that answers a result with nothing (%s) has it', async (body) => {
  const { ipa, card, raw } = executing(packageResult(5, [enabled]), acknowledging(5))
  raw.set('provideEimPackageResult', fromHex(body))
  expect(await ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
  expect(card.results.size).toBe(1)
})
