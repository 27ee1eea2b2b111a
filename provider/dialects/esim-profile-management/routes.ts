/** The routes of esim-profile-management. Four of the five operations differ only in a row. */
import { refuse } from '../../http/errors.ts'
import { answer, type Route, type RouteRequest, route } from '../../http/route.ts'
import type { OperationKind, Task } from '../../operations/operation.ts'
import type { NewOperation, OwnedProfile, Services } from '../../services.ts'
import type { Choices } from './choices.ts'
import {
  downloadRequest,
  downloadRequestWithIccid,
  operationAnswer,
  operationParams,
  operationRequest,
  statusAnswer,
  statusRequest,
} from './schemas.ts'
import type { Version } from './version.ts'
import { operationAnswerOf } from './wording.ts'

const scope = (action: OperationKind | 'retrieve-status' | 'retrieve-operation') =>
  `iot-device-management:esim-profiles:${action}`

/** One answer for what does not exist and for what belongs to somebody else. */
const unknown = refuse('IDENTIFIER_NOT_FOUND', 'Nothing is known by this identifier.')
const notAPair = ({ mismatch }: Version) => refuse(mismatch, 'This profile is not on this eUICC.')
const aborted = refuse('ABORTED', 'Another operation on this eUICC is in progress.')
const neverFallback = refuse('SERVICE_NOT_APPLICABLE', 'The owner of this profile does not allow it as the fallback.')

const success = {
  status: 202,
  description: 'Accepted; the outcome is read at Location.',
  body: operationAnswer,
  location: 'The operation, below which its outcome is read.',
}

const download = (version: Version) =>
  route({
    method: 'POST',
    path: '/download',
    operationId: 'downloadEsimProfile',
    summary: 'Download a profile',
    description:
      'Installs the profile that the activation code leads to; it is DISABLED then. Its ICCID is assignedIccid of the result. ' +
      'While another operation on the eUICC is in progress it waits for its turn.',
    scope: scope('download'),
    body: version.downloadNamesIccid ? downloadRequestWithIccid : downloadRequest,
    success,
    errors: ['IDENTIFIER_NOT_FOUND', ...(version.downloadNamesIccid ? [version.mismatch] : [])],
    async handle(request, services) {
      const { esimProfile, activationCode } = request.body
      const { eid, iccid } = esimProfile
      const profiles = await services.profiles.onEuicc(request.tenant, eid)
      if (profiles.kind === 'unknown') return unknown
      if (iccid !== undefined && (await services.profiles.find(request.tenant, { eid, iccid })).kind === 'not-a-pair')
        return notAPair(version)
      const task = { kind: 'download', activationCode, activateOnDownload: false } as const
      const accepted = await services.operations.accept(asked(request, version, { ...esimProfile, task }))
      return answer(operationAnswerOf(accepted), `/operations/${accepted.operationId}`)
    },
  })

interface OperationRow {
  readonly kind: Exclude<OperationKind, 'download'>
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly task: Task
  /** The only state in which it makes sense. */
  readonly wants: OwnedProfile['state']
  /** What no change of state would mend. */
  readonly never?: (profile: OwnedProfile) => boolean
}

const operationRows: readonly OperationRow[] = [
  {
    kind: 'enable',
    operationId: 'enableEsimProfile',
    summary: 'Enable a profile',
    description: 'DISABLED to ENABLED. The eUICC disables the one that is enabled now in the same step.',
    task: { kind: 'enable' },
    wants: 'disabled',
  },
  {
    kind: 'disable',
    operationId: 'disableEsimProfile',
    summary: 'Disable a profile',
    description: 'ENABLED to DISABLED. It stays installed. The device may lose its connection.',
    task: { kind: 'disable' },
    wants: 'enabled',
  },
  {
    kind: 'delete',
    operationId: 'deleteEsimProfile',
    summary: 'Delete a profile',
    description: 'It must be DISABLED. Cannot be undone.',
    task: { kind: 'delete', whenEnabled: 'conflict' },
    wants: 'disabled',
  },
  {
    kind: 'set-fallback',
    operationId: 'setFallbackEsimProfile',
    summary: 'Choose the fallback profile',
    description: 'It must be DISABLED, and its metadata must allow it.',
    task: { kind: 'set-fallback' },
    wants: 'disabled',
    never: ({ fallbackAllowed }) => !fallbackAllowed,
  },
]

const operation = (row: OperationRow, version: Version, { whenBusy }: Choices) =>
  route({
    method: 'POST',
    path: `/${row.kind}`,
    operationId: row.operationId,
    summary: row.summary,
    description: row.description,
    scope: scope(row.kind),
    body: operationRequest,
    success,
    errors: [
      ...(['IDENTIFIER_NOT_FOUND', 'INCOMPATIBLE_STATE'] as const),
      ...(whenBusy === 'abort' ? (['ABORTED'] as const) : []),
      ...(row.never ? (['SERVICE_NOT_APPLICABLE'] as const) : []),
      version.mismatch,
    ],
    async handle(request, { profiles, operations }) {
      const found = await profiles.find(request.tenant, request.body.esimProfile)
      if (found.kind === 'unknown') return unknown
      if (found.kind === 'not-a-pair') return notAPair(version)
      const profile = found.value
      if (row.never?.(profile)) return neverFallback
      if (whenBusy === 'abort' && (await operations.isBusy(profile.eid))) return aborted
      if (profile.state !== row.wants)
        return refuse('INCOMPATIBLE_STATE', `The profile is ${spelled(profile.state)}, not ${spelled(row.wants)}.`)
      const accept = whenBusy === 'abort' ? operations.acceptIfIdle : operations.accept
      const accepted = await accept(asked(request, version, { ...profile, task: row.task }))
      return accepted ? answer(operationAnswerOf(accepted), `/operations/${accepted.operationId}`) : aborted
    },
  })

const asked = (
  { tenant, correlator }: RouteRequest<unknown>,
  { id }: Version,
  { eid, iccid, task }: Pick<NewOperation, 'eid' | 'iccid' | 'task'>,
): NewOperation => ({ dialect: id, tenant, correlator, eid, ...(iccid !== undefined && { iccid }), task })

const spelled = (state: OwnedProfile['state']) => (state === 'enabled' ? 'ENABLED' : 'DISABLED')

const retrieveStatus = (version: Version) =>
  route({
    method: 'POST',
    path: '/retrieve-status',
    operationId: 'getEsimProfileStatus',
    summary: 'Read the state of profiles',
    description: 'All profiles of an eUICC, or one. The states are those that the eUICC last confirmed.',
    scope: scope('retrieve-status'),
    body: statusRequest,
    success: { status: 200, description: 'The profiles.', body: statusAnswer },
    errors: ['IDENTIFIER_NOT_FOUND', version.mismatch],
    async handle({ body: { esimProfile }, tenant }, { profiles }) {
      const found = await profiles.select(tenant, esimProfile)
      if (found.kind === 'unknown') return unknown
      if (found.kind === 'not-a-pair') return notAPair(version)
      return answer({
        esimProfiles: found.value.map(({ eid, iccid, state, fallbackAttribute }) => ({
          eid,
          iccid,
          state: spelled(state),
          isFallback: fallbackAttribute,
        })),
      })
    },
  })

const retrieveOperation = ({ id }: Version) =>
  route({
    method: 'GET',
    path: '/operations/{operationId}',
    operationId: 'retrieveOperation',
    summary: 'Read an operation',
    description: 'Its status, and its result once it is COMPLETED. It is kept for a while after that.',
    scope: scope('retrieve-operation'),
    params: operationParams,
    success: { status: 200, description: 'The operation.', body: operationAnswer },
    errors: ['NOT_FOUND'],
    async handle({ params, tenant }, { operations }: Services) {
      const found = await operations.find(tenant, params.operationId)
      return found?.dialect === id
        ? answer(operationAnswerOf(found))
        : refuse('NOT_FOUND', 'No operation has this operationId, or none any more.')
    },
  })

export const routesOf = (version: Version, choices: Choices): readonly Route[] => [
  download(version),
  ...operationRows.map((row) => operation(row, version, choices)),
  retrieveStatus(version),
  retrieveOperation(version),
]
