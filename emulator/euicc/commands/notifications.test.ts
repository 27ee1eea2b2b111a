import { expect, test } from 'vitest'
import { readCertificate, verify } from '../../../protocol/crypto/index.ts'
import {
  ListNotificationRequest,
  ListNotificationResponse,
  NotificationSentRequest,
  NotificationSentResponse,
} from '../../../protocol/sgp22/index.ts'
import { RetrieveNotificationsListRequest, RetrieveNotificationsListResponse } from '../../../protocol/sgp32/index.ts'
import { associatedCard, installedProfile, load, packageOf, psmos, withPolicy } from '../testing/eim.ts'
import { ICCID, ICCID_2 } from '../testing/profiles.ts'
import type { Terminal } from '../testing/terminal.ts'

type Criteria = RetrieveNotificationsListRequest['searchCriteria']

const retrieve = (card: Terminal, criteria?: Criteria) =>
  card.call(
    RetrieveNotificationsListRequest,
    criteria ? { searchCriteria: criteria } : {},
    RetrieveNotificationsListResponse,
  )

const remove = (card: Terminal, seqNumber: number) =>
  card.call(NotificationSentRequest, { seqNumber }, NotificationSentResponse).deleteNotificationStatus

/** Result 1; disable of the first profile: 2; enable of the second: 3 and 4. */
function switched(options: Parameters<typeof installedProfile>[1] = {}) {
  const profiles = [installedProfile(ICCID, options), installedProfile(ICCID_2, options, 0x11)]
  const card = associatedCard({ profiles, enabled: ICCID })
  load(card, packageOf(psmos({ kind: 'enable', value: { iccid: ICCID_2, rollbackFlag: true } })))
  return card
}

test('ListNotification lists what is stored, or the events that are asked for', () => {
  const list = (request: ListNotificationRequest) =>
    switched().call(ListNotificationRequest, request, ListNotificationResponse).value
  expect(list({})).toMatchObject([{ seqNumber: 2 }, { seqNumber: 3 }, { seqNumber: 4 }])
  expect(list({ profileManagementOperation: ['notificationDisable', 'notificationInstall'] })).toMatchObject([
    { seqNumber: 2, iccid: ICCID },
  ])
})

test('RetrieveNotificationsList without criteria gives notifications and no package results', () => {
  expect(retrieve(switched())).toMatchObject({ kind: 'notificationList', value: [{}, {}, {}] })
})

test.each([
  [{ kind: 'seqNumber', value: 3 }, 'notificationList', 1],
  [{ kind: 'seqNumber', value: 1 }, 'euiccPackageResultList', 1],
  [{ kind: 'seqNumber', value: 99 }, 'notificationList', 0],
  [{ kind: 'euiccPackageResults', value: true }, 'euiccPackageResultList', 1],
  [{ kind: 'profileManagementOperation', value: ['notificationEnable'] }, 'notificationList', 2],
] as const satisfies readonly (readonly [Criteria, string, number])[])(
  'RetrieveNotificationsList with %j',
  (criteria, kind, count) => {
    const answer = retrieve(switched(), criteria)
    expect([answer.kind, answer.value.length]).toEqual([kind, count])
  },
)

test('package results that there are none of are an empty list of results', () => {
  const card = associatedCard()
  expect(retrieve(card, { kind: 'euiccPackageResults', value: true })).toEqual({
    kind: 'euiccPackageResultList',
    value: [],
  })
})

test('a notification is signed and carries the chain of its eUICC', () => {
  const answer = retrieve(switched(), { kind: 'seqNumber', value: 2 })
  const [notification] = answer.kind === 'notificationList' ? answer.value : []
  if (notification?.kind !== 'otherSignedNotification') throw new Error(notification?.kind)
  const { tbsOtherNotification, euiccNotificationSignature, euiccCertificate } = notification.value
  const { publicKey } = readCertificate(euiccCertificate)
  expect(publicKey && verify(publicKey, [tbsOtherNotification.octets], euiccNotificationSignature)).toBe(true)
})

test('RemoveNotificationFromList removes notifications and results once, and their numbers are not used again', () => {
  const card = switched()
  expect([1, 2, 3, 4].map((seqNumber) => remove(card, seqNumber))).toEqual(['ok', 'ok', 'ok', 'ok'])
  expect(card.events.filter(({ type }) => type === 'notification-removed')).toHaveLength(4)
  const { memory } = card.state
  expect([memory.notifications, memory.packageResults]).toEqual([[], []])
  expect(remove(card, 1)).toBe('nothingToDelete')
  expect(card.state.memory).toBe(memory)
  expect(card.events.at(-1)).toMatchObject({ type: 'refused', check: 'entry-stored' })
  load(card, packageOf(psmos(), { counterValue: 12 }))
  expect(card.state.memory.lastSeqNumber).toBe(5)
})

test('a profile without receivers has no notifications', () => {
  const card = switched({ notificationConfigurationInfo: [] })
  expect(retrieve(card)).toEqual({ kind: 'notificationList', value: [] })
})

test('the list of notifications is bounded and drops its oldest', () => {
  const card = switched()
  const { product } = card.state
  card.state = { ...card.state, product: { ...product, limits: { ...product.limits, notifications: 2 } } }
  load(card, packageOf(psmos({ kind: 'disable', value: { iccid: ICCID_2 } }), { counterValue: 12 }))
  expect(card.state.memory.notifications.map(({ metadata }) => metadata.seqNumber)).toEqual([4, 6])
})

test('removal of a result leaves the authorisation to roll it back, unless the policy says otherwise', () => {
  const card = switched()
  const before = card.state
  remove(card, 1)
  expect(card.state.memory.rollback).toBeDefined()
  card.state = before
  withPolicy(card, { rollbackAfterDelivery: 'withdraw' })
  remove(card, 2)
  expect(card.state.memory.rollback).toBeDefined()
  remove(card, 1)
  expect(card.state.memory.rollback).toBeUndefined()
})
