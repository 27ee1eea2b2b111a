/** ES9+.HandleNotification: SGP.22 v2.5, 5.6.4. It has no answer: what cannot be believed is noted and changes nothing. */
import { encode } from '../../../protocol/ber/index.ts'
import { verify } from '../../../protocol/crypto/index.ts'
import {
  type ErrorResult,
  type HandleNotification,
  type OtherSignedNotification,
  ProfileInstallationResult,
  type ProfileInstallationResultData,
} from '../../../protocol/sgp22/index.ts'
import { verifyChain } from '../../rsp-server/index.ts'
import type { Changes, World } from '../function.ts'
import { can, type InstallationResult, moved, type Order, type OrderEvent } from '../order.ts'
import { after, allows } from '../session.ts'

/** What the operator may know of it; `octets`: DER of the ProfileInstallationResult. */
type Told =
  | { readonly kind: 'installation'; readonly result: InstallationResult; readonly octets: Uint8Array }
  | { readonly kind: 'event'; readonly event: 'notificationEnable' | 'notificationDisable' | 'notificationDelete' }

/** `unknown`: of no order of ours. `unverified`: not signed by the eUICC that it should come from. `repeated`: known already. */
export type Taken = Changes & {
  readonly outcome: 'taken' | 'repeated' | 'unknown' | 'unverified'
  /** For the operator. */
  readonly told?: Told
}

export function handleNotification(world: World, { pendingNotification }: HandleNotification): Taken {
  return pendingNotification.kind === 'profileInstallationResult'
    ? takeInstallationResult(world, pendingNotification.value)
    : takeOther(world, pendingNotification.value)
}

function takeInstallationResult(world: World, result: ProfileInstallationResult): Taken {
  const { octets, value: data } = result.profileInstallationResultData
  const session = world.session(data.transactionId)
  const order = world.order(session?.iccid ?? data.notificationMetadata.iccid)
  if (!order?.binding || !isOf(order, data)) return { outcome: 'unknown' }
  if (!verify(order.binding.euicc.publicKey, [octets], result.euiccSignPIR)) return { outcome: 'unverified' }
  const event = eventOf(data.finalResult)
  if (order.result || !can(order, event)) return { outcome: 'repeated' }
  const installation = resultOf(data.finalResult)
  return {
    outcome: 'taken',
    told: { kind: 'installation', result: installation, octets: encode(ProfileInstallationResult, result) },
    order: { ...moved(order, event), ...(event !== 'retry' && { result: installation }) },
    ...(allows(session, 'handleNotification') && { session: after(session, 'handleNotification') }),
  }
}

/** An installation counts also when the package was asked for again meanwhile, an error only for the last package. */
const isOf = (
  { iccid, binding }: Order,
  { transactionId, finalResult, notificationMetadata }: ProfileInstallationResultData,
) =>
  binding?.transactionId === transactionId ||
  (finalResult.kind === 'successResult' && notificationMetadata.iccid === iccid)

type FinalResult = ProfileInstallationResultData['finalResult']

/** Errors that may pass: SGP.22 v2.5, 2.5.6.1. All others are for good. */
const temporary: readonly ErrorResult['errorReason'][] = [
  'installFailedDueToInsufficientMemoryForProfile',
  'installFailedDueToInterruption',
]

function eventOf({ kind, value }: FinalResult): OrderEvent {
  if (kind === 'successResult') return 'install'
  return temporary.includes(value.errorReason) ? 'retry' : 'fail'
}

function resultOf({ kind, value }: FinalResult): InstallationResult {
  if (kind === 'successResult') return { kind: 'success', aid: value.aid }
  return { kind: 'error', bppCommandId: value.bppCommandId, errorReason: value.errorReason }
}

function takeOther(world: World, notification: OtherSignedNotification): Taken {
  const { octets, value: metadata } = notification.tbsOtherNotification
  const order = world.order(metadata.iccid)
  if (!order) return { outcome: 'unknown' }
  const chain = verifyChain(notification, { trusted: world.servers.map(({ ci }) => ci), at: world.now })
  const verified = chain.ok && verify(chain.publicKey, [octets], notification.euiccNotificationSignature)
  if (!verified || chain.eid !== order.binding?.euicc.eid) return { outcome: 'unverified' }
  const [event] = metadata.profileManagementOperation
  const { seqNumber } = metadata
  if (event === undefined || seqNumber <= lastOf(order, event)) return { outcome: 'repeated' }
  return {
    outcome: 'taken',
    ...(event !== 'notificationInstall' && { told: { kind: 'event', event } }),
    order: { ...order, notifications: { ...order.notifications, [event]: seqNumber } },
  }
}

const lastOf = (order: Order, event: keyof Order['notifications']): number => order.notifications[event] ?? -1
