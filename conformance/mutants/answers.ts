/** Wrong in what they answer: statuses, codes, members, headers, states. */
import {
  answers,
  ask,
  completed,
  edited,
  error,
  header,
  type Json,
  parsed,
  readsOperation,
  readsStatus,
  starts,
} from './changes.ts'
import type { ApiAnswer, Mutant } from './layer.ts'

const inOperation = (change: (operation: Json) => Json) =>
  answers((answer, request) => (readsOperation(request) && answer.status === 200 ? edited(answer, change) : answer))
const inAccepted = (change: (operation: Json) => Json) =>
  answers((answer, request) => (starts(request) && answer.status === 202 ? edited(answer, change) : answer))
const inStatus = (change: (status: Json) => Json) =>
  answers((answer, request) => (readsStatus(request) && answer.status === 200 ? edited(answer, change) : answer))
const inErrors = (change: (answer: ApiAnswer) => ApiAnswer, ...statuses: readonly number[]) =>
  answers((answer) =>
    answer.status >= 400 && (statuses.length === 0 || statuses.includes(answer.status)) ? change(answer) : answer,
  )

export const wrongAnswers: readonly Mutant[] = [
  {
    id: 'accepts-with-200',
    summary: 'answers 200 where 202 belongs',
    breaks: 'esim-management/operations/accepted',
    layer: answers((answer) => (answer.status === 202 ? { ...answer, status: 200 } : answer)),
  },
  {
    id: 'accepted-in-upper-case',
    summary: 'says ACCEPTED',
    breaks: 'esim-management/operations/accepted',
    layer: inAccepted((operation) => ({ ...operation, status: 'ACCEPTED' })),
  },
  {
    id: 'result-with-202',
    summary: 'gives a result before there is one',
    breaks: 'esim-management/operations/accepted',
    layer: inAccepted((operation) => ({
      ...operation,
      result: { outcome: 'success', completedAt: new Date().toISOString() },
    })),
  },
  {
    id: 'operation-id-no-uuid',
    summary: 'numbers its operations',
    breaks: 'esim-management/operations/accepted',
    layer: inAccepted((operation) => ({ ...operation, operationId: '42' })),
  },
  {
    id: 'names-another-esim',
    summary: 'answers with the ICCID of nobody',
    breaks: 'esim-management/operations/accepted',
    layer: inAccepted((operation) => ({ ...operation, esim: { iccid: '8988300000000000000' } })),
  },
  {
    id: 'names-another-device',
    summary: 'answers with the EID of nobody',
    breaks: 'esim-management/operations/accepted',
    layer: inAccepted((operation) => ({
      ...operation,
      esim: { ...operation.esim, eid: '89999999999999999999999999999975' },
    })),
  },
  {
    id: 'completed-in-upper-case',
    summary: 'says COMPLETED',
    breaks: 'esim-management/operations/two-states',
    layer: inOperation((operation) => ({ ...operation, status: operation.status.toUpperCase() })),
  },
  {
    id: 'status-failed',
    summary: 'shows a failed operation with status failed',
    breaks: 'esim-management/operations/two-states',
    layer: inOperation((operation) =>
      operation.result?.outcome === 'failed' ? { ...operation, status: 'failed' } : operation,
    ),
  },
  {
    id: 'completed-without-result',
    summary: 'shows no result of a completed operation',
    breaks: 'esim-management/operations/result',
    layer: inOperation(({ result: _, ...operation }) => operation),
  },
  {
    id: 'failed-without-error',
    summary: 'does not say why an operation failed',
    breaks: 'esim-management/operations/result',
    layer: inOperation((operation) =>
      operation.result ? { ...operation, result: { ...operation.result, error: undefined } } : operation,
    ),
  },
  {
    id: 'completed-at-moves',
    summary: 'gives the present time as completedAt',
    breaks: 'esim-management/operations/completed-is-final',
    layer: inOperation((operation) =>
      operation.result
        ? { ...operation, result: { ...operation.result, completedAt: new Date().toISOString() } }
        : operation,
    ),
  },
  {
    id: 'forgets-completed',
    summary: 'forgets an operation when it is completed',
    breaks: 'esim-management/operations/pollable',
    layer: answers((answer, request) =>
      readsOperation(request) && parsed(answer)?.status === 'completed' ? error(404, 'NOT_FOUND', answer) : answer,
    ),
  },
  {
    id: 'never-completes',
    summary: 'shows an operation as accepted for ever',
    breaks: 'esim-management/enable/enables',
    layer: inOperation(({ result: _, ...operation }) => ({ ...operation, status: 'accepted' })),
  },
  {
    id: 'completes-at-once',
    summary: 'shows an operation as completed before the card has done it',
    breaks: 'esim-management/operations/completed-not-before-card',
    layer: inOperation((operation) =>
      operation.status === 'accepted'
        ? { ...operation, status: 'completed', result: { outcome: 'success', completedAt: new Date().toISOString() } }
        : operation,
    ),
  },
  {
    id: 'completes-unreachable',
    summary: 'shows an operation as completed whose device cannot be reached',
    breaks: 'esim-management/operations/waits-for-device',
    layer: inOperation((operation) =>
      operation.status === 'accepted'
        ? { ...operation, status: 'completed', result: { outcome: 'success', completedAt: new Date().toISOString() } }
        : operation,
    ),
  },
  {
    id: 'unknown-operation-accepted',
    summary: 'shows an operation that nobody started',
    breaks: 'esim-management/operations/unknown',
    layer: answers((answer, request) =>
      readsOperation(request) && answer.status === 404 ? { ...answer, status: 200 } : answer,
    ),
  },
  {
    id: 'waits-for-the-device',
    summary: 'answers 202 when the device has done it',
    breaks: 'esim-management/operations/asynchronous',
    layer: answers(async (answer, request, edge) => {
      if (starts(request) && answer.status === 202) await completed(edge, parsed(answer).operationId)
      return answer
    }),
  },
  {
    id: 'success-for-failure',
    summary: 'reports a failed download as success',
    breaks: 'esim-management/download/refusal-is-reported',
    layer: inOperation((operation) =>
      operation.result?.outcome === 'failed'
        ? { ...operation, result: { outcome: 'success', completedAt: operation.result.completedAt } }
        : operation,
    ),
  },
  {
    id: 'failure-without-details',
    summary: 'gives no details of a refused download',
    breaks: 'esim-management/download/refusal-is-reported',
    layer: inOperation((operation) =>
      operation.result?.error
        ? { ...operation, result: { ...operation.result, error: { ...operation.result.error, details: undefined } } }
        : operation,
    ),
  },
  {
    id: 'wrong-code-already-installed',
    summary: 'calls every failed download ESIM_DOWNLOAD_FAILED',
    breaks: 'esim-management/download/already-installed',
    layer: inOperation((operation) =>
      JSON.parse(JSON.stringify(operation).replace('ESIM_ALREADY_INSTALLED', 'ESIM_DOWNLOAD_FAILED')),
    ),
  },
  {
    id: 'wrong-code-not-enabled',
    summary: 'gives the error of the opposite state',
    breaks: 'esim-management/disable/not-enabled',
    layer: inOperation((operation) =>
      JSON.parse(JSON.stringify(operation).replace('ESIM_NOT_ENABLED', 'ESIM_NOT_DISABLED')),
    ),
  },
  {
    id: 'failure-becomes-success',
    summary: 'takes enable of an enabled eSIM for a success',
    breaks: 'esim-management/enable/already-enabled',
    layer: inOperation((operation) =>
      operation.result?.error?.code === 'ESIM_NOT_DISABLED'
        ? { ...operation, result: { outcome: 'success', completedAt: operation.result.completedAt } }
        : operation,
    ),
  },

  {
    id: 'states-in-upper-case',
    summary: 'says ENABLED and DISABLED',
    breaks: 'esim-management/answers/schema',
    layer: inStatus(({ esims }) => ({
      esims: esims.map((esim: Json) => ({ ...esim, state: esim.state.toUpperCase() })),
    })),
  },
  {
    id: 'fallback-not-shown',
    summary: 'never shows a fallback',
    breaks: 'esim-management/retrieve-status/is-the-truth',
    layer: inStatus(({ esims }) => ({ esims: esims.map((esim: Json) => ({ ...esim, isFallback: false })) })),
  },
  {
    id: 'fallback-left-out',
    summary: 'leaves isFallback out where it is false',
    breaks: 'esim-management/answers/schema',
    layer: inStatus(({ esims }) => ({
      esims: esims.map(({ isFallback, ...esim }: Json) => (isFallback ? { ...esim, isFallback } : esim)),
    })),
  },
  {
    id: 'first-esim-only',
    summary: 'shows the first eSIM of a device only',
    breaks: 'esim-management/retrieve-status/all-of-the-device',
    layer: inStatus(({ esims }) => ({ esims: esims.slice(0, 1) })),
  },
  {
    id: 'all-for-one',
    summary: 'shows all eSIMs of the device when asked for one',
    breaks: 'esim-management/retrieve-status/one-by-iccid',
    layer: answers(async (answer, request, edge) => {
      const eid = readsStatus(request) && answer.status === 200 ? parsed(answer).esims[0]?.eid : undefined
      return eid === undefined ? answer : { ...answer, body: (await ask(edge, request.path, { esim: { eid } })).body }
    }),
  },
  {
    id: 'status-is-cached',
    summary: 'shows what it once saw',
    breaks: 'esim-management/retrieve-status/is-the-truth',
    layer: () => {
      const seen = new Map<string, string>()
      return answers((answer, request) => {
        if (!readsStatus(request) || answer.status !== 200) return answer
        const body = seen.get(request.body) ?? answer.body
        seen.set(request.body, body)
        return { ...answer, body }
      })()
    },
  },
  {
    id: 'two-enabled-shown',
    summary: 'forgets that enabling one eSIM disables the other',
    breaks: 'esim-management/profiles/at-most-one-enabled',
    layer: () => {
      const enabled = new Set<string>()
      return answers((answer, request) => {
        if (!readsStatus(request) || answer.status !== 200) return answer
        for (const { iccid, state } of parsed(answer).esims) if (state === 'enabled') enabled.add(iccid)
        return edited(answer, ({ esims }) => ({
          esims: esims.map((esim: Json) => ({ ...esim, state: enabled.has(esim.iccid) ? 'enabled' : esim.state })),
        }))
      })()
    },
  },
  {
    id: 'both-enabled-for-a-moment',
    summary: 'shows two eSIMs as enabled while one takes the place of the other',
    breaks: 'esim-management/profiles/at-most-one-enabled',
    layer: () => {
      let isBegun = false
      return answers((answer, request) => {
        if (starts(request, 'enable') && answer.status === 202) isBegun = true
        if (!readsStatus(request) || answer.status !== 200 || !isBegun) return answer
        isBegun = false
        return edited(answer, ({ esims }) => ({ esims: esims.map((esim: Json) => ({ ...esim, state: 'enabled' })) }))
      })()
    },
  },
  {
    id: 'unknown-status-empty',
    summary: 'shows an empty list for an unknown device',
    breaks: 'esim-management/identifiers/unknown-to-status',
    layer: answers((answer, request) =>
      readsStatus(request) && answer.status === 404 ? { ...answer, status: 200, body: '{"esims":[]}' } : answer,
    ),
  },
  {
    id: 'unknown-is-bad-request',
    summary: 'answers 400 about an unknown eSIM',
    breaks: 'esim-management/identifiers/unknown',
    layer: answers((answer) => (answer.status === 422 ? error(400, 'INVALID_ARGUMENT', answer) : answer)),
  },

  {
    id: 'no-correlator-on-errors',
    summary: 'echoes the x-correlator on success only',
    breaks: 'esim-management/answers/x-correlator-echoed',
    layer: inErrors((answer) => header(answer, 'x-correlator')),
  },
  {
    id: 'correlator-of-its-own',
    summary: 'replaces the x-correlator',
    breaks: 'esim-management/answers/x-correlator-echoed',
    layer: answers((answer) => header(answer, 'x-correlator', 'mine')),
  },
  {
    id: 'no-correlator-generated',
    summary: 'sends no x-correlator of its own',
    breaks: 'esim-management/answers/x-correlator-generated',
    layer: answers((answer, request) =>
      request.headers['x-correlator'] === undefined ? header(answer, 'x-correlator') : answer,
    ),
  },
  {
    id: 'errors-as-html',
    summary: 'sends errors as a page',
    breaks: 'esim-management/answers/json',
    layer: inErrors((answer) => header({ ...answer, body: '<h1>Error</h1>' }, 'content-type', 'text/html')),
  },
  {
    id: 'status-as-text',
    summary: 'puts the status of an error into a text',
    breaks: 'esim-management/errors/shape',
    layer: inErrors((answer) => edited(answer, (body) => ({ ...body, status: String(body.status) }))),
  },
  {
    id: 'error-without-message',
    summary: 'says nothing in words',
    breaks: 'esim-management/errors/shape',
    layer: inErrors((answer) => edited(answer, ({ status, code }) => ({ status, code }))),
  },
  {
    id: 'another-code',
    summary: 'says BAD_REQUEST',
    breaks: 'esim-management/errors/missing-property',
    layer: inErrors((answer) => edited(answer, (body) => ({ ...body, code: 'BAD_REQUEST' })), 400),
  },
  {
    id: 'undeclared-member',
    summary: 'shows whose device it is',
    breaks: 'esim-management/answers/declared-members',
    layer: inAccepted((operation) => ({ ...operation, tenant: 'acme' })),
  },
  {
    id: 'crash-on-malformed',
    summary: 'answers 500 to a body that is no JSON',
    breaks: 'esim-management/errors/malformed-json',
    layer: answers((answer, request) =>
      answer.status === 400 && parsed(request) === undefined ? error(500, 'INTERNAL', answer) : answer,
    ),
  },
  {
    id: 'hangs-up-on-malformed',
    summary: 'closes the connection on a body that is no JSON',
    breaks: 'esim-management/errors/malformed-json',
    layer: answers((answer, request) => {
      if (request.method === 'POST' && parsed(request) === undefined) throw new Error('closed')
      return answer
    }),
  },
  {
    id: 'media-type-400',
    summary: 'answers 400 to another media type',
    breaks: 'esim-management/errors/media-type',
    layer: inErrors((answer) => error(400, 'INVALID_ARGUMENT', answer), 415),
  },
  {
    id: 'too-large-500',
    summary: 'answers 500 to a body that is too large',
    breaks: 'esim-management/errors/too-large',
    layer: inErrors((answer) => error(500, 'INTERNAL', answer), 413),
  },
  {
    id: 'method-404',
    summary: 'answers 404 to a wrong method',
    breaks: 'esim-management/errors/wrong-method',
    layer: inErrors((answer) => error(404, 'NOT_FOUND', answer), 405),
  },
  {
    id: 'no-allow',
    summary: 'does not say which method is allowed',
    breaks: 'esim-management/errors/wrong-method',
    layer: inErrors((answer) => header(answer, 'allow'), 405),
  },
  {
    id: 'unknown-path-400',
    summary: 'answers 400 about a path that is none',
    breaks: 'esim-management/errors/unknown-path',
    layer: answers((answer, request) =>
      answer.status === 404 && !readsOperation(request) && !readsStatus(request)
        ? error(400, 'INVALID_ARGUMENT', answer)
        : answer,
    ),
  },
  {
    id: 'no-challenge',
    summary: 'answers 401 without WWW-Authenticate',
    breaks: 'esim-management/authorization/token-required',
    layer: inErrors((answer) => header(answer, 'www-authenticate'), 401),
  },
  {
    id: 'scope-401',
    summary: 'answers 401 where a scope is missing',
    breaks: 'esim-management/authorization/scope-required',
    layer: inErrors((answer) => header(error(401, 'UNAUTHENTICATED', answer), 'www-authenticate', 'Bearer'), 403),
  },
  {
    id: 'credential-returned',
    summary: 'returns the sinkCredential',
    breaks: 'esim-management/delivery/credential-never-returned',
    layer: answers((answer, request) => {
      const { sinkCredential } = parsed(request) ?? {}
      return starts(request) && answer.status === 202 && sinkCredential
        ? edited(answer, (operation) => ({ ...operation, sinkCredential }))
        : answer
    }),
  },
]
