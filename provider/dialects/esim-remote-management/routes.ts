/** The routes of esim-remote-management@wip. */
import { refuse } from '../../http/errors.ts'
import { answer, type Route, type RouteRequest, route } from '../../http/route.ts'
import { instantOf } from '../../instant.ts'
import type { Callback, Operation, Task } from '../../operations/operation.ts'
import type { Ordered, OrderedProfile } from '../../rsp/orders.ts'
import type { NewOperation, Services } from '../../services.ts'
import type { Choices } from './choices.ts'
import {
  downloadAnswer,
  downloadRequest,
  eventNames,
  eventOfTypes,
  listAnswer,
  listRequest,
  operAnswer,
  operRequest,
  queryAnswer,
  queryRequest,
  type Whereto,
} from './schemas.ts'
import { taskResultOf, typeOf } from './wording.ts'

export const dialectId = 'esim-remote-management@wip'

const scope = (action: 'download' | 'oper' | 'downloadedlist' | 'query') => `esim-remote-management:${action}`

/** `code` of an answer that starts a task, and the digits of `resultCode`. */
const codes = { success: 100_000, notOrdered: 100_001 } as const
const resultCode = `B${codes.success}`

/** One answer for what does not exist and for what belongs to somebody else. */
const unknown = refuse('IDENTIFIER_NOT_FOUND', 'Nothing is known by this identifier.')

const callback = {
  summary: 'The task is accepted (where initialEvent asks for it), or completed whatever its outcome.',
  event: eventOfTypes(eventNames.map(typeOf)),
}

const longestMessage = 256

const download = route({
  method: 'POST',
  path: '/profile/download',
  operationId: 'profileDownload',
  summary: 'Download a profile',
  description:
    'Orders the profile from the SM-DP+ and has the device install it; it is disabled then, or enabled with autoEnableType. ' +
    'An order that the SM-DP+ refuses is answered with another code than 100000 and no taskId.',
  scope: scope('download'),
  body: downloadRequest,
  success: { status: 200, description: 'The task, or why there is none.', body: downloadAnswer },
  starts: true,
  errors: ['INVALID_ARGUMENT', 'IDENTIFIER_NOT_FOUND'],
  callback,
  async handle(request, services) {
    const { config } = request.body
    const { iccid, autoEnableType } = config.subscriptionDetail
    const whereto = callbackOf(request.body, services)
    if (whereto.kind === 'problem') return refuse('INVALID_ARGUMENT', whereto.why)
    const { eid } = deviceOf(config.subscriptionDetail, services)
    if (eid === undefined || (await services.profiles.onEuicc(request.tenant, eid)).kind === 'unknown') return unknown
    const ordered = await ordering({ eid, iccid }, services)
    if (ordered.kind === 'refused')
      return {
        ...answer({ code: codes.notOrdered, message: ordered.detail.slice(0, longestMessage), config }),
        isIdle: true,
      }
    const { activationCode } = ordered
    const task = { kind: 'download', activationCode, activateOnDownload: autoEnableType === 1 } as const
    const { operationId } = await services.operations.accept(asked(request, { eid, iccid, task, ...whereto }))
    return answer(acceptedAnswer(operationId, config))
  },
})

/**
 * An order that is refused may be refused for one of ours that leads to nothing any more: the provider died before its task was written, or the task
 * has failed.
 */
const ordering = async (profile: OrderedProfile, { orders, operations }: Services): Promise<Ordered> => {
  const ordered = await orders.order(profile)
  if (ordered.kind === 'ordered' || (await operations.isUnderWay(profile))) return ordered
  const again = await orders.reorder(profile)
  return again.kind === 'ordered' ? again : ordered
}

interface Device {
  readonly eid?: string
  /** EID and IMEI are of two devices. */
  readonly isContradiction?: true
}

/** An IMEI of which the provider has been told nothing says nothing. */
const deviceOf = (
  { eId, imei }: { readonly eId?: string; readonly imei?: string },
  { eidOf }: Pick<Services, 'eidOf'>,
): Device => {
  const named = imei === undefined ? undefined : eidOf(imei)
  if (eId !== undefined && named !== undefined && named !== eId) return { isContradiction: true }
  const eid = eId ?? named
  return eid === undefined ? {} : { eid }
}

const taskOf = ({ deleteEnabled }: Choices): Readonly<Record<1 | 2 | 3, Task>> => ({
  1: { kind: 'enable' },
  2: { kind: 'disable' },
  3: { kind: 'delete', whenEnabled: deleteEnabled },
})

const oper = (choices: Choices) =>
  route({
    method: 'POST',
    path: '/profile/oper',
    operationId: 'profileOperation',
    summary: 'Enable, disable or delete a profile',
    description: 'Whether the state of the profile allows it is decided when the task has its turn.',
    scope: scope('oper'),
    body: operRequest,
    success: { status: 200, description: 'The task.', body: operAnswer },
    starts: true,
    errors: ['INVALID_ARGUMENT', 'IDENTIFIER_NOT_FOUND'],
    callback,
    async handle(request, services) {
      const { config } = request.body
      const { iccid, optType } = config.subscriptionDetail
      const whereto = callbackOf(request.body, services)
      if (whereto.kind === 'problem') return refuse('INVALID_ARGUMENT', whereto.why)
      const device = deviceOf(config.subscriptionDetail, services)
      if (device.isContradiction) return unknown
      const found = await services.profiles.find(request.tenant, { iccid, ...device })
      if (found.kind !== 'found') return unknown
      const task = taskOf(choices)[optType]
      const { operationId } = await services.operations.accept(asked(request, { ...found.value, task, ...whereto }))
      return answer(acceptedAnswer(operationId, config))
    },
  })

const acceptedAnswer = <C>(taskId: string, config: C) => ({
  code: codes.success,
  message: 'Accepted.',
  taskId,
  config,
})

/** A repeated request is shown what its task is about; what it had said of events is not kept. */
export const againOf = ({ operationId, eid, iccid, task }: Operation) =>
  acceptedAnswer(operationId, { subscriptionDetail: { eId: eid, iccid, ...detailOf(task) } })

const detailOf = (task: Task): object => {
  if (task.kind === 'download') return task.activateOnDownload ? { autoEnableType: 1 } : {}
  return { optType: { enable: 1, disable: 2, delete: 3, 'set-fallback': undefined }[task.kind] }
}

const asked = (
  { tenant, correlator }: RouteRequest<unknown>,
  { eid, iccid, task, callback }: Pick<NewOperation, 'eid' | 'iccid' | 'task' | 'callback'>,
): NewOperation => ({
  ...{ dialect: dialectId, tenant, correlator, eid, task },
  ...(iccid !== undefined && { iccid }),
  ...(callback && { callback }),
})

type Subscribed =
  | { readonly kind: 'callback'; readonly callback?: Callback }
  | { readonly kind: 'problem'; readonly why: string }

/** The events that are left of two when the request has chosen among them: with one event at most, the first one is all. */
const callbackOf = ({ sink, types = eventNames, config }: Whereto, services: Services): Subscribed => {
  const { initialEvent = false, subscriptionMaxEvents = 2, subscriptionExpireTime } = config
  const until = subscriptionExpireTime === undefined ? undefined : instantOf(subscriptionExpireTime)
  if (until !== undefined && until <= services.now())
    return { kind: 'problem', why: 'subscriptionExpireTime has passed already.' }
  if (sink === undefined) return { kind: 'callback' }
  const why = services.sinkProblem(sink)
  if (why) return { kind: 'problem', why }
  const initial = initialEvent && types.includes('operation-accepted')
  const outcome = types.includes('operation-completed') && (!initial || subscriptionMaxEvents > 1)
  return { kind: 'callback', callback: { sink, wants: { initial, outcome, ...(until !== undefined && { until }) } } }
}

const list = route({
  method: 'POST',
  path: '/profile/downloaded-list',
  operationId: 'profileList',
  summary: 'List the profiles of a device',
  description: 'With their states, as the device last confirmed them.',
  scope: scope('downloadedlist'),
  body: listRequest,
  success: { status: 200, description: 'The profiles.', body: listAnswer },
  errors: ['IDENTIFIER_NOT_FOUND'],
  async handle({ body: { data, ...envelope }, tenant }, { profiles }) {
    const found = await profiles.onEuicc(tenant, data.eId)
    if (found.kind === 'unknown') return unknown
    const rows = found.value.map(({ iccid, state }) => ({ iccid, enableStatus: state === 'enabled' ? 1 : 0 }) as const)
    return answer({ ...answered(envelope), data: { eId: data.eId, profiles: rows } })
  },
})

const query = route({
  method: 'POST',
  path: '/profile/result/query',
  operationId: 'profileResultQuery',
  summary: 'Ask for the outcome of a task',
  description: 'operResult says whether it is executing, has succeeded or has failed; resultCode is about the query.',
  scope: scope('query'),
  body: queryRequest,
  success: { status: 200, description: 'The task.', body: queryAnswer },
  errors: ['NOT_FOUND'],
  async handle({ body: { data, ...envelope }, tenant }, { operations }) {
    const found = await operations.find(tenant, data.taskId)
    return found?.dialect === dialectId
      ? answer({ ...answered(envelope), data: taskResultOf(found) })
      : refuse('NOT_FOUND', 'No task has this taskId, or none any more.')
  },
})

const answered = ({ sequenceNum }: { readonly sequenceNum?: string }) => ({
  resultCode,
  resultDesc: 'Success.',
  ...(sequenceNum !== undefined && { sequenceNum }),
})

export const routesOf = (choices: Choices): readonly Route[] => [download, oper(choices), list, query]
