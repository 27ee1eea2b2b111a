import { expect, test } from 'vitest'
import { encode } from '../../../protocol/ber/index.ts'
import { PendingNotification } from '../../../protocol/sgp22/index.ts'
import { toBase64 } from '../servers/es9plus.ts'
import { installationResult, otherNotification } from '../testing/messages.ts'
import { createWorld, type WorldScript } from '../testing/world.ts'

function holding(notifications: Readonly<Record<number, Uint8Array>>, script: WorldScript = {}) {
  const world = createWorld(script)
  for (const [seqNumber, octets] of Object.entries(notifications))
    world.card.notifications.set(Number(seqNumber), octets)
  return world
}

test('each notification is delivered to its own address, oldest first, and then removed', async () => {
  const { ipa, card, requests, bodies } = holding({
    1: otherNotification(1, 'a.test'),
    2: otherNotification(2, 'b.test'),
    3: installationResult(3),
  })
  expect(await ipa.poll()).toEqual({ packagesProcessed: 0, failures: [] })
  expect(requests.slice(1)).toEqual(['a.test', 'b.test', 'smdp.test'].map((host) => `${host} handleNotification`))
  expect(bodies[2]).toEqual({ pendingNotification: toBase64(installationResult(3)) })
  expect(card.notifications.size).toBe(0)
})

test('a notification that is refused stays and does not hold up the others', async () => {
  const { ipa, card, statuses } = holding({ 1: otherNotification(1, 'a.test'), 2: otherNotification(2, 'b.test') })
  statuses.set('a.test', 400)
  expect(await ipa.poll()).toMatchObject({ failures: [{ hop: 'ES9+', reason: 'refused', detail: 'HTTP 400' }] })
  expect([...card.notifications.keys()]).toEqual([1])
  statuses.clear()
  await ipa.poll()
  expect(card.notifications.size).toBe(0)
})

test('a server that is away is waited for once in a cycle, however many notifications it has', async () => {
  const { ipa, card, away, waits } = holding({ 1: otherNotification(1), 2: otherNotification(2) })
  away.add('smdp.test')
  expect(await ipa.poll()).toMatchObject({ failures: [{ reason: 'unreachable' }] })
  expect(waits).toHaveLength(3)
  expect(card.notifications.size).toBe(2)
})

test('notifications are given to the eIM where it forwards them', async () => {
  const { ipa, card, requests } = holding(
    { 1: otherNotification(1), 2: installationResult(2) },
    { settings: { notificationReceiver: 'eim' } },
  )
  await ipa.poll()
  expect(requests.slice(1)).toEqual(['eim.test handleNotificationEsipa', 'eim.test handleNotificationEsipa'])
  expect(card.notifications.size).toBe(0)
})

test('an eIM that is away is waited for once in a cycle, whomever the notifications are for', async () => {
  const { ipa, waits, statuses } = holding(
    { 1: otherNotification(1, 'a.test'), 2: otherNotification(2, 'b.test') },
    { settings: { notificationReceiver: 'eim', retry: { waitsMs: [1], jitter: 0 } } },
  )
  statuses.set('eim.test', 503)
  await ipa.poll()
  expect(waits).toEqual([1, 1])
})

test('a notification that cannot be read does not hold up the others', async () => {
  const strange = encode(PendingNotification, {
    kind: 'otherSignedNotification',
    value: {
      tbsOtherNotification: {
        octets: Uint8Array.of(0xbf, 0x2f, 0x00),
        value: { seqNumber: 1, profileManagementOperation: [], notificationAddress: '' },
      },
      euiccNotificationSignature: new Uint8Array(64),
      euiccCertificate: Uint8Array.of(0x30, 0x00),
      eumCertificate: Uint8Array.of(0x30, 0x00),
    },
  })
  const { ipa, card } = holding({ 1: strange, 2: otherNotification(2) })
  await ipa.poll()
  expect([...card.notifications.keys()]).toEqual([1])
})

test('a list that the eUICC does not give is a failure of the cycle', async () => {
  const { ipa, card } = createWorld()
  await ipa.initialise()
  card.script = { RetrieveNotificationsList: Uint8Array.of(0xbf, 0x2b, 0x03, 0x81, 0x01, 0x7f) }
  const { failures } = await ipa.poll()
  expect(failures.map(({ detail }) => detail)).toEqual(['undefinedError', 'undefinedError'])
})
