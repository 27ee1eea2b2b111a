/** The routes of esim-management@0.1. Four of the five operations differ only in a row. */
import { refuse } from '../../http/errors.ts'
import { answer, type Route, type RouteRequest, route } from '../../http/route.ts'
import { instantOf } from '../../instant.ts'
import type { OperationKind, SinkCredential, Task } from '../../operations/operation.ts'
import type { OwnedProfile, Services } from '../../services.ts'
import type { Choices } from './choices.ts'
import {
  downloadRequest,
  eventOfTypes,
  type OperationRequest,
  operationAnswer,
  operationParams,
  operationRequest,
  type SinkCredentialBody,
  statusAnswer,
  statusRequest,
} from './schemas.ts'
import { eventType, operationAnswerOf } from './wording.ts'

export const dialectId = 'esim-management@0.1'

const scope = (action: 'download' | 'enable' | 'disable' | 'delete' | 'read') => `iot-device-management:esims:${action}`

/** One answer for what does not exist and for what belongs to somebody else. */
const unknown = {
  422: refuse('SERVICE_NOT_APPLICABLE', 'The service does not apply to this identifier.'),
  404: refuse('IDENTIFIER_NOT_FOUND', 'Nothing is known by this identifier.'),
  403: refuse('PERMISSION_DENIED', 'The client may not use this identifier.'),
}
/** A status is read of something, and there is nothing: 404 where operations are told 422. */
const unknownToStatus = { ...unknown, 422: unknown[404] }
const notAPair = refuse('SERVICE_NOT_APPLICABLE', 'This eSIM is not on this eUICC.')

const success = { status: 202, description: 'Accepted; the outcome follows.', body: operationAnswer }
const startErrors = ({ unknownIdentifier }: Choices) =>
  ['INVALID_ARGUMENT', 'SERVICE_NOT_APPLICABLE', unknown[unknownIdentifier].code] as const

const callback = (kind: OperationKind, { events }: Choices) => ({
  summary: 'The operation is completed, whatever its outcome.',
  event: eventOfTypes([eventType(events, kind)]),
})

const download = (choices: Choices) =>
  route({
    method: 'POST',
    path: '/download',
    operationId: 'downloadEsim',
    summary: 'Download an eSIM',
    description:
      'Installs the eSIM that the activation code leads to. It is disabled then, or enabled with activateOnDownload.',
    scope: scope('download'),
    body: downloadRequest,
    success,
    errors: startErrors(choices),
    callback: callback('download', choices),
    async handle(request, services) {
      const { esim, activationCode, activateOnDownload = false } = request.body
      const problem = whereProblem(request.body, services)
      if (problem) return refuse('INVALID_ARGUMENT', problem)
      const profiles = await services.profiles.onEuicc(request.tenant, esim.eid)
      if (profiles.kind === 'unknown') return unknown[choices.unknownIdentifier]
      return accept(request, services, { esim, task: { kind: 'download', activationCode, activateOnDownload } })
    },
  })

interface OperationRow {
  readonly kind: Exclude<OperationKind, 'download'>
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly scope: string
  task(choices: Choices): Task
  /** The state in which the operation makes no sense, and the code that says so. */
  conflict(choices: Choices): { readonly state: OwnedProfile['state']; readonly code: ConflictCode } | undefined
}
type ConflictCode = 'ESIM_NOT_DISABLED' | 'ESIM_NOT_ENABLED'

const wantsDisabled = { state: 'enabled', code: 'ESIM_NOT_DISABLED' } as const
const wantsEnabled = { state: 'disabled', code: 'ESIM_NOT_ENABLED' } as const

const operationRows: readonly OperationRow[] = [
  {
    kind: 'enable',
    operationId: 'enableEsim',
    summary: 'Enable an eSIM',
    description: 'The eUICC disables the one that is enabled now in the same step.',
    scope: scope('enable'),
    task: () => ({ kind: 'enable' }),
    conflict: () => wantsDisabled,
  },
  {
    kind: 'disable',
    operationId: 'disableEsim',
    summary: 'Disable an eSIM',
    description: 'It stays installed. The device may lose its connection.',
    scope: scope('disable'),
    task: () => ({ kind: 'disable' }),
    conflict: () => wantsEnabled,
  },
  {
    kind: 'delete',
    operationId: 'deleteEsim',
    summary: 'Delete an eSIM',
    description: 'Cannot be undone.',
    scope: scope('delete'),
    task: ({ deleteEnabled }) => ({ kind: 'delete', whenEnabled: deleteEnabled }),
    conflict: ({ deleteEnabled }) => (deleteEnabled === 'conflict' ? wantsDisabled : undefined),
  },
  {
    kind: 'set-fallback',
    operationId: 'setFallbackEsim',
    summary: 'Choose the fallback eSIM',
    description: 'The eSIM must be disabled, and its metadata must allow it.',
    scope: scope('enable'),
    task: () => ({ kind: 'set-fallback' }),
    conflict: () => wantsDisabled,
  },
]

const operation = (row: OperationRow, choices: Choices) => {
  const conflict = choices.stateConflicts === 'synchronous' ? row.conflict(choices) : undefined
  return route({
    method: 'POST',
    path: `/${row.kind}`,
    operationId: row.operationId,
    summary: row.summary,
    description: row.description,
    scope: row.scope,
    body: operationRequest,
    success,
    errors: [...startErrors(choices), ...(conflict ? [conflict.code] : [])],
    callback: callback(row.kind, choices),
    async handle(request, services) {
      const { esim } = request.body
      const problem = whereProblem(request.body, services)
      if (problem) return refuse('INVALID_ARGUMENT', problem)
      const profile = await services.profiles.find(request.tenant, esim)
      if (profile.kind === 'unknown') return unknown[choices.unknownIdentifier]
      if (profile.kind === 'not-a-pair') return notAPair
      if (conflict?.state === profile.value.state) return refuse(conflict.code, `The eSIM is ${conflict.state}.`)
      return accept(request, services, { esim: profile.value, task: row.task(choices) })
    },
  })
}

type Start = Pick<OperationRequest, 'sink' | 'sinkCredential'>
interface Asked {
  readonly esim: { readonly eid: string; readonly iccid: string }
  readonly task: Task
}

const accept = async (request: RouteRequest<Start>, { operations }: Services, { esim, task }: Asked) => {
  const { sink, sinkCredential } = request.body
  const accepted = await operations.accept({
    dialect: dialectId,
    tenant: request.tenant,
    correlator: request.correlator,
    eid: esim.eid,
    iccid: esim.iccid,
    task,
    callback: { sink, ...(sinkCredential && { credential: credentialOf(sinkCredential) }) },
  })
  return answer(operationAnswerOf(accepted))
}

const whereProblem = ({ sink, sinkCredential }: Start, { sinkProblem }: Services): string | undefined =>
  sinkProblem(sink) ??
  (sinkCredential?.credentialType === 'REFRESHTOKEN'
    ? sinkProblem(sinkCredential.refreshTokenEndpoint, 'refreshTokenEndpoint')
    : undefined)

const credentialOf = (body: SinkCredentialBody): SinkCredential => {
  if (body.credentialType === 'PLAIN') {
    const value = Buffer.from(`${body.identifier}:${body.secret}`, 'utf8').toString('base64')
    return { scheme: 'Basic', value }
  }
  const bearer = {
    scheme: 'Bearer',
    value: body.accessToken,
    expiresAt: instantOf(body.accessTokenExpiresUtc),
  } as const
  if (body.credentialType === 'ACCESSTOKEN') return bearer
  return { ...bearer, refresh: { token: body.refreshToken, endpoint: body.refreshTokenEndpoint } }
}

const retrieveStatus = (choices: Choices) =>
  route({
    method: 'POST',
    path: '/retrieve-status',
    operationId: 'getEsimStatus',
    summary: 'Read the state of eSIMs',
    description: 'All eSIMs of an eUICC, or one. The states are those that the eUICC last confirmed.',
    scope: scope('read'),
    body: statusRequest,
    success: { status: 200, description: 'The eSIMs.', body: statusAnswer },
    errors: ['SERVICE_NOT_APPLICABLE', unknownToStatus[choices.unknownIdentifier].code],
    async handle({ body: { esim }, tenant }, { profiles }) {
      const found = await profiles.select(tenant, esim)
      if (found.kind === 'unknown') return unknownToStatus[choices.unknownIdentifier]
      if (found.kind === 'not-a-pair') return notAPair
      return answer({
        esims: found.value.map(({ eid, iccid, state, fallbackAttribute }) => ({
          eid,
          iccid,
          state,
          isFallback: fallbackAttribute,
        })),
      })
    },
  })

const retrieveOperation = route({
  method: 'GET',
  path: '/operations/{operationId}',
  operationId: 'retrieveOperation',
  summary: 'Read an operation',
  description: 'Its status, and its result once it is completed.',
  scope: scope('read'),
  params: operationParams,
  success: { status: 200, description: 'The operation.', body: operationAnswer },
  errors: ['NOT_FOUND'],
  async handle({ params, tenant }, { operations }) {
    const found = await operations.find(tenant, params.operationId)
    return found?.dialect === dialectId
      ? answer(operationAnswerOf(found))
      : refuse('NOT_FOUND', 'No operation has this operationId.')
  },
})

export const routesOf = (choices: Choices): readonly Route[] => [
  download(choices),
  ...operationRows.map((row) => operation(row, choices)),
  retrieveStatus(choices),
  retrieveOperation,
]
