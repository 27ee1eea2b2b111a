import { expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import type { EuiccResultData } from '../../../protocol/sgp32/index.ts'
import { ProfileRollbackRequest } from '../../../protocol/sgp32/index.ts'
import { eimPackage, packageResult, rolledBack } from '../testing/messages.ts'
import type { CardScript } from '../testing/scripted-card.ts'
import { createWorld } from '../testing/world.ts'

const enabled: EuiccResultData = { kind: 'enableResult', value: 'ok' }
const order = eimPackage([{ kind: 'enable', value: { iccid: '89000000000000000018', rollbackFlag: true } }])
const away = { reason: 'unreachable', hop: 'ESipa' }

/** The newly enabled profile has no connectivity; the one before has. */
function stranded(ProfileRollback: NonNullable<CardScript['ProfileRollback']>, result: EuiccResultData = enabled) {
  const world = createWorld({
    packages: [order],
    acknowledge: () => ({ kind: 'eimAcknowledgements', value: [6] }),
    settings: { retry: { waitsMs: [], jitter: 0 } },
  })
  const { card } = world
  card.script = {
    LoadEuiccPackage() {
      const octets = packageResult(5, [result])
      card.results.set(5, octets)
      world.away.add('eim.test')
      return octets
    },
    ProfileRollback(request) {
      const reply = typeof ProfileRollback === 'function' ? ProfileRollback(request) : ProfileRollback
      if (typeof reply === 'number' || reply.length < 8) return reply
      card.results.delete(5)
      card.results.set(6, packageResult(6, [{ kind: 'rollbackResult', value: 'ok' }]))
      world.away.clear()
      return reply
    },
  }
  return world
}

const calls = ({ card }: ReturnType<typeof createWorld>) =>
  card.calls.filter(({ name }) => name === 'ProfileRollback').map(({ request }) => request)

test('a result that the new profile does not carry is rolled back, and the eIM gets that result over the old one', async () => {
  const world = stranded(rolledBack(6))
  expect(await world.ipa.poll()).toEqual({ packagesProcessed: 1, failures: [] })
  expect(calls(world)).toEqual([encode(ProfileRollbackRequest, { refreshFlag: false })])
  expect(world.results).toMatchObject([
    {
      eimPackageResult: {
        kind: 'euiccPackageResult',
        value: { value: { euiccPackageResultDataSigned: { value: { euiccResult: [{ kind: 'rollbackResult' }] } } } },
      },
    },
  ])
  expect(world.card.results.size).toBe(0)
})

test.each<[string, Uint8Array | number]>([
  ['that no package has allowed', fromHex('bf5803 020101')],
  ['that the card does not know', 0x6a88],
  ['without a result', fromHex('bf5803 020100')],
])('a rollback %s leaves the result for the next cycle', async (_what, reply) => {
  const world = stranded(reply)
  expect(await world.ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [away] })
  expect([...world.card.results.keys()]).toEqual([5])
  world.away.clear()
  expect((await world.ipa.poll()).failures).toEqual([])
  expect(world.results).toHaveLength(1)
})

test('a result that has enabled no profile is not rolled back', async () => {
  const world = stranded(rolledBack(6), { kind: 'enableResult', value: 'iccidOrAidNotFound' })
  expect(await world.ipa.poll()).toMatchObject({ packagesProcessed: 0, failures: [away] })
  expect(calls(world)).toEqual([])
})

test('an eIM that refuses the result has been reached: nothing is rolled back', async () => {
  const world = stranded(rolledBack(6))
  const load = world.card.script.LoadEuiccPackage
  world.card.script = {
    ...world.card.script,
    LoadEuiccPackage(request) {
      const reply = typeof load === 'function' ? load(request) : 0x6985
      world.away.clear()
      world.statuses.set('eim.test', 400)
      return reply
    },
  }
  expect(await world.ipa.poll()).toMatchObject({ failures: [{ reason: 'refused' }] })
  expect(calls(world)).toEqual([])
})

test('an IPA that was started anew rolls back, too', async () => {
  const world = stranded(rolledBack(6))
  world.packages.length = 0
  world.card.results.set(5, packageResult(5, [enabled]))
  world.away.add('eim.test')
  expect((await world.boot().poll()).failures).toEqual([])
  expect(world.results).toHaveLength(1)
  expect(calls(world)).toHaveLength(1)
})

test('a card that is lost in the rollback is taken up again, and what it then has is delivered', async () => {
  const world = stranded(rolledBack(6))
  const rollBack = world.card.script.ProfileRollback
  world.card.script = {
    ...world.card.script,
    ProfileRollback(request) {
      if (typeof rollBack === 'function') rollBack(request)
      return 0x6881
    },
  }
  expect((await world.ipa.poll()).failures).toEqual([])
  expect(world.card.resets).toBe(2)
  expect(world.results).toHaveLength(1)
})
