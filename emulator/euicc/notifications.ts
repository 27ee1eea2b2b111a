/** Notifications: SGP.22 v2.5, 3.5. Signed when they arise, kept until they are removed. */
import { capture } from '../../protocol/ber/index.ts'
import { type NotificationEvent, NotificationMetadata } from '../../protocol/sgp22/index.ts'
import type { PendingNotification } from '../../protocol/sgp32/index.ts'
import type { Entropy } from './entropy.ts'
import type { EventDraft } from './events.ts'
import { type EuiccState, type Profile, withMemory } from './state.ts'

/** Something that happened to a profile and that the receivers which it names must learn. */
export interface DueNotification {
  readonly event: NotificationEvent[number]
  readonly profile: Profile
  /** A receiver that learns of it otherwise: the SM-DP+ gets the ProfileInstallationResult. */
  readonly except?: string
}

/** Without a filter every event is wanted. */
export const isWanted =
  (events: NotificationEvent | undefined) =>
  ({ profileManagementOperation }: NotificationMetadata): boolean =>
    events === undefined || profileManagementOperation.some((event) => events.includes(event))

/** One notification for each receiver that the profile names for the event. */
export function notifyReceivers(
  state: EuiccState,
  due: readonly DueNotification[],
  { entropy, cause }: { entropy: Entropy; cause: string },
): { state: EuiccState; events: readonly EventDraft[] } {
  let next = state
  const events: EventDraft[] = []
  for (const { event, profile, except } of inOrder(state, due))
    for (const { profileManagementOperation, notificationAddress } of receiversOf(state, profile)) {
      if (!profileManagementOperation.includes(event) || isSameHost(notificationAddress, except)) continue
      const metadata = {
        seqNumber: next.memory.lastSeqNumber + 1,
        profileManagementOperation: [event],
        notificationAddress,
        iccid: profile.iccid,
      }
      next = storeNotification(next, metadata, signed(next, { metadata, profile, entropy }))
      events.push({ type: 'notification-stored', cause, iccid: profile.iccid, seqNumber: metadata.seqNumber })
    }
  return { state: next, events }
}

/** As they happened, or what was enabled before what was disabled for it. */
function inOrder({ product }: EuiccState, due: readonly DueNotification[]): readonly DueNotification[] {
  if (product.policy.switchNotifications === 'disableFirst') return due
  const isDisabling = ({ event }: DueNotification) => event === 'notificationDisable'
  return [...due.filter((one) => !isDisabling(one)), ...due.filter(isDisabling)]
}

function receiversOf({ product }: EuiccState, { metadata }: Profile) {
  const isSuppressed = metadata.profileClass === 'test' && product.policy.testProfileNotifications === 'suppressed'
  return isSuppressed ? [] : (metadata.notificationConfigurationInfo ?? [])
}

const isSameHost = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase()

/** Takes the number of its metadata out of the counter. When the list is full the oldest entry goes. Unverified: the latter. */
export function storeNotification(
  state: EuiccState,
  metadata: NotificationMetadata,
  notification: PendingNotification,
): EuiccState {
  const { notifications } = state.memory
  return withMemory(state, {
    lastSeqNumber: metadata.seqNumber,
    notifications: kept(state, [...notifications, { metadata, notification }]),
  })
}

/** What a list of limited length keeps. */
export function kept<Entry>({ product }: EuiccState, list: readonly Entry[]): readonly Entry[] {
  const { limits, policy } = product
  return policy.fullNotificationList === 'dropsOldest'
    ? list.slice(-limits.notifications)
    : list.slice(0, limits.notifications)
}

interface Unsigned {
  readonly metadata: NotificationMetadata
  readonly profile: Profile
  readonly entropy: Entropy
}

/** Unverified: signed under the CI of the profile's download. */
function signed({ eid, product }: EuiccState, { metadata, profile, entropy }: Unsigned): PendingNotification {
  const { credentials, policy } = product
  const ciPkId = policy.notificationKey === 'preferred' ? (credentials.ciPkIds[0] ?? profile.ciPkId) : profile.ciPkId
  const { privateKey, euiccCertificate, eumCertificate } = credentials.of(eid, ciPkId)
  const tbsOtherNotification = capture(NotificationMetadata, metadata)
  return {
    kind: 'otherSignedNotification',
    value: {
      tbsOtherNotification,
      euiccNotificationSignature: entropy.sign(privateKey, [tbsOtherNotification.octets]),
      euiccCertificate,
      eumCertificate,
    },
  }
}
