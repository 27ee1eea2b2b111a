/** What the operator is told of a download: SGP.22 v2.5, 5.3.5. Unverified: the numbers of the points and what is told at each. */
import { type FailedStatus, failedStatus } from '../../rsp-server/index.ts'
import type { AnsweredFunction } from '../bindings/binding.ts'
import type { Fields, Result } from '../function.ts'
import type { Taken } from '../functions/handle-notification.ts'
import { type InstallationResult, type Order, profileTypeOf } from '../order.ts'

const points = {
  eligibilityCheck: 1,
  confirmationFailure: 2,
  download: 3,
  installation: 4,
  notificationDelete: 5,
  notificationEnable: 101,
  notificationDisable: 102,
} as const

export interface Progress {
  readonly notificationPointId: number
  readonly notificationPointStatus: { readonly status: 'Executed-Success' } | FailedStatus
  /** DER of the ProfileInstallationResult. */
  readonly resultData?: Uint8Array
}

type Point = keyof typeof points

const at = (point: Point, status: Progress['notificationPointStatus'] = { status: 'Executed-Success' }): Progress => ({
  notificationPointId: points[point],
  notificationPointStatus: status,
})

/** What is told when a function succeeds, and when a check does not hold. Of what comes before the eUICC is known nothing is told. */
const reached: Readonly<Partial<Record<AnsweredFunction, { readonly ok: Point } & Readonly<Record<string, Point>>>>> = {
  authenticateClient: {
    ok: 'eligibilityCheck',
    'profile-released': 'eligibilityCheck',
    'order-not-expired': 'eligibilityCheck',
    'downloads-left': 'eligibilityCheck',
    'euicc-eligible': 'eligibilityCheck',
    'memory-sufficient': 'eligibilityCheck',
  },
  getBoundProfilePackage: {
    ok: 'download',
    'confirmation-code-given': 'confirmationFailure',
    'confirmation-code-right-or-last': 'confirmationFailure',
    'confirmation-attempts-left': 'confirmationFailure',
    'binding-possible': 'download',
    'order-not-expired': 'download',
  },
  cancelSession: { ok: 'confirmationFailure' },
}

/** A session that the eUICC cancels has failed, though the function has not. */
const CANCELLED = failedStatus({ subjectCode: '8.1', reasonCode: '4.2' }, 'session-cancelled')

export function progressOf(name: AnsweredFunction, result: Result<Fields>): Progress | undefined {
  const point = reached[name]?.[result.kind === 'ok' ? 'ok' : result.check]
  if (point === undefined) return undefined
  if (result.kind === 'refused') return at(point, failedStatus(result.status, result.check))
  return name === 'cancelSession' ? at(point, CANCELLED) : at(point)
}

/** Of a notification that was believed. */
export function progressOfNotification({ outcome, told }: Taken): Progress | undefined {
  if (outcome !== 'taken' || !told) return undefined
  if (told.kind === 'event') return at(told.event)
  return { ...at('installation', statusOf(told.result)), resultData: told.octets }
}

const statusOf = (result: InstallationResult): Progress['notificationPointStatus'] =>
  result.kind === 'success'
    ? { status: 'Executed-Success' }
    : failedStatus({ subjectCode: '8.2', reasonCode: '4.2' }, `${result.bppCommandId}: ${result.errorReason}`)

/** One message of HandleDownloadProgressInfo, without its header. */
export function progressMessage(order: Order, progress: Progress, now: number): object {
  const { iccid, binding } = order
  const { resultData, ...told } = progress
  const eid = order.eid ?? binding?.euicc.eid
  return {
    ...(eid !== undefined && { eid }),
    iccid,
    profileType: profileTypeOf(order),
    timestamp: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...told,
    ...(resultData && { resultData: Buffer.from(resultData).toString('base64') }),
  }
}
