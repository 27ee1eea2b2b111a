/**
 * The operator's door, on the provider's own port: metrics and the events that nobody received. Only with the bearer token of the
 * configuration; without one in it there is no such door.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readJson } from '../http/body.ts'
import { type Refusal, refuse, statusOf } from '../http/errors.ts'
import type { Handler } from '../http/handler.ts'
import type { HttpAnswer, HttpMessage } from '../http/message.ts'
import type { Outside } from '../outside.ts'
import { optional, strict, text, type Validated, validator } from '../schema.ts'
import type { Database } from '../store/database.ts'
import { backlogOf, deadLetters, replayDeadLetter } from '../store/dead-letters.ts'
import type { Metrics } from './metrics.ts'

interface Office {
  readonly token: string
  readonly database: Database
  readonly metrics: Metrics
  readonly outside: Pick<Outside, 'clock' | 'random'>
  /** An event may go again. */
  replayed(): void
}

type Reply =
  | Refusal
  | { readonly kind: 'reply'; readonly status: number; readonly body: unknown; readonly type?: string }

interface Row {
  readonly method: string
  readonly path: RegExp
  answer(office: Office, message: HttpMessage, id: string): Promise<Reply>
}

const pageSize = 100
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

const replayBody = validator(
  strict({ accessToken: optional(text({ pattern: '^[A-Za-z0-9._~+/=-]+$', maxLength: 8192 })) }),
)

const rows: readonly Row[] = [
  {
    method: 'GET',
    path: /^\/metrics$/,
    answer: async ({ database, metrics }) => ({
      ...{ kind: 'reply', status: 200, type: metrics.contentType },
      body: await metrics.text(await backlogOf(database)),
    }),
  },
  {
    method: 'GET',
    path: /^\/admin\/dead-letters$/,
    async answer({ database }, { query }) {
      const after = new URLSearchParams(query).get('after') ?? undefined
      if (after !== undefined && !new RegExp(`^${uuid}$`).test(after))
        return refuse('INVALID_ARGUMENT', 'after must be an eventId.')
      const page = await deadLetters(database, { after, limit: pageSize })
      const last = page.at(-1)?.eventId
      const next = page.length === pageSize && last ? { next: `/admin/dead-letters?after=${last}` } : {}
      return { kind: 'reply', status: 200, body: { deadLetters: page, ...next } }
    },
  },
  {
    method: 'POST',
    path: new RegExp(`^/admin/dead-letters/(${uuid})/replays$`),
    async answer({ database, outside, replayed }, message, eventId) {
      const body = bodyOf(message)
      if (body.kind !== 'valid') return refuse('INVALID_ARGUMENT', body.why)
      const { accessToken } = body.value
      const credential =
        accessToken === undefined ? {} : { credential: { scheme: 'Bearer', value: accessToken } as const }
      const how = await replayDeadLetter(database, { eventId, now: outside.clock.now(), ...credential })
      if (how === 'unknown') return refuse('NOT_FOUND', 'No event with this eventId waits to be sent again.')
      if (how === 'credential-needed')
        return refuse('INVALID_ARGUMENT', 'Its credential has expired: send an accessToken.')
      replayed()
      return { kind: 'reply', status: 202, body: { eventId } }
    },
  },
]

const bodyOf = (message: HttpMessage): Validated<{ readonly accessToken?: string }> => {
  if (message.body instanceof Uint8Array && message.body.length === 0) return { kind: 'valid', value: {} }
  const json = readJson(message)
  return json.kind === 'refusal' ? { kind: 'invalid', why: json.message } : replayBody(json.value)
}

/** Answers what is the operator's; everything else goes on to `handle`. */
export const withAdmin =
  (handle: Handler, office: Office): Handler =>
  async (message) => {
    const here = rows.filter(({ path }) => path.test(message.path))
    if (here.length === 0) return handle(message)
    return httpAnswerOf(await replyTo(here, office, message), office)
  }

const replyTo = async (here: readonly Row[], office: Office, message: HttpMessage): Promise<Reply> => {
  if (!isOperator(message.headers['authorization'], office.token))
    return refuse('UNAUTHENTICATED', "The operator's token is needed.", { headers: { 'www-authenticate': 'Bearer' } })
  const row = here.find(({ method }) => method === message.method)
  if (!row)
    return refuse('METHOD_NOT_ALLOWED', 'This path has another method.', { headers: { allow: here[0]?.method ?? '' } })
  return row.answer(office, message, row.path.exec(message.path)?.[1] ?? '')
}

const digest = (value: string): Uint8Array => createHash('sha256').update(value).digest()

/** Takes as long for a wrong token as for the right one. */
const isOperator = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(digest(/^Bearer +(.+)$/i.exec(header ?? '')?.[1] ?? ''), digest(token))

const httpAnswerOf = (reply: Reply, { outside }: Office): HttpAnswer => {
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-correlator': outside.random.uuid(),
  }
  if (reply.kind === 'reply')
    return {
      status: reply.status,
      headers: { ...headers, 'content-type': reply.type ?? 'application/json' },
      body: reply.body,
    }
  const status = reply.status ?? statusOf[reply.code]
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json', ...reply.headers },
    body: { status, code: reply.code, message: reply.message },
  }
}
