/** The dialects as a client sees them: what a call of each action looks like, and what an answer or an event says of the operation. */
import { randomUUID } from 'node:crypto'

export type Action =
  | 'download'
  | 'enable'
  | 'disable'
  | 'delete'
  | 'set-fallback'
  | 'status'
  | 'operation'
  | 'subscribe'

/** What the command line has said. */
export interface Asked {
  readonly eid?: string
  readonly iccid?: string
  readonly activationCode?: string
  readonly activate: boolean
  readonly id?: string
  readonly sink?: string
  readonly sinkToken?: string
  readonly maxEvents?: number
  readonly expires?: string
  readonly initialEvent: boolean
}

/** Values by the name of their flag. */
export type Need = 'eid' | 'iccid' | 'activation-code' | 'id' | 'sink'

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the base path. */
  readonly path: string
  readonly scope: string
  readonly body?: object
}

/** `id` names it in the dialect that started it. */
export interface OperationSeen {
  readonly id: string
  readonly state: 'running' | 'succeeded' | 'failed'
  readonly why?: string
}

interface ActionRow {
  readonly needs: readonly Need[]
  call(asked: Asked): Call
}

export interface ClientDialect {
  readonly basePath: string
  readonly actions: Readonly<Partial<Record<Action, ActionRow>>>
  /** Of an answer to an action that starts or reads an operation; undefined: it speaks of none. */
  operation?(answer: Json): OperationSeen | undefined
  /** Of the data of an event. */
  told?(data: Json): OperationSeen | undefined
  /** Whether this action tells a sink. */
  tells(action: Action): boolean
  /** Whether a call without a sink is refused. */
  readonly needsSink?: true
}

export type Json = { readonly [name: string]: unknown }

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const operations = ['enable', 'disable', 'delete', 'set-fallback'] as const

const present = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never

const rows = <A extends Action>(actions: readonly A[], row: (action: A) => ActionRow) =>
  Object.fromEntries(actions.map((action) => [action, row(action)])) as Record<A, ActionRow>

const seen = (id: string | undefined, state: OperationSeen['state'], why?: string): OperationSeen | undefined =>
  id === undefined ? undefined : { id, state, ...(why !== undefined && { why }) }

const saidOf = (error: Json): string | undefined => {
  const said = [error['code'], error['message'], error['details']].filter((word) => typeof word === 'string')
  return said.length === 0 ? undefined : said.join(': ')
}

/** Lower-case outcome of esim-management. */
const managed = (answer: Json): OperationSeen | undefined => {
  const result = record(answer['result'])
  if (answer['status'] !== 'completed') return seen(textOf(answer['operationId']), 'running')
  const error = saidOf(record(result['error'] ?? answer['error'])) ?? textOf(result['outcome'])
  return result['outcome'] === 'success'
    ? seen(textOf(answer['operationId']), 'succeeded')
    : seen(textOf(answer['operationId']), 'failed', error)
}

const esim = (action: string) => `iot-device-management:esims:${action}`
const sinkOf = ({ sink, sinkToken }: Pick<Asked, 'sink' | 'sinkToken'>) =>
  present({ sink, sinkCredential: credentialOf(sinkToken) })
const credentialOf = (accessToken: string | undefined) =>
  accessToken === undefined
    ? undefined
    : {
        ...{ credentialType: 'ACCESSTOKEN', accessToken, accessTokenType: 'bearer' },
        accessTokenExpiresUtc: new Date(Date.now() + 86_400_000).toISOString(),
      }

const esimManagement: ClientDialect = {
  basePath: '/esim',
  needsSink: true,
  tells: (action) => action === 'download' || (operations as readonly string[]).includes(action),
  operation: managed,
  told: managed,
  actions: {
    download: {
      needs: ['eid', 'iccid', 'activation-code'],
      call: ({ eid, iccid, activationCode, activate, ...asked }) => ({
        ...{ method: 'POST', path: '/download', scope: esim('download') },
        body: {
          esim: { eid, iccid },
          activationCode,
          ...(activate && { activateOnDownload: true }),
          ...sinkOf(asked),
        },
      }),
    },
    ...rows(operations, (action) => ({
      needs: ['iccid'],
      call: ({ eid, iccid, ...asked }) => ({
        ...{ method: 'POST', path: `/${action}`, scope: esim(action === 'set-fallback' ? 'enable' : action) },
        body: { esim: present({ eid, iccid }), ...sinkOf(asked) },
      }),
    })),
    status: {
      needs: [],
      call: ({ eid, iccid }) => ({
        ...{ method: 'POST', path: '/retrieve-status', scope: esim('read') },
        body: { esim: present({ eid, iccid }) },
      }),
    },
    operation: {
      needs: ['id'],
      call: ({ id = '' }) => ({
        method: 'GET',
        path: `/operations/${encodeURIComponent(id)}`,
        scope: esim('read'),
      }),
    },
  },
}

const profile = (action: string) => `iot-device-management:esim-profiles:${action}`

const esimProfileManagement = (basePath: string): ClientDialect => ({
  basePath,
  tells: () => false,
  operation(answer) {
    const id = textOf(answer['operationId'])
    if (answer['status'] !== 'COMPLETED') return seen(id, 'running')
    const { outcome, failureReason } = record(answer['result'])
    return outcome === 'SUCCESS' ? seen(id, 'succeeded') : seen(id, 'failed', textOf(failureReason))
  },
  actions: {
    download: {
      needs: ['eid', 'activation-code'],
      call: ({ eid, iccid, activationCode }) => ({
        ...{ method: 'POST', path: '/download', scope: profile('download') },
        body: { esimProfile: present({ eid, iccid }), activationCode },
      }),
    },
    ...rows(operations, (action) => ({
      needs: ['iccid'],
      call: ({ eid, iccid }) => ({
        ...{ method: 'POST', path: `/${action}`, scope: profile(action) },
        body: { esimProfile: present({ eid, iccid }) },
      }),
    })),
    status: {
      needs: [],
      call: ({ eid, iccid }) => ({
        ...{ method: 'POST', path: '/retrieve-status', scope: profile('retrieve-status') },
        body: { esimProfile: present({ eid, iccid }) },
      }),
    },
    operation: {
      needs: ['id'],
      call: ({ id = '' }) => ({
        method: 'GET',
        path: `/operations/${encodeURIComponent(id)}`,
        scope: profile('retrieve-operation'),
      }),
    },
  },
})

const remote = (action: string) => `esim-remote-management:${action}`
const remoteWhereto = ({ sink, initialEvent, maxEvents, expires }: Asked, subscriptionDetail: object) => ({
  ...(sink !== undefined && { protocol: 'HTTP', sink }),
  config: {
    subscriptionDetail: present(subscriptionDetail),
    ...(initialEvent && { initialEvent }),
    ...present({ subscriptionMaxEvents: maxEvents, subscriptionExpireTime: expires }),
  },
})
const taskStates = ['running', 'succeeded', 'failed'] as const

const task = (data: Json): OperationSeen | undefined => {
  const state = taskStates[Number(data['operResult'])] ?? 'running'
  return seen(textOf(data['taskId']), state, state === 'failed' ? textOf(data['resultMsg']) : undefined)
}

const optTypes = { enable: 1, disable: 2, delete: 3 } as const

const esimRemoteManagement: ClientDialect = {
  basePath: '/esim-remote-management/vwip',
  tells: (action) => action === 'download' || action in optTypes,
  operation(answer) {
    if ('data' in answer) return task(record(answer['data']))
    if (answer['code'] === undefined || answer['code'] === 100_000) return seen(textOf(answer['taskId']), 'running')
    return { id: '', state: 'failed', why: `${String(answer['code'])}: ${String(answer['message'])}` }
  },
  told: task,
  actions: {
    download: {
      needs: ['eid', 'iccid'],
      call: (asked) => ({
        ...{ method: 'POST', path: '/profile/download', scope: remote('download') },
        body: remoteWhereto(asked, {
          eId: asked.eid,
          iccid: asked.iccid,
          autoEnableType: asked.activate ? 1 : undefined,
        }),
      }),
    },
    ...rows(['enable', 'disable', 'delete'], (action) => ({
      needs: ['iccid'],
      call: (asked) => ({
        ...{ method: 'POST', path: '/profile/oper', scope: remote('oper') },
        body: remoteWhereto(asked, { eId: asked.eid, iccid: asked.iccid, optType: optTypes[action] }),
      }),
    })),
    status: {
      needs: ['eid'],
      call: ({ eid }) => ({
        ...{ method: 'POST', path: '/profile/downloaded-list', scope: remote('downloadedlist') },
        body: { data: { eId: eid }, sequenceNum: randomUUID() },
      }),
    },
    operation: {
      needs: ['id'],
      call: ({ id }) => ({
        ...{ method: 'POST', path: '/profile/result/query', scope: remote('query') },
        body: { data: { taskId: id }, sequenceNum: randomUUID() },
      }),
    },
  },
}

const completedType = 'org.camaraproject.esim-profile-management.v0.operation-completed'

const esimProfileManagementSubscriptions: ClientDialect = {
  basePath: '/esim-profile-management-subscriptions/vwip',
  needsSink: true,
  tells: (action) => action === 'subscribe',
  actions: {
    subscribe: {
      needs: [],
      call: ({ eid, iccid, id, sink, sinkToken, maxEvents, expires, initialEvent }) => ({
        ...{ method: 'POST', path: '/subscriptions' },
        scope: `esim-profile-management-subscriptions:${completedType}:create`,
        body: {
          ...{ protocol: 'HTTP', sink, types: [completedType] },
          ...present({ sinkCredential: credentialOf(sinkToken) }),
          config: {
            subscriptionDetail: {
              ...((eid ?? iccid) !== undefined && { esimProfile: present({ eid, iccid }) }),
              ...(id !== undefined && { operation: { operationId: id } }),
            },
            ...present({ subscriptionMaxEvents: maxEvents, subscriptionExpireTime: expires }),
            ...(initialEvent && { initialEvent }),
          },
        },
      }),
    },
  },
}

export const clientDialects: Readonly<Record<string, ClientDialect>> = {
  'esim-management@0.1': esimManagement,
  'esim-profile-management@0.1.0-rc.1': esimProfileManagement('/esim-profile-management/v0.1rc1'),
  'esim-profile-management@0.1.0-rc.2': esimProfileManagement('/esim-profile-management/v0.1rc2'),
  'esim-profile-management-subscriptions@wip': esimProfileManagementSubscriptions,
  'esim-remote-management@wip': esimRemoteManagement,
}

export const actions: readonly Action[] = ['download', ...operations, 'status', 'operation', 'subscribe']
