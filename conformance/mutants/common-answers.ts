/** Wrong in what they answer, in every dialect alike. */
import { valueAt } from '../scenario/json-path.ts'
import { answers, edited, error, header, type Json, parsed, requests } from './changes.ts'
import type { ApiAnswer, ApiRequest, Edge, Layer } from './layer.ts'
import { inCompleted, put, type Words } from './words.ts'

/** Name, what it does, name of the requirement in whichever dialect has it, the layer in that dialect's words. */
export type CommonRow = readonly [
  id: string,
  summary: string,
  breaks: string,
  layer: (words: Words) => () => Layer,
  /** The one scenario that is asked. */
  scenario?: string,
]

type Change = (answer: ApiAnswer, request: ApiRequest, edge: Edge) => ApiAnswer | Promise<ApiAnswer>

const refused =
  (...statuses: readonly number[]) =>
  ({ status }: ApiAnswer): boolean =>
    statuses.includes(status)
const granted =
  (change: (words: Words) => Change) =>
  (words: Words): (() => Layer) =>
    answers((answer, request, edge) =>
      words.isGranted(answer, request) ? change(words)(answer, request, edge) : answer,
    )
const insteadOf = (status: number, other: number, code: string) => () =>
  answers((answer: ApiAnswer) => (refused(status)(answer) ? error(other, code, answer) : answer))
const isObject = (json: Json): boolean => typeof json === 'object' && json !== null && !Array.isArray(json)
const inStatus = (change: (json: Json, words: Words) => Json) =>
  granted(
    (words) => (answer, request) =>
      words.is(request, 'getEsimStatus') ? edited(answer, (json) => change(json, words)) : answer,
  )
/** The list of eSIMs, wherever the dialect has it. */
const inList = (change: (esims: readonly Json[]) => readonly Json[]) =>
  inStatus((json) => {
    const path = ['$.esims', '$.esimProfiles', '$.data.profiles'].find((one) => Array.isArray(valueAt(json, one)))
    return put(json, path, change(valueAt(json, path ?? '$.none') as Json[]))
  })
const withState = (esim: Json, isEnabled: boolean): Json => {
  if ('enableStatus' in esim) return { ...esim, enableStatus: isEnabled ? 1 : 0 }
  const [enabled, disabled] = /^[A-Z]/.test(esim.state) ? ['ENABLED', 'DISABLED'] : ['enabled', 'disabled']
  return { ...esim, state: isEnabled ? enabled : disabled }
}
const isShownEnabled = (esim: Json): boolean => withState(esim, true).state === esim.state && esim.enableStatus !== 0

export const commonAnswers: readonly CommonRow[] = [
  [
    'correlator-replaced',
    'replaces the x-correlator',
    'answers/x-correlator-echoed',
    () => answers((answer) => header(answer, 'x-correlator', 'mine')),
  ],
  [
    'correlator-not-made',
    'sends no x-correlator of its own',
    'answers/x-correlator-generated',
    () =>
      answers((answer, { headers }) =>
        headers['x-correlator'] === undefined ? header(answer, 'x-correlator') : answer,
      ),
  ],
  [
    'correlator-of-any-kind',
    'takes any x-correlator',
    'answers/x-correlator-pattern',
    ({ dialect }) =>
      requests((request) =>
        dialect.correlator.test(request.headers['x-correlator'] ?? '') ? request : header(request, 'x-correlator'),
      ),
  ],
  [
    'answers-as-html',
    'sends its answers as a page',
    'answers/json',
    () => answers((answer) => header(answer, 'content-type', 'text/html')),
  ],
  [
    'first-member-missing',
    'leaves the first member of an answer out',
    'answers/schema',
    granted(
      () => (answer) =>
        edited(answer, (json) => (isObject(json) ? Object.fromEntries(Object.entries(json).slice(1)) : json)),
    ),
  ],
  [
    'owner-shown',
    'shows whose device it is',
    'answers/declared-members',
    granted(() => (answer) => edited(answer, (json) => (isObject(json) ? { ...json, tenant: 'acme' } : json))),
  ],
  [
    'malformed-is-a-crash',
    'answers 500 to a body that is no JSON',
    'errors/malformed-json',
    () =>
      answers((answer, request) =>
        refused(400)(answer) && !isObject(parsed(request)) ? error(500, 'INTERNAL', answer) : answer,
      ),
  ],
  ['missing-has-another-code', 'says BAD_REQUEST', 'errors/missing-property', insteadOf(400, 400, 'BAD_REQUEST')],
  ['wrong-type-422', 'answers 422 to a wrong type', 'errors/wrong-type', insteadOf(400, 422, 'INVALID_ARGUMENT')],
  ['wrong-pattern-404', 'looks up what is no identifier', 'errors/wrong-pattern', insteadOf(400, 404, 'NOT_FOUND')],
  [
    'unknown-property-500',
    'stumbles over unknown properties',
    'errors/unknown-property',
    insteadOf(400, 500, 'INTERNAL'),
  ],
  [
    'media-type-ignored',
    'reads JSON whatever it is called',
    'errors/media-type',
    () => requests((request) => header(request, 'content-type', 'application/json')),
  ],
  [
    'too-large-is-a-crash',
    'answers 500 to a body that is too large',
    'errors/too-large',
    insteadOf(413, 500, 'INTERNAL'),
  ],
  [
    'no-path-400',
    'answers 400 about a path that is none',
    'errors/unknown-path',
    insteadOf(404, 400, 'INVALID_ARGUMENT'),
  ],
  ['wrong-method-404', 'answers 404 to a wrong method', 'errors/wrong-method', insteadOf(405, 404, 'NOT_FOUND')],
  [
    'errors-without-words',
    'says nothing in words',
    'errors/shape',
    () => answers((answer) => (answer.status >= 400 ? edited(answer, ({ message: _, ...body }) => body) : answer)),
  ],
  [
    'members-refused',
    'refuses what a request may say beside what it must',
    'errors/documented-properties',
    granted((words) => (answer, request) => {
      const least = words
        .routeOf(request)
        ?.body?.({ eid: '0', iccid: '0', activationCode: '', operationId: '', sink: '' })
      const isMore = membersOf(parsed(request)) > membersOf(least)
      return words.starts(request) && isMore ? error(400, 'INVALID_ARGUMENT', answer) : answer
    }),
  ],

  [
    'unknown-is-400',
    'answers 400 about what nobody knows',
    'identifiers/unknown-404',
    insteadOf(404, 400, 'INVALID_ARGUMENT'),
  ],
  [
    'unknown-is-404',
    'answers 404 about what nobody knows',
    'identifiers/unknown-403',
    insteadOf(403, 404, 'IDENTIFIER_NOT_FOUND'),
  ],
  [
    'unknown-has-no-esims',
    'answers 400 about the status of an unknown device',
    'identifiers/unknown-to-status',
    insteadOf(404, 400, 'INVALID_ARGUMENT'),
  ],
  [
    'state-before-pair',
    'tells what the state does not allow before what is no pair',
    'identifiers/order-of-refusals',
    insteadOf(422, 409, 'INCOMPATIBLE_STATE'),
  ],
  [
    'forbidden-is-404',
    'answers 404 about a device of somebody else, undeclared',
    'ownership/foreign-is-forbidden',
    insteadOf(403, 404, 'IDENTIFIER_NOT_FOUND'),
  ],

  [
    'operation-in-a-third-state',
    'shows an operation in a state that does not exist',
    'operations/two-states',
    (words) => inCompleted(words, (operation) => put(operation, words.dialect.operation.status, 'DONE')),
  ],
  [
    'completed-is-forgotten',
    'forgets an operation when it is completed',
    'operations/pollable',
    (words) =>
      answers((answer, request) =>
        words.is(request, 'retrieveOperation') && words.told(answer).status === 'completed'
          ? error(404, 'NOT_FOUND', answer)
          : answer,
      ),
  ],
  [
    'completed-long-ago',
    'gives a moment before the request',
    'operations/sane-time',
    (words) =>
      inCompleted(words, (operation) => put(operation, words.dialect.operation.completedAt, '2001-01-01T00:00:00Z')),
  ],
  [
    'result-is-rewritten',
    'tells the result of an operation in other words each time',
    'operations/completed-is-final',
    (words) => {
      let time = 0
      const { completedAt, error: reason } = words.dialect.operation
      const value = () => (completedAt === undefined ? `For the ${++time}. time.` : new Date().toISOString())
      return inCompleted(words, (operation) => put(operation, completedAt ?? reason, value()))
    },
  ],
  [
    'one-id-for-two',
    'gives the second operation the id of the first',
    'operations/own-id',
    (words) => {
      let first: unknown
      const path = words.dialect.accepted.operationId
      return granted(() => (answer, request) => {
        if (!words.starts(request)) return answer
        first ??= valueAt(parsed(answer), path)
        return edited(answer, (json) => put(json, path, first))
      })(words)
    },
  ],
  [
    'done-before-it-is-done',
    'shows an operation as a success before the card has done it',
    'operations/completed-not-before-card',
    (words) => whilePending(words, 'success'),
  ],
  [
    'gives-up-at-once',
    'lets an operation fail whose device cannot be reached',
    'operations/waits-for-device',
    (words) => whilePending(words, 'failed'),
  ],
  [
    'never-gives-up',
    'shows an operation as accepted beyond its time limit',
    'operations/time-limit',
    (words) => inCompleted(words, words.pending),
  ],
  [
    'forgotten-is-gone',
    'answers 410 about an operation that is no longer kept',
    'operations/retention',
    insteadOf(404, 410, 'GONE'),
  ],
  [
    'unknown-operation-410',
    'answers 410 about an operation that it does not know',
    'operations/unknown',
    insteadOf(404, 410, 'GONE'),
  ],
  [
    'other-version-answers',
    'shows the operations of another version',
    'operations/of-this-version',
    (words) => {
      const own = words.dialect.basePath
      const other = /^\/esim-profile-management\/v0\.1rc\d(?=\/operations\/)/
      return requests((request) => ({ ...request, path: request.path.replace(other, own) }))
    },
  ],

  [
    'refusal-is-a-success',
    'reports a refused download as a success',
    'download/refusal-is-reported',
    (words) => inCompleted(words, (operation) => words.completedAs(operation, 'success')),
  ],
  [
    'mismatch-has-another-code',
    'calls every failed download ESIM_DOWNLOAD_FAILED',
    'download/iccid-mismatch',
    (words) => inCompleted(words, codeInstead('ESIM_ICCID_MISMATCH', 'ESIM_DOWNLOAD_FAILED')),
  ],
  [
    'elsewhere-is-404',
    'knows no pair that is none',
    'download/iccid-elsewhere',
    insteadOf(422, 404, 'IDENTIFIER_NOT_FOUND'),
  ],
  [
    'download-is-aborted',
    'aborts a download while another operation is in progress',
    'download/while-busy',
    (words) => {
      let isBusy = false
      return answers((answer, request) => {
        const isAborted = isBusy && words.starts(request, 'download')
        isBusy ||= words.starts(request) && words.isGranted(answer, request)
        return isAborted ? error(409, 'ABORTED', answer) : answer
      })
    },
  ],
  ...(
    [
      'enable/already-enabled-at-once',
      'disable/not-enabled-at-once',
      'set-fallback/enabled-is-refused-at-once',
    ] as const
  ).map(
    (breaks): CommonRow => [
      `state-is-a-bad-request-to-${breaks.split('/')[0]}`,
      'answers 400 where the state does not allow it',
      breaks,
      () => answers((answer) => (refused(409, 422)(answer) ? error(400, 'INVALID_ARGUMENT', answer) : answer)),
    ],
  ),
  ...(
    [
      'enable/already-enabled',
      'disable/not-enabled',
      'set-fallback/enabled-is-refused',
      'delete/enabled-is-kept',
    ] as const
  ).map(
    (breaks): CommonRow => [
      `state-is-no-matter-to-${breaks.split('/')[0]}`,
      'says success where the state does not allow it',
      breaks,
      (words) => inCompleted(words, (operation) => words.completedAs(operation, 'success')),
    ],
  ),
  [
    'enabled-is-not-deleted',
    'says that what is enabled cannot be deleted',
    'delete/enabled-is-disabled-first',
    (words) => inCompleted(words, (operation) => words.completedAs(operation, 'failed')),
  ],
  [
    'fallback-has-another-code',
    'takes what the owner forbids for a matter of state',
    'set-fallback/not-allowed',
    (words) => inCompleted(words, codeInstead('ESIM_FALLBACK_NOT_ALLOWED', 'ESIM_NOT_DISABLED')),
  ],
  [
    'deleted-is-remembered',
    'answers 409 about an eSIM that it has deleted',
    'delete/is-final',
    (words) => {
      let hasDeleted = false
      return answers((answer, request) => {
        hasDeleted ||= words.starts(request, 'delete') && words.isGranted(answer, request)
        return hasDeleted && refused(404, 422)(answer) ? error(409, 'CONFLICT', answer) : answer
      })
    },
  ],
  [
    'never-disables',
    'refuses to disable',
    'profiles/life',
    (words) =>
      answers((answer, request) => (words.starts(request, 'disable') ? error(409, 'CONFLICT', answer) : answer)),
  ],

  [
    'list-cut-short',
    'shows the first eSIM of a device only',
    'retrieve-status/all-of-the-device',
    inList((esims) => esims.slice(0, 1)),
  ],
  ...(['one-by-iccid', 'pair'] as const).map(
    (name): CommonRow => [
      `another-beside-${name}`,
      'shows another eSIM beside the one that was asked for',
      `retrieve-status/${name}`,
      inList((esims) => [...esims, ...esims.map((esim) => ({ ...esim, iccid: '8999999999999999997' }))]),
    ],
  ),
  [
    'third-state',
    'knows eSIMs that are suspended',
    'profiles/two-states',
    inList((esims) =>
      esims.map((esim) => ('state' in esim ? { ...esim, state: 'SUSPENDED' } : { ...esim, enableStatus: 2 })),
    ),
  ],
  [
    'all-stay-enabled',
    'forgets that enabling one eSIM disables the other',
    'profiles/at-most-one-enabled',
    (words) => {
      const enabled = new Set<string>()
      return inList((esims) => {
        for (const esim of esims) if (isShownEnabled(esim)) enabled.add(esim.iccid)
        return esims.map((esim) => withState(esim, enabled.has(esim.iccid)))
      })(words)
    },
  ],
  [
    'both-enabled-for-a-moment',
    'shows two eSIMs as enabled while one takes the place of the other',
    'profiles/at-most-one-enabled',
    (words) => {
      let isBegun = false
      const both = inList((esims) => (isBegun ? esims.map((esim) => withState(esim, true)) : esims))(words)()
      return () => ({
        async api(request, edge) {
          const answer = await (both.api?.(request, edge) ?? edge.ask(request))
          if (words.is(request, 'getEsimStatus')) isBegun = false
          if (words.starts(request, 'enable') && words.isGranted(answer, request)) isBegun = true
          return answer
        },
      })
    },
  ],
  [
    'hidden-while-executing',
    'hides an eSIM when an operation has begun',
    'retrieve-status/truth-while-executing',
    (words) => {
      let isBegun = false
      const hiding = inList((esims) => (isBegun ? esims.slice(1) : esims))(words)()
      return () => ({
        async api(request, edge) {
          const answer = await (hiding.api?.(request, edge) ?? edge.ask(request))
          if (words.is(request, 'getEsimStatus')) isBegun = false
          if (words.starts(request) && words.isGranted(answer, request)) isBegun = true
          return answer
        },
      })
    },
  ],

  [
    'fault-not-told',
    'says success of an operation that a fault lets fail',
    'faults/failure-is-told',
    (words) => inCompleted(words, (operation) => words.completedAs(operation, 'success')),
    'card-memory-full',
  ],
  [
    'disturbance-shown',
    'lets an operation fail that the platform has brought to its end',
    'faults/overcome',
    (words) => inCompleted(words, (operation) => words.completedAs(operation, 'failed')),
    'ipa-duplicate-result',
  ],
  [
    'does-not-wait',
    'gives an operation up that could go on later',
    'faults/waits',
    (words) => whilePending(words, 'failed'),
    'ipa-offline',
  ],
  [
    'lost-after-a-fault',
    'shows no eSIMs after a fault',
    'faults/truth-afterwards',
    inList(() => []),
    'ipa-duplicate-result',
  ],
]

const codeInstead =
  (code: string, other: string) =>
  (operation: Json): Json =>
    JSON.parse(JSON.stringify(operation).replace(code, other))

const whilePending = (words: Words, outcome: 'success' | 'failed') =>
  answers((answer, request) =>
    words.is(request, 'retrieveOperation') && words.told(answer).status === 'accepted'
      ? edited(answer, (operation) => words.completedAs(operation, outcome))
      : answer,
  )

function membersOf(json: Json): number {
  if (Array.isArray(json) || typeof json !== 'object' || json === null) return 0
  return Object.values(json).reduce<number>((sum, value) => sum + 1 + membersOf(value), 0)
}
