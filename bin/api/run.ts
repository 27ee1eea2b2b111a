/** One call of the API, and what comes after it: the outcome that is waited for, the events that are listened to. */
import type { Action, Asked, Call, ClientDialect, Json, OperationSeen } from './dialects.ts'
import { NoAnswer, type Send } from './exchange.ts'
import type { Sink } from './listen.ts'
import type { Token } from './token.ts'

export interface Client {
  /** Target and base path. */
  readonly base: string
  readonly dialect: ClientDialect
  readonly send: Send
  readonly token: Token
  readonly correlator?: string
}

/** Where the run says what happens. */
export interface Reporter {
  /** An answer or an event. */
  show(what: 'answer' | 'event', json: unknown): void
  /** The line that changes while one waits. */
  progress(text: string): void
  /** The last sentence. */
  outcome(text: string): void
}

export interface Running {
  readonly client: Client
  readonly report: Reporter
  readonly sink?: Sink
  readonly wait: boolean
  readonly timeoutMs: number
  /** Settles when the person has had enough. */
  readonly enough: Promise<void>
}

/** How often is asked. */
const intervalMs = 500

type Ending = 'succeeded' | 'failed'

/** 'failed': the API has refused, or the operation has failed. */
export const runAction = async (action: Action, asked: Asked, running: Running): Promise<Ending> => {
  const { client, report, sink } = running
  const row = client.dialect.actions[action]
  if (!row) throw new Error(`no row for ${action}`)
  const answered = await callApi(client, row.call({ ...asked, ...(sink && { sink: sink.url }) }))
  report.show('answer', answered.json)
  if (answered.status >= 300) return refused(answered, report)
  if (action === 'subscribe') return sink ? listen(sink, answered.json, running) : 'succeeded'
  const operation = client.dialect.operation?.(objectOf(answered.json))
  if (!operation) return 'succeeded'
  if (operation.state === 'running' && running.wait) return conclude(await waitFor(operation, action, running), report)
  return operation.state === 'failed' ? conclude(operation, report) : 'succeeded'
}

const refused = ({ status, json }: { readonly status: number; readonly json: unknown }, report: Reporter): Ending => {
  const { code, message } = objectOf(json)
  report.outcome(`refused: ${status} ${String(code ?? '')} ${String(message ?? '')}`.trimEnd())
  return 'failed'
}

const conclude = ({ id, state, why }: OperationSeen, report: Reporter): Ending => {
  const name = id === '' ? 'The operation' : `Operation ${id}`
  report.outcome(`${name} has ${state}${why === undefined ? '.' : `: ${why}`}`)
  return state === 'succeeded' ? 'succeeded' : 'failed'
}

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

const callApi = async ({ base, send, token, correlator }: Client, { method, path, scope, body }: Call) =>
  send({
    ...{ method, url: `${base}${path}` },
    headers: {
      authorization: `Bearer ${await token([scope])}`,
      ...(correlator !== undefined && { 'x-correlator': correlator }),
    },
    ...(body && { body }),
  })

/** By the event where we listen, by asking where we do not. */
const waitFor = async (operation: OperationSeen, action: Action, running: Running): Promise<OperationSeen> => {
  const { timeoutMs, report, sink } = running
  const startedAt = Date.now()
  const elapsed = () => Math.round((Date.now() - startedAt) / 1000)
  const ticking = setInterval(() => report.progress(`${action} ${operation.id}: running, ${elapsed()} s`), 1000)
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new NoAnswer(`No outcome within ${timeoutMs / 1000} s.`)), timeoutMs).unref()
  })
  const stopped = running.enough.then((): never => {
    throw new NoAnswer('Stopped before there was an outcome.')
  })
  try {
    const outcome = sink ? toldOf(sink, operation, running) : askedOf(operation, running)
    return await Promise.race([outcome, late, stopped])
  } finally {
    clearInterval(ticking)
    report.progress('')
  }
}

const toldOf = async (sink: Sink, { id }: OperationSeen, { client, report }: Running): Promise<OperationSeen> => {
  for (;;) {
    const event = await sink.next()
    if (!event) throw new NoAnswer('The sink was closed before the event came.')
    report.show('event', event)
    const told = client.dialect.told?.(objectOf(event['data']))
    if (told?.id === id && told.state !== 'running') return told
  }
}

const askedOf = async ({ id }: OperationSeen, { client, report }: Running): Promise<OperationSeen> => {
  const row = client.dialect.actions.operation
  if (!row) throw new Error('a dialect with operations has no way to read them')
  for (;;) {
    const { status, json } = await callApi(client, row.call({ id, activate: false, initialEvent: false }))
    if (status !== 200) throw new NoAnswer(`Operation ${id} cannot be read: ${status}.`)
    const found = client.dialect.operation?.(objectOf(json))
    if (found && found.state !== 'running') {
      report.show('answer', json)
      return found
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs))
  }
}

/** Until the subscription ends, or the person has had enough: then it is deleted. */
const listen = async (sink: Sink, subscription: unknown, { client, report, enough }: Running): Promise<Ending> => {
  const id = String(objectOf(subscription)['id'])
  let leaving = false
  void enough.then(async () => {
    leaving = true
    await callApi(client, {
      ...{ method: 'DELETE', path: `/subscriptions/${encodeURIComponent(id)}` },
      scope: 'esim-profile-management-subscriptions:delete',
    }).catch(() => sink.close())
  })
  for (;;) {
    const event = await sink.next()
    if (!event) return leaving ? 'succeeded' : 'failed'
    report.show('event', event)
    if (!String(event['type']).endsWith('.subscription-ended')) continue
    report.outcome(`Subscription ${id} has ended: ${String(objectOf(event['data'])['terminationReason'])}.`)
    return 'succeeded'
  }
}
