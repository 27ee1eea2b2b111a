import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { BoundProfilePackage, SmdpSigned2 } from '../../protocol/sgp22/index.ts'
import { openEmbeddedDatabase } from '../ports/testing/embedded-database.ts'
import { openSmdpStore } from './store-database.ts'
import {
  authenticateRequest,
  call,
  createWorld,
  initiated,
  initiateRequest,
  installationResult,
  notify,
  otskOf,
  outcome,
  packageRequest,
  read,
  type World,
} from './testing/world.ts'

let database: Awaited<ReturnType<typeof openEmbeddedDatabase>>
let world: World
beforeAll(async () => {
  database = await openEmbeddedDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('drop schema if exists smdp cascade')
  world = await start()
})

/** An SM-DP+ as it comes back after its process has ended. */
const start = async (): Promise<World> => createWorld({ store: await openSmdpStore(database) })

async function authenticate(at: World, matchingId: string) {
  const session = initiated(await call(at, 'initiateAuthentication', initiateRequest({})))
  return call(at, 'authenticateClient', authenticateRequest({}, session, matchingId))
}

test('orders are as before: their secrets, limits and states, and none is made twice', async () => {
  const request = {
    confirmationCode: '1234',
    confirmationAttempts: 2,
    expiresAt: Date.UTC(2030, 0),
    profile: { template: 'minimal' },
  } as const
  const [first, second] = [world.smdp.orders.create(request), world.smdp.orders.create()]
  world.smdp.orders.cancel(second.iccid)
  await world.smdp.announce(first.iccid)
  const again = await start()
  expect(again.smdp.orders.list()).toEqual(world.smdp.orders.list())
  expect(() => again.smdp.orders.create({ matchingId: first.matchingId })).toThrow('ordered already')
  const wrong = await authenticate(again, first.matchingId)
  const plan = { confirmationCode: '4321' }
  expect(outcome(await call(again, 'getBoundProfilePackage', packageRequest(plan, wrong)))).toMatch(/^8\.2\.7\/3\.8/)
  const last = await authenticate(await start(), first.matchingId)
  expect(outcome(last)).toBe('ok')
})

test('a session goes on where it was, a package is bound again with the same keys, and its result is taken', async () => {
  const { iccid, matchingId } = world.smdp.orders.create()
  const authenticated = await authenticate(world, matchingId)
  const ask = (at: World, answer: typeof authenticated) =>
    call(at, 'getBoundProfilePackage', packageRequest({}, answer))
  const segmentsOf = async (at: World, answer: typeof authenticated) =>
    read(BoundProfilePackage, (await ask(at, answer)).boundProfilePackage).sequenceOf86
  const second = await start()
  const segments = await segmentsOf(second, authenticated)
  expect(await segmentsOf(await start(), authenticated)).toEqual(segments)

  const third = await start()
  const anew = await authenticate(third, matchingId)
  expect(read(SmdpSigned2, anew.smdpSigned2).bppEuiccOtpk).toEqual(otskOf({}).publicKey.point)
  expect(await segmentsOf(third, anew)).toEqual(segments)

  const fourth = await start()
  const transactionId = String(anew.transactionId)
  expect((await notify(fourth, installationResult({}, { transactionId, iccid }))).status).toBe(204)
  expect((await start()).smdp.orders.get(iccid)).toMatchObject({ state: 'installed', result: { kind: 'success' } })
  expect(outcome(await ask(await start(), anew))).not.toBe('ok')
})

test('an answer waits for what it tells: it fails when that cannot be kept', async () => {
  const { matchingId } = world.smdp.orders.create()
  await database.query('drop schema smdp cascade')
  await expect(authenticate(world, matchingId)).rejects.toThrow()
})
