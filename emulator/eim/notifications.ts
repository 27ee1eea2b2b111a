/**
 * PendingNotification: SGP.22 v2.5, 3.5, and SGP.32 v1.2, 5.14.7. The eIM takes over what the eUICC signed: it learns from it and forwards it to the
 * SM-DP+. Compact forms are not restored here and stay with the IPA.
 */
import { encode } from '../../protocol/ber/index.ts'
import type {
  NotificationEvent,
  NotificationMetadata,
  ProfileInstallationResultData,
} from '../../protocol/sgp22/index.ts'
import { PendingNotification } from '../../protocol/sgp32/index.ts'
import { applyEvent, type ProfileEvent } from './inventory.ts'
import { andThen, ignore, type Reception } from './reception.ts'
import type { Effect, EuiccState, Turn } from './state.ts'
import { isSignedByEuicc } from './verification.ts'

/** In the order in which the eUICC made them. */
export function receiveNotifications(
  state: EuiccState,
  list: readonly PendingNotification[],
  now: number,
): Turn<Reception> {
  const inOrder = list.toSorted((a, b) => sequenceNumberOf(a) - sequenceNumberOf(b))
  const start: Turn<Reception> = { effects: [], answer: { acknowledged: [] } }
  return inOrder.reduce(
    (turn, pending) => andThen(state, turn, (between) => receiveNotification(between, pending, now)),
    start,
  )
}

function receiveNotification(state: EuiccState, pending: PendingNotification, now: number): Turn<Reception> {
  const notification = readNotification(pending)
  if (!notification) return ignore('not-asked')
  const { signed, signature, metadata, news } = notification
  if (!isSignedByEuicc(state.identities, [signed], signature)) return ignore('euicc-signature')
  const after = { ...state, inventory: applyEvent(state.inventory, news, now) }
  const { seqNumber, notificationAddress: address } = metadata
  const pendingNotification = encode(PendingNotification, pending)
  return {
    state: after,
    effects: [...inventoryEffects(state, after), { kind: 'notification', address, pendingNotification }],
    answer: { acknowledged: [seqNumber] },
  }
}

interface Notification {
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly metadata: NotificationMetadata
  readonly news: ProfileEvent | undefined
}

function readNotification(pending: PendingNotification): Notification | undefined {
  if (pending.kind === 'profileInstallationResult') {
    const { profileInstallationResultData: data, euiccSignPIR: signature } = pending.value
    return { signed: data.octets, signature, metadata: data.value.notificationMetadata, news: installation(data.value) }
  }
  if (pending.kind === 'otherSignedNotification') {
    const { tbsOtherNotification: data, euiccNotificationSignature: signature } = pending.value
    return { signed: data.octets, signature, metadata: data.value, news: profileEvent(data.value) }
  }
  return undefined
}

const sequenceNumberOf = (pending: PendingNotification): number => readNotification(pending)?.metadata.seqNumber ?? 0

const operations = {
  notificationInstall: 'install',
  notificationEnable: 'enable',
  notificationDisable: 'disable',
  notificationDelete: 'delete',
} as const satisfies Record<NotificationEvent[number], ProfileEvent['operation']>

function profileEvent({ profileManagementOperation: [event], iccid, seqNumber }: NotificationMetadata) {
  return event && iccid !== undefined ? { operation: operations[event], iccid, sequenceNumber: seqNumber } : undefined
}

/** The profile that was installed. A failed installation is no news. */
export function installation({ notificationMetadata, finalResult }: ProfileInstallationResultData) {
  const { iccid, seqNumber } = notificationMetadata
  if (finalResult.kind !== 'successResult' || iccid === undefined) return undefined
  return { operation: 'install', iccid, isdpAid: finalResult.value.aid, sequenceNumber: seqNumber } as const
}

export const inventoryEffects = (before: EuiccState, after: EuiccState): readonly Effect[] =>
  before.inventory.profiles === after.inventory.profiles ? [] : [{ kind: 'inventory' }]
