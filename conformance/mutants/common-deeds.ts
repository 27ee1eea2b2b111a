/** Wrong in what they do, in every dialect alike: whom they let in, and what they do that nobody asked for. */
import { tell } from '../dialects/dialect.ts'
import { valueAt } from '../scenario/json-path.ts'
import { answers, claimsOf, edited, error, header, type Json, parsed, requests, tokenHeaderOf } from './changes.ts'
import type { CommonRow } from './common-answers.ts'
import type { ApiAnswer, ApiRequest, Edge, Layer } from './layer.ts'
import { inCompleted, NOWHERE, onceCompleted, put, type Words } from './words.ts'

/** With a genuine token in the place of the one that was sent, when that one is of this kind. */
const trusting =
  (isTrusted: (claims: Json, sent: string) => boolean) =>
  ({ routeOf }: Words): (() => Layer) =>
    requests(async (request, edge) => {
      const sent = request.headers['authorization'] ?? ''
      const { scope } = routeOf(request) ?? {}
      if (scope === undefined || !isTrusted(claimsOf(sent), sent)) return request
      return header(request, 'authorization', `Bearer ${await edge.token([scope])}`)
    })

const asOther = async ({ routeOf }: Words, request: ApiRequest, edge: Edge): Promise<ApiRequest> =>
  header(request, 'authorization', `Bearer ${await edge.token([routeOf(request)?.scope ?? ''], 'other')}`)

/** What is refused is asked again as somebody else. */
const leaking =
  (isLeak: (words: Words, request: ApiRequest) => boolean) =>
  (words: Words): (() => Layer) =>
    answers(async (answer, request, edge) =>
      answer.status >= 403 && answer.status < 500 && isLeak(words, request)
        ? edge.ask(await asOther(words, request, edge))
        : answer,
    )

type Operation = 'enableEsim' | 'disableEsim' | 'deleteEsim' | 'setFallbackEsim'
const starting = {
  enable: 'enableEsim',
  disable: 'disableEsim',
  delete: 'deleteEsim',
  'set-fallback': 'setFallbackEsim',
} as const

/** Does another thing than was asked for, and calls it what was asked for. */
const redirecting = (from: keyof typeof starting, to: Operation) => (words: Words) => (): Layer => ({
  async api(request, edge) {
    const { operation } = words.dialect.operation
    const isMeant = words.starts(request, from)
    const answer = await edge.ask(isMeant ? await words.insteadOf(request, to, edge) : request)
    const isShown = isMeant || words.is(request, 'retrieveOperation')
    return isShown && answer.status < 300 ? edited(answer, (json) => put(json, operation, from)) : answer
  },
})

/** Does more than was asked for, before it tells that it is done. */
const afterwards = (operation: keyof typeof starting | 'download', name: Operation) => (words: Words) =>
  onceCompleted(words, operation, async ({ esim }, _, edge) => {
    await words.carryOut(edge, name, { iccid: String(esim.iccid) })
  })

/** The same download twice before the first has ended: the second one is told what the first one is. */
const bothSucceed = (words: Words) => (): Layer => {
  const started = new Map<string, readonly string[]>()
  const subject = (request: ApiRequest): string => {
    const { eid, iccid } = words.dialect.requested
    const [device, esim] = [valueAt(parsed(request), eid), valueAt(parsed(request), iccid)]
    return `${device} ${esim} ${parsed(request)?.activationCode}`
  }
  const isTwin = (id: string): boolean => [...started.values()].some((ids) => ids.length > 1 && ids.includes(id))
  const first = new Map<string, ApiAnswer>()
  return {
    async api(request, edge) {
      const answer = await edge.ask(request)
      const said = tell(words.dialect.accepted, parsed(answer))
      if (words.starts(request, 'download')) {
        const known = first.get(subject(request))
        if (said.operationId === undefined && known !== undefined)
          return header(known, 'x-correlator', request.headers['x-correlator'])
        first.set(subject(request), known ?? answer)
        started.set(subject(request), [...(started.get(subject(request)) ?? []), String(said.operationId)])
        return answer
      }
      const ended = words.is(request, 'retrieveOperation') ? words.told(answer) : undefined
      return ended?.outcome === 'failed' && isTwin(String(ended.operationId))
        ? edited(answer, (operation) => words.completedAs(operation, 'success'))
        : answer
    },
  }
}

const inBody = (change: (body: Json, words: Words) => Json) => (words: Words) =>
  requests((request) => (words.starts(request) ? edited(request, (body) => change(body, words)) : request))

export const commonDeeds: readonly CommonRow[] = [
  [
    'anybody-let-in',
    'lets everybody in',
    'authorization/token-required',
    trusting((_, sent) => !sent.startsWith('Bearer ')),
  ],
  [
    'unsigned-let-in',
    'believes an unsigned token',
    'authorization/token-genuine',
    trusting((_, sent) => sent.startsWith('Bearer ') && sent.endsWith('.')),
  ],
  [
    'other-scheme-let-in',
    'takes a token under any scheme',
    'authorization/token-required',
    trusting((_, sent) => /^(Basic )?[\w-]{20,}\.[\w-]+\.[\w-]+$/.test(sent)),
  ],
  [
    'small-scheme-kept-out',
    'knows Bearer in one spelling only',
    'authorization/scheme-in-any-case',
    () =>
      requests((request) =>
        request.headers['authorization']?.startsWith('bearer ') ? header(request, 'authorization') : request,
      ),
  ],
  [
    'own-key-let-in',
    'verifies a token with the key that the token brings along',
    'authorization/token-genuine',
    trusting((_, sent) => tokenHeaderOf(sent)?.jwk !== undefined),
  ],
  [
    'early-let-in',
    'believes a token before its time',
    'authorization/token-current',
    trusting((claims) => claims?.nbf > Date.now() / 1000),
  ],
  [
    'other-issuer-let-in',
    'believes a token of anybody',
    'authorization/token-ours',
    trusting((claims) => claims?.iss === 'https://another-issuer.example'),
  ],
  [
    'expired-let-in',
    'believes an expired token',
    'authorization/token-current',
    trusting((claims) => claims?.exp < Date.now() / 1000),
  ],
  [
    'other-audience-let-in',
    'believes a token for somebody else',
    'authorization/token-ours',
    trusting((claims) => claims?.aud === 'https://another-api.example'),
  ],
  [
    'scope-not-looked-at',
    'does without a scope',
    'authorization/scope-required',
    ({ routeOf }) =>
      answers(async (answer, request, edge) =>
        answer.status === 403 && routeOf(request) !== undefined
          ? edge.ask(header(request, 'authorization', `Bearer ${await edge.token([routeOf(request)?.scope ?? ''])}`))
          : answer,
      ),
  ],
  [
    'scope-not-enough',
    'wants more than the scope of the request',
    'authorization/scope-sufficient',
    (words) =>
      answers((answer, request) =>
        words.isGranted(answer, request) ? error(403, 'PERMISSION_DENIED', answer) : answer,
      ),
  ],
  [
    'foreign-device-served',
    'serves everybody with devices of everybody',
    'ownership/foreign-device',
    leaking((words, request) => words.starts(request) || words.is(request, 'getEsimStatus')),
  ],
  [
    'foreign-operation-told',
    'shows the operations of everybody',
    'ownership/foreign-operation',
    leaking((words, request) => words.is(request, 'retrieveOperation')),
  ],
  [
    'foreign-device-hinted-at',
    'says that a device belongs to somebody else',
    'ownership/foreign-like-unknown',
    (words) =>
      answers(async (answer, request, edge) => {
        if (!words.is(request, 'getEsimStatus') || answer.status < 403) return answer
        const { status } = await edge.ask(await asOther(words, request, edge))
        return status === 200
          ? edited(answer, (body) => ({ ...body, message: 'It belongs to somebody else.' }))
          : answer
      }),
  ],
  [
    'eid-not-looked-at',
    'does not look at the EID',
    'identifiers/pair-must-match',
    inBody((body, { dialect }) => put(body, dialect.requested.eid, undefined)),
  ],
  [
    'refused-and-done',
    'executes what it refuses for an unknown property',
    'errors/change-nothing',
    (words) =>
      answers(async (answer, request, edge) => {
        const { nonsense, ...body } = parsed(request) ?? {}
        if (words.starts(request) && answer.status === 400 && nonsense !== undefined)
          await edge.ask({ ...request, body: JSON.stringify({ ...body, ...('sink' in body && { sink: NOWHERE }) }) })
        return answer
      }),
  ],
  [
    'sink-taken',
    'takes a sink, and says nothing there',
    'operations/no-event',
    inBody((body) => put(body, '$.sink', undefined)),
  ],
  [
    'answers-when-done',
    'answers a request when the device has done it',
    'operations/asynchronous',
    (words) =>
      answers(async (answer, request, edge) => {
        if (!words.starts(request) || !words.isGranted(answer, request)) return answer
        const operationId = String(valueAt(parsed(answer), words.dialect.accepted.operationId))
        const isOpen = async () =>
          words.told(await words.send(edge, 'retrieveOperation', { operationId })).status === 'accepted'
        while (await isOpen()) await edge.sleep(100)
        return answer
      }),
  ],
  [
    'enables-before-it-deletes',
    'enables an eSIM and disables it again before it deletes it',
    'operations/executed-once',
    (words) =>
      requests(async (request, edge) => {
        if (!words.starts(request, 'delete')) return request
        const iccid = String(valueAt(parsed(request), words.dialect.requested.iccid))
        for (const name of ['enableEsim', 'disableEsim'] as const) await words.carryOut(edge, name, { iccid })
        return request
      }),
  ],
  [
    'both-downloads-succeed',
    'says of both of two downloads at the same time that they have installed the eSIM',
    'operations/one-at-a-time',
    bothSucceed,
  ],
  [
    'order-turned-round',
    'dates later operations before earlier ones, or does another thing at last',
    'operations/in-order',
    (words) => {
      const { completedAt } = words.dialect.operation
      if (completedAt === undefined) return redirecting('delete', 'enableEsim')(words)
      const known: unknown[] = []
      return inCompleted(words, (operation, { operationId }) => {
        if (!known.includes(operationId)) known.push(operationId)
        const earlier = known.indexOf(operationId) * 60_000
        return put(
          operation,
          completedAt,
          new Date(Date.parse(valueAt(operation, completedAt) as string) - earlier).toISOString(),
        )
      })
    },
  ],
  [
    'download-is-enabled',
    'enables whatever it has downloaded',
    'download/installs-disabled',
    afterwards('download', 'enableEsim'),
  ],
  [
    'failed-download-disables',
    'disables the enabled eSIM when a download fails',
    'download/failure-activates-nothing',
    (words) =>
      onceCompleted(words, 'download', async ({ esim, outcome }, _, edge) => {
        const shown =
          outcome === 'failed' ? words.esims(await words.send(edge, 'getEsimStatus', { eid: String(esim.eid) })) : []
        const enabled = shown.find(({ state }) => state === 'enabled')
        if (enabled) await words.carryOut(edge, 'disableEsim', { iccid: enabled.iccid })
      }),
  ],
  [
    'activation-code-mended',
    'takes an activation code without its prefix',
    'download/activation-code',
    inBody((body) =>
      typeof body?.activationCode === 'string' && !body.activationCode.startsWith('LPA:')
        ? { ...body, activationCode: `LPA:${body.activationCode}` }
        : body,
    ),
  ],
  ...(['expected-iccid', 'unexpected-iccid'] as const).map(
    (name): CommonRow => [
      `${name}-ignored`,
      'does not look at the ICCID that a download names',
      `download/${name}`,
      (words) =>
        requests((request) =>
          words.starts(request, 'download')
            ? edited(request, (body) => put(body, words.dialect.requested.iccid, undefined))
            : request,
        ),
    ],
  ),
  [
    'enables-the-former-again',
    'enables the eSIM again that was enabled before',
    'enable/only-one-enabled',
    (words) =>
      onceCompleted(words, 'enable', async ({ esim }, request, edge) => {
        const eid = esim.eid ?? (await eidOf(words, request, edge))
        const shown = words.esims(await words.send(edge, 'getEsimStatus', { eid: String(eid) }))
        const former = shown.find(({ iccid }) => iccid !== esim.iccid)
        if (former) await words.carryOut(edge, 'enableEsim', { iccid: former.iccid })
      }),
  ],
  ['enables-nothing', 'disables where it should enable', 'enable/enables', redirecting('enable', 'disableEsim')],
  [
    'disables-for-a-moment',
    'enables again what it has disabled',
    'disable/disables',
    afterwards('disable', 'enableEsim'),
  ],
  [
    'disabled-is-deleted',
    'deletes what it has disabled',
    'disable/stays-installed',
    afterwards('disable', 'deleteEsim'),
  ],
  ['deletes-nothing', 'enables where it should delete', 'delete/removes', redirecting('delete', 'enableEsim')],
  [
    'fallback-is-enabled',
    'enables the eSIM that should become the fallback',
    'set-fallback/designates',
    redirecting('set-fallback', 'enableEsim'),
  ],
  [
    'fallback-does-not-move',
    'enables the eSIM that should become the fallback next',
    'set-fallback/only-one-fallback',
    redirecting('set-fallback', 'enableEsim'),
  ],
  [
    'rolls-back-for-the-sink',
    'undoes an operation whose event the sink does not take',
    'delivery/operation-unaffected',
    (words) => () => ({
      event: async (attempt, edge) => {
        const status = await edge.deliver(attempt)
        const iccid = String(valueAt(parsed(attempt), words.dialect.event?.iccid ?? '$.none'))
        if (status < 200 || status >= 300) await words.carryOut(edge, 'disableEsim', { iccid })
        return status
      },
    }),
  ],
]

/** As the request names it, or as the status of its eSIM does. */
async function eidOf(words: Words, request: ApiRequest, edge: Edge): Promise<string | undefined> {
  const { eid, iccid } = words.dialect.requested
  const named = valueAt(parsed(request), eid)
  if (typeof named === 'string') return named
  if (!words.dialect.abilities.includes('status-of-one')) return undefined
  const answer = await words.send(edge, 'getEsimStatus', { iccid: String(valueAt(parsed(request), iccid)) })
  const [one] = words.esims(answer) as readonly { readonly eid?: string }[]
  return one?.eid
}
