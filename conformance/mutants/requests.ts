/** Wrong in what they do: they let too much in, or do something else than was asked. */
import { routes } from '../dialects/esim-management-0.1.ts'
import {
  answers,
  ask,
  asOther,
  completed,
  edited,
  header,
  type Json,
  parsed,
  readsOperation,
  readsStatus,
  requests,
  routeOf,
  starts,
  tokenHeaderOf,
  trusting,
} from './changes.ts'
import type { Mutant } from './layer.ts'

const inBody = (change: (body: Json) => Json, ...names: readonly string[]) =>
  requests((request) => (starts(request, ...names) ? edited(request, change) : request))

const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const only = (value: Json, names: readonly string[]): Json =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) : value
const topLevel = ['esim', 'activationCode', 'activateOnDownload', 'sink', 'sinkCredential', 'correlationId']

export const wrongDeeds: readonly Mutant[] = [
  {
    id: 'unknown-property-accepted',
    summary: 'ignores unknown properties',
    breaks: 'esim-management/errors/unknown-property',
    layer: inBody((body) => only(body, topLevel)),
  },
  {
    id: 'unknown-property-in-esim-accepted',
    summary: 'ignores unknown properties of esim',
    breaks: 'esim-management/errors/unknown-property',
    layer: inBody((body) => (isObject(body) ? { ...body, esim: only(body.esim, ['eid', 'iccid']) } : body)),
  },
  {
    id: 'coerces-types',
    summary: 'takes numbers for texts',
    breaks: 'esim-management/errors/wrong-type',
    layer: inBody((body) =>
      isObject(body) && typeof body.correlationId === 'number'
        ? { ...body, correlationId: String(body.correlationId) }
        : body,
    ),
  },
  {
    id: 'sink-not-needed',
    summary: 'does without a sink',
    breaks: 'esim-management/errors/missing-property',
    layer: inBody((body) => (isObject(body) && !('sink' in body) ? { ...body, sink: 'http://127.0.0.1:9/' } : body)),
  },
  {
    id: 'iccid-unchecked',
    summary: 'looks up what is no ICCID',
    breaks: 'esim-management/errors/wrong-pattern',
    layer: inBody((body) =>
      typeof body?.esim?.iccid === 'string' && !/^\d{19,20}$/.test(body.esim.iccid)
        ? { ...body, esim: { ...body.esim, iccid: '8999999999999999997' } }
        : body,
    ),
  },
  {
    id: 'any-media-type',
    summary: 'reads JSON whatever it is called',
    breaks: 'esim-management/errors/media-type',
    layer: requests((request) => header(request, 'content-type', 'application/json')),
  },
  {
    id: 'correlator-unchecked',
    summary: 'takes any x-correlator',
    breaks: 'esim-management/answers/x-correlator-pattern',
    layer: requests((request) =>
      /^[\w:;.\\/<>{}-]{0,256}$/.test(request.headers['x-correlator'] ?? '')
        ? request
        : header(request, 'x-correlator'),
    ),
  },
  {
    id: 'credential-refused',
    summary: 'knows no sinkCredential',
    breaks: 'esim-management/errors/documented-properties',
    layer: inBody((body) => (isObject(body) && 'sinkCredential' in body ? { ...body, nonsense: true } : body)),
  },

  {
    id: 'no-token-needed',
    summary: 'lets everybody in',
    breaks: 'esim-management/authorization/token-required',
    layer: trusting((_, sent) => !sent.startsWith('Bearer ')),
  },
  {
    id: 'signature-unchecked',
    summary: 'believes what a token says',
    breaks: 'esim-management/authorization/token-genuine',
    layer: trusting((claims) => claims !== undefined && claims.exp > Date.now() / 1000),
  },
  {
    id: 'alg-none-accepted',
    summary: 'believes an unsigned token',
    breaks: 'esim-management/authorization/token-genuine',
    layer: trusting((_, sent) => sent.startsWith('Bearer ') && sent.endsWith('.')),
  },
  {
    id: 'key-of-the-token-trusted',
    summary: 'verifies a token with the key that the token brings along',
    breaks: 'esim-management/authorization/token-genuine',
    layer: trusting((_, sent) => tokenHeaderOf(sent)?.jwk !== undefined),
  },
  {
    id: 'algorithm-of-the-token-trusted',
    summary: 'takes the public key for a shared secret when the token says so',
    breaks: 'esim-management/authorization/token-genuine',
    layer: trusting((_, sent) => tokenHeaderOf(sent)?.alg === 'HS256'),
  },
  {
    id: 'unknown-key-trusted',
    summary: 'lets a token in whose key it does not know',
    breaks: 'esim-management/authorization/token-genuine',
    layer: trusting((_, sent) => tokenHeaderOf(sent)?.kid === 'unknown'),
  },
  {
    id: 'scheme-unchecked',
    summary: 'takes a token under any scheme',
    breaks: 'esim-management/authorization/token-required',
    layer: trusting((_, sent) => /^(Basic )?[\w-]{20,}\.[\w-]+\.[\w-]+$/.test(sent)),
  },
  {
    id: 'scheme-in-small-letters-refused',
    summary: 'knows Bearer in one spelling only',
    breaks: 'esim-management/authorization/scheme-in-any-case',
    layer: requests((request) =>
      request.headers['authorization']?.startsWith('bearer ') ? header(request, 'authorization') : request,
    ),
  },
  {
    id: 'not-before-unchecked',
    summary: 'believes a token before its time',
    breaks: 'esim-management/authorization/token-current',
    layer: trusting((claims) => claims?.nbf > Date.now() / 1000),
  },
  {
    id: 'expiry-unchecked',
    summary: 'believes an expired token',
    breaks: 'esim-management/authorization/token-current',
    layer: trusting((claims) => claims?.exp < Date.now() / 1000),
  },
  {
    id: 'audience-unchecked',
    summary: 'believes a token for somebody else',
    breaks: 'esim-management/authorization/token-ours',
    layer: trusting((claims) => claims?.aud === 'https://another-api.example'),
  },
  {
    id: 'issuer-unchecked',
    summary: 'believes a token of anybody',
    breaks: 'esim-management/authorization/token-ours',
    layer: trusting((claims) => claims?.iss === 'https://another-issuer.example'),
  },
  {
    id: 'scope-gap-delete',
    summary: 'deletes with the scope to disable',
    breaks: 'esim-management/authorization/scope-required',
    layer: requests(async (request, edge) => {
      const { scope = '' } = claimsIn(request.headers['authorization'])
      return starts(request, 'delete') && scope === routes.disableEsim.scope
        ? header(request, 'authorization', `Bearer ${await edge.token([routes.deleteEsim.scope])}`)
        : request
    }),
  },
  {
    id: 'read-with-any-scope',
    summary: 'shows operations to every token',
    breaks: 'esim-management/authorization/scope-required',
    layer: requests(async (request, edge) =>
      readsOperation(request) && (request.headers['authorization'] ?? '').length > 100
        ? header(request, 'authorization', `Bearer ${await edge.token([routes.retrieveOperation.scope])}`)
        : request,
    ),
  },
  {
    id: 'wants-more-scopes',
    summary: 'wants the scope to read for every operation',
    breaks: 'esim-management/authorization/scope-sufficient',
    layer: answers((answer, request) => {
      const { scope } = claimsIn(request.headers['authorization'])
      return starts(request) && answer.status === 202 && !String(scope).includes(':read')
        ? { ...answer, status: 403, body: JSON.stringify({ status: 403, code: 'PERMISSION_DENIED', message: 'More.' }) }
        : answer
    }),
  },

  {
    id: 'pair-unchecked',
    summary: 'does not look at the EID',
    breaks: 'esim-management/identifiers/pair-must-match',
    layer: inBody(
      (body) => (isObject(body?.esim) ? { ...body, esim: only(body.esim, ['iccid']) } : body),
      'enable',
      'disable',
      'delete',
      'set-fallback',
    ),
  },
  {
    id: 'foreign-device-operated',
    summary: 'operates devices of everybody',
    breaks: 'esim-management/ownership/foreign-device',
    layer: answers(async (answer, request, edge) =>
      starts(request) && answer.status === 422 ? edge.ask(await asOther(request, edge)) : answer,
    ),
  },
  {
    id: 'foreign-status-shown',
    summary: 'shows the eSIMs of everybody',
    breaks: 'esim-management/ownership/foreign-device',
    layer: answers(async (answer, request, edge) =>
      readsStatus(request) && answer.status === 404 ? edge.ask(await asOther(request, edge)) : answer,
    ),
  },
  {
    id: 'foreign-device-revealed',
    summary: 'says that a device belongs to somebody else',
    breaks: 'esim-management/ownership/foreign-like-unknown',
    layer: answers(async (answer, request, edge) => {
      if (answer.status !== 422) return answer
      const iccid = parsed(request)?.esim?.iccid
      const { status } = await ask(edge, routes.getEsimStatus.path, { esim: { iccid } }, 'other')
      return status === 200
        ? edited(answer, (body) => ({ ...body, message: 'This eSIM belongs to somebody else.' }))
        : answer
    }),
  },
  {
    id: 'foreign-operation-shown',
    summary: 'shows the operations of everybody',
    breaks: 'esim-management/ownership/foreign-operation',
    layer: answers(async (answer, request, edge) =>
      readsOperation(request) && answer.status === 404 ? edge.ask(await asOther(request, edge)) : answer,
    ),
  },

  {
    id: 'activation-ignored',
    summary: 'ignores activateOnDownload',
    breaks: 'esim-management/download/activates-on-request',
    layer: inBody(({ activateOnDownload: _, ...body }) => body, 'download'),
  },
  {
    id: 'always-activates',
    summary: 'enables every downloaded eSIM',
    breaks: 'esim-management/download/installs-disabled',
    layer: inBody(
      (body) => (body?.activateOnDownload === undefined ? { ...body, activateOnDownload: true } : body),
      'download',
    ),
  },
  {
    id: 'disable-deletes',
    summary: 'deletes where it should disable',
    breaks: 'esim-management/disable/disables',
    layer: () => ({
      api: async (request, edge) => {
        if (!starts(request, 'disable')) return edge.ask(request)
        const path = routes.deleteEsim.path
        const deleting = header(
          { ...request, path },
          'authorization',
          `Bearer ${await edge.token([routes.deleteEsim.scope])}`,
        )
        return edited(await edge.ask(deleting), (operation) => ({ ...operation, operation: 'disable' }))
      },
    }),
  },
  {
    id: 'executes-twice',
    summary: 'enables, disables, and enables again',
    breaks: 'esim-management/operations/executed-once',
    layer: requests(async (request, edge) => {
      if (!starts(request, 'enable')) return request
      const body = { esim: parsed(request)?.esim, sink: 'http://127.0.0.1:9/' }
      for (const { path } of [routes.enableEsim, routes.disableEsim]) {
        const { operationId } = parsed(await ask(edge, path, body)) ?? {}
        if (operationId !== undefined) await completed(edge, operationId)
      }
      return request
    }),
  },
  {
    id: 'executes-what-it-refuses',
    summary: 'executes what it refuses for an unknown property',
    breaks: 'esim-management/errors/change-nothing',
    layer: answers(async (answer, request, edge) => {
      const body = parsed(request)
      if (starts(request) && answer.status === 400 && isObject(body) && 'nonsense' in body)
        await edge.ask(edited(request, (sent) => ({ ...only(sent, topLevel), sink: 'http://127.0.0.1:9/' })))
      return answer
    }),
  },
  {
    id: 'one-operation-for-two',
    summary: 'takes the same request for the same operation',
    breaks: 'esim-management/operations/own-id',
    layer: () => {
      const known = new Map<string, Awaited<ReturnType<Parameters<typeof ask>[0]['ask']>>>()
      return {
        api: async (request, edge) => {
          const before = starts(request) ? known.get(request.path + request.body) : undefined
          if (before !== undefined)
            return { ...before, headers: { ...before.headers, 'x-correlator': request.headers['x-correlator'] ?? '' } }
          const answer = await edge.ask(request)
          if (answer.status === 202) known.set(request.path + request.body, answer)
          return answer
        },
      }
    },
  },
  {
    id: 'wrong-esim-enabled',
    summary: 'enables another eSIM of the device',
    breaks: 'esim-management/enable/enables',
    layer: () => ({
      api: async (request, edge) => {
        const body = parsed(request)
        if (!starts(request, 'enable') || typeof body?.esim?.iccid !== 'string') return edge.ask(request)
        const eid = parsed(await ask(edge, routes.getEsimStatus.path, { esim: { iccid: body.esim.iccid } })).esims?.[0]
          ?.eid
        const all = eid === undefined ? [] : parsed(await ask(edge, routes.getEsimStatus.path, { esim: { eid } })).esims
        const other = all.find(({ iccid }: Json) => iccid !== body.esim.iccid)?.iccid ?? '8999999999999999997'
        const answer = await edge.ask(edited(request, (sent) => ({ ...sent, esim: { iccid: other } })))
        return edited(answer, (operation) => (operation.esim ? { ...operation, esim: body.esim } : operation))
      },
    }),
  },
  {
    id: 'delete-lies',
    summary: 'says that it has deleted, and has not',
    breaks: 'esim-management/delete/removes',
    layer: () => ({
      api: async (request, edge) => {
        if (!starts(request, 'delete') || routeOf(request) === undefined) return edge.ask(request)
        const path = routes.setFallbackEsim.path
        const harmless = header(
          { ...request, path },
          'authorization',
          `Bearer ${await edge.token([routes.setFallbackEsim.scope])}`,
        )
        return edited(await edge.ask(harmless), (operation) => ({ ...operation, operation: 'delete' }))
      },
    }),
  },
]

function claimsIn(authorization = ''): { readonly scope?: string } {
  const [, payload = ''] = authorization.split('.')
  return payload === '' ? {} : (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { scope?: string })
}
