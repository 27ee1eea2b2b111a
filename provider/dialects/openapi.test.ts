import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openApiSchema } from '../testing/openapi-schema.ts'
import { type CallOptions, newEid, newIccid, type Reply, startWorld, type World } from '../testing/world.ts'
import { dialectIds, usualDialects } from './index.ts'

/** The document of each dialect, held against its routes, against what is really answered, and against the definition where that is at hand. */
interface Media {
  readonly schema: object
}
interface Documented {
  readonly operationId: string
  readonly security: readonly { readonly openId: readonly string[] }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>
}

const dialectOf = (id: string) => {
  const dialect = usualDialects().find((candidate) => candidate.id === id)
  if (!dialect) throw new Error(`no dialect ${id}`)
  return dialect
}

let world: World
let provider: Awaited<ReturnType<World['start']>>
let limited: Awaited<ReturnType<World['start']>>
beforeAll(async () => {
  world = await startWorld()
  provider = await world.start()
  limited = await world.start({ limits: { requestsPerSecond: 1 } })
})
afterAll(() => world.close())
beforeEach(() => {
  world.eim.set.auto = false
})

const ajv = new Ajv({ strict: false, discriminator: true })
addFormats.default(ajv)

const documentOf = async (basePath: string): Promise<Document> =>
  JSON.parse(JSON.stringify((await provider.at(basePath).get('/openapi.json')).body))

const rowsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => ({ path, method: method.toUpperCase(), documented })),
  )

describe.each(dialectIds)('the OpenAPI document of %s', (id) => {
  const { basePath, routes } = dialectOf(id)
  const uuid = '00000000-0000-4000-8000-000000000000'
  const addressOf = (path: string) => `${basePath}${path.replace(/\{\w+\}/, uuid)}`

  it('is valid', async () => {
    const check = ajv.compile(openApiSchema)
    expect([check(await documentOf(basePath)), check.errors]).toEqual([true, null])
  })

  it('has every schema in a form that a validator takes', async () => {
    for (const { documented } of rowsOf(await documentOf(basePath)))
      for (const { schema } of [
        ...Object.values(documented.requestBody?.content ?? {}),
        ...Object.values(documented.responses).flatMap(({ content = {} }) => Object.values(content)),
      ])
        expect(() => ajv.compile(schema)).not.toThrow()
  })

  it('documents the routes of the dialect, all of them and no other, each with its scope', async () => {
    const documented = rowsOf(await documentOf(basePath))
    expect(
      documented.map((row) => [row.method, row.path, row.documented.security, row.documented.operationId]),
    ).toEqual(routes.map(({ method, path, scope, operationId }) => [method, path, [{ openId: [scope] }], operationId]))
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length)
  })

  it('gives every documented path the documented methods only', async () => {
    const document = await documentOf(basePath)
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const reply = await provider.call(method, addressOf(path), undefined, { headers: { authorization: '' } })
        const isThere = Object.hasOwn(methods, method.toLowerCase())
        expect([method, path, reply.status]).toEqual([method, path, isThere ? 401 : 405])
      }
  })

  it('is a page as well, without scripts, and nothing in it comes from elsewhere', async () => {
    const reply = await fetch(`${provider.url}${basePath}/docs`)
    const html = await reply.text()
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = reply.headers.get('content-security-policy') ?? ''
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? []
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(policy).not.toContain('unsafe')
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bstyle=|\bon\w+=|@import|url\(/)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href)
    expect(links.filter((href) => !/^(#\w+|openapi\.json|\/[\w.\-/]+\/docs|\/esim\/docs)$/.test(href))).toEqual([])
    for (const { operationId, path } of routes) {
      expect(links).toContain(`#${operationId}`)
      expect(html).toContain(`<section id="${operationId}">`)
      expect(html).toContain(path)
    }
  })
})

interface Probe {
  readonly at: string
  readonly status: number
  ask(): Promise<Reply>
}

const activationCode = 'LPA:1$smdp.example$A'
const foreignScope = 'iot-device-management:esims:read'
const sink = 'https://sink.example/'
const uuid = '00000000-0000-4000-8000-000000000000'

/** What every route answers that has nothing to do with what it is for. `body` makes one that is accepted. */
const probesOf = (basePath: string, at: string, body?: () => object): readonly Probe[] => {
  const [method = '', path = ''] = at.split(' ')
  const address = `${basePath}${path.replace(/\{\w+\}/, uuid)}`
  const call = (sent: object | undefined, options?: CallOptions) => provider.call(method, address, sent, options)
  const valid = () => body?.()
  const common: Probe[] = [
    { at, status: 401, ask: () => call(valid(), { headers: { authorization: '' } }) },
    { at, status: 403, ask: () => call(valid(), { scope: foreignScope }) },
    { at, status: 429, ask: () => tooOften(() => limited.call(method, address, valid())) },
  ]
  if (!body) return common
  const large = () => ({ ...body(), extra: 'x'.repeat(70_000) })
  return [
    ...common,
    { at, status: 400, ask: () => call({ ...body(), extra: 1 }) },
    { at, status: 413, ask: () => call(large()) },
    { at, status: 415, ask: () => call(body(), { headers: { 'content-type': 'text/plain' } }) },
  ]
}

const tooOften = async (ask: () => Promise<Reply>): Promise<Reply> => {
  for (;;) {
    const refused = (await Promise.all([ask(), ask()])).find(({ status }) => status === 429)
    if (refused) return refused
  }
}

const withoutPlatform = async (ask: () => Promise<Reply>): Promise<Reply> => {
  world.eim.set.failing = () => 500
  const reply = await ask()
  world.eim.set.failing = undefined
  return reply
}

let keys = 0
const twice = async (ask: (options: CallOptions) => Promise<Reply>): Promise<Reply> => {
  keys += 1
  const headers = { 'idempotency-key': `openapi-${keys}` }
  await ask({ headers })
  return ask({ headers })
}

const profiles = (basePath: string): readonly Probe[] => {
  const api = provider.at(basePath)
  const cases = (path: string, status: number, body: () => object, refusals: Record<number, () => object>): Probe[] => [
    ...probesOf(basePath, `POST ${path}`, body),
    { at: `POST ${path}`, status, ask: () => api.post(path, body()) },
    { at: `POST ${path}`, status: 503, ask: () => withoutPlatform(() => api.post(path, body())) },
    ...(status === 202
      ? [{ at: `POST ${path}`, status: 422, ask: () => twice((options) => api.post(path, body(), options)) }]
      : []),
    ...Object.entries(refusals).map(([refused, sent]) => ({
      ...{ at: `POST ${path}`, status: Number(refused) },
      ask: () => api.post(path, sent()),
    })),
  ]
  const mine = (state: 'enabled' | 'disabled') => world.card([{ state, fallbackAllowed: true }])
  const named = (state: 'enabled' | 'disabled') => () => ({ esimProfile: { iccid: mine(state).iccids[0] } })
  const noPair = () => ({ esimProfile: { eid: world.card().eid, iccid: mine('disabled').iccids[0] } })
  const nobodys = () => ({ esimProfile: { iccid: newIccid() } })
  const at = 'GET /operations/{operationId}'
  return [
    ...cases('/download', 202, () => ({ esimProfile: { eid: world.card().eid }, activationCode }), {
      404: () => ({ esimProfile: { eid: newEid() }, activationCode }),
    }),
    ...['enable', 'delete', 'set-fallback', 'disable'].flatMap((kind) => {
      const [right, wrong] =
        kind === 'disable' ? (['enabled', 'disabled'] as const) : (['disabled', 'enabled'] as const)
      return cases(`/${kind}`, 202, named(right), { 404: nobodys, 409: named(wrong), 422: noPair })
    }),
    ...cases('/retrieve-status', 200, () => ({ esimProfile: { eid: world.card().eid } }), {
      404: nobodys,
      422: noPair,
    }),
    ...probesOf(basePath, at),
    {
      ...{ at, status: 200 },
      ask: async () => api.get(`/operations/${(await api.post('/enable', named('disabled')())).body['operationId']}`),
    },
    { at, status: 400, ask: () => api.get(`/operations/${'x'.repeat(65)}`) },
    { at, status: 404, ask: () => api.get('/operations/x') },
  ]
}

const remote = (basePath: string): readonly Probe[] => {
  const api = provider.at(basePath)
  const cases = (path: string, body: () => object, unknown: () => object): Probe[] => [
    ...probesOf(basePath, `POST ${path}`, body),
    { at: `POST ${path}`, status: 200, ask: () => api.post(path, body()) },
    { at: `POST ${path}`, status: 404, ask: () => api.post(path, unknown()) },
  ]
  const config = (subscriptionDetail: object) => ({ config: { subscriptionDetail } })
  const down = (path: string, body: () => object): Probe => ({
    ...{ at: `POST ${path}`, status: 503 },
    ask: () => withoutPlatform(() => api.post(path, body())),
  })
  const again = (path: string, body: () => object): Probe => ({
    ...{ at: `POST ${path}`, status: 422 },
    ask: () => twice((options) => api.post(path, body(), options)),
  })
  const download = () => config({ eId: world.card().eid, iccid: newIccid() })
  const oper = () => config({ iccid: world.card([{}]).iccids[0], optType: 1 })
  const list = () => ({ data: { eId: world.card().eid } })
  return [
    ...cases('/profile/download', download, () => config({ eId: newEid(), iccid: newIccid() })),
    ...cases('/profile/oper', oper, () => config({ iccid: newIccid(), optType: 1 })),
    ...cases('/profile/downloaded-list', list, () => ({ data: { eId: newEid() } })),
    ...probesOf(basePath, 'POST /profile/result/query', () => ({ data: { taskId: uuid } })),
    {
      ...{ at: 'POST /profile/result/query', status: 200 },
      ask: async () =>
        api.post('/profile/result/query', {
          data: { taskId: (await api.post('/profile/oper', oper())).body['taskId'] },
        }),
    },
    {
      at: 'POST /profile/result/query',
      status: 404,
      ask: () => api.post('/profile/result/query', { data: { taskId: uuid } }),
    },
    ...[down('/profile/download', download), down('/profile/oper', oper), down('/profile/downloaded-list', list)],
    ...[again('/profile/download', download), again('/profile/oper', oper)],
  ]
}

const subscriptions = (basePath: string): readonly Probe[] => {
  const api = provider.at(basePath)
  const types = ['org.camaraproject.esim-profile-management.v0.operation-completed']
  const bodyWith = (subscriptionDetail: object) => ({ protocol: 'HTTP', sink, types, config: { subscriptionDetail } })
  const body = () => bodyWith({ esimProfile: { eid: world.card().eid } })
  const create = async () => String((await api.post('/subscriptions', body())).body['id'])
  const [post, list, read, remove] = [
    ...['POST /subscriptions', 'GET /subscriptions', 'GET /subscriptions/{subscriptionId}'],
    'DELETE /subscriptions/{subscriptionId}',
  ] as const
  const same = body()
  return [
    ...probesOf(basePath, post, body),
    ...[list, read, remove].flatMap((at) => probesOf(basePath, at)),
    { at: post, status: 201, ask: () => api.post('/subscriptions', same) },
    { at: post, status: 409, ask: () => api.post('/subscriptions', same) },
    { at: post, status: 422, ask: () => api.post('/subscriptions', bodyWith({ esimProfile: {} })) },
    { at: post, status: 422, ask: () => api.post('/subscriptions', bodyWith({ esimProfile: { eid: newEid() } })) },
    { at: post, status: 503, ask: () => withoutPlatform(() => api.post('/subscriptions', body())) },
    { at: list, status: 200, ask: () => api.get('/subscriptions') },
    { at: list, status: 400, ask: () => api.get('/subscriptions?type=x') },
    { at: read, status: 200, ask: async () => api.get(`/subscriptions/${await create()}`) },
    { at: read, status: 400, ask: () => api.get('/subscriptions/x') },
    { at: read, status: 404, ask: () => api.get(`/subscriptions/${uuid}`) },
    { at: remove, status: 204, ask: async () => api.delete(`/subscriptions/${await create()}`) },
    { at: remove, status: 400, ask: () => api.delete('/subscriptions/x') },
    { at: remove, status: 404, ask: () => api.delete(`/subscriptions/${uuid}`) },
  ]
}

/** Those of esim-management are in its own folder. */
const probed: readonly [string, (basePath: string) => readonly Probe[]][] = [
  ['esim-profile-management@0.1.0-rc.1', profiles],
  ['esim-profile-management@0.1.0-rc.2', profiles],
  ['esim-profile-management-subscriptions@wip', subscriptions],
  ['esim-remote-management@wip', remote],
]

/** These need something of ours, or the authorization server, to fail. */
const notToBeHad = (at: string, status: string) =>
  status === '500' || (status === '503' && /\{|^GET|result\/query/.test(at))

describe.each(probed)('every answer of %s', (id, probes) => {
  it('is documented and has the documented shape, and every documented one can be had', async () => {
    const { basePath } = dialectOf(id)
    const rows = rowsOf(await documentOf(basePath))
    const seen = new Set<string>()
    for (const { at, status, ask } of probes(basePath)) {
      const reply = await ask()
      const { content } = rows.find((row) => `${row.method} ${row.path}` === at)?.documented.responses[status] ?? {}
      const schema = content?.['application/json']?.schema
      const check = schema ? ajv.compile(schema) : (body: object) => Object.keys(body).length === 0
      expect([at, reply.status, check(reply.body), 'errors' in check ? check.errors : null, reply.body]).toEqual([
        ...[at, status, true, null, reply.body],
      ])
      seen.add(`${at} ${status}`)
    }
    const promised = rows.flatMap(({ method, path, documented }) =>
      Object.keys(documented.responses)
        .filter((status) => !notToBeHad(`${method} ${path}`, status))
        .map((status) => `${method} ${path} ${status}`),
    )
    expect([...seen].sort()).toEqual(promised.sort())
  })
})

/** Beside a checkout, or two levels up beside a work tree. */
const reference = ['../shared/reference/camara', '../../shared/reference/camara'].find((folder) => existsSync(folder))
const notRun = reference === undefined ? ' (not run: ../shared/reference is not there)' : ''

type Node = Readonly<Record<string, unknown>>
interface Definition {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>
}

const record = (value: unknown): Node => (typeof value === 'object' && value !== null ? (value as Node) : {})

/** The paths of all members, with references followed (each once on the way down), allOf joined and what a discriminator leads to. */
const membersOf = (
  root: unknown,
  schema: unknown,
  prefix = '',
  followed: readonly string[] = [],
): readonly string[] => {
  const node = record(schema)
  const ref = node['$ref']
  if (typeof ref === 'string') {
    if (followed.includes(ref)) return []
    const found = ref
      .slice(2)
      .split('/')
      .reduce((at: unknown, name) => record(at)[name], root)
    return membersOf(root, found, prefix, [...followed, ref])
  }
  const mapped = Object.values(record(record(node['discriminator'])['mapping'])).map(($ref) => ({ $ref }))
  const parts = [...((node['allOf'] as unknown[]) ?? []), ...((node['oneOf'] as unknown[]) ?? []), ...mapped]
  return [
    ...parts.flatMap((part) => membersOf(root, part, prefix, followed)),
    ...(node['items'] ? membersOf(root, node['items'], prefix, followed) : []),
    ...Object.entries(record(node['properties'])).flatMap(([name, member]) => [
      `${prefix}${name}`,
      ...membersOf(root, member, `${prefix}${name}.`, followed),
    ]),
  ]
}
const unique = (names: readonly string[]) => [...new Set(names)].sort()

/** `prefix`: of the definition's paths, beyond the base path. `more`: how members begin that our answers have and the definition has not; see the readings. */
const defined = [
  { id: 'esim-management@0.1', file: 'esim-management-0.1-wip.yaml', prefix: '/esim', more: ['result.'] },
  { id: 'esim-profile-management@0.1.0-rc.1', file: 'esim-profile-management-0.1.0-rc.1.yaml', prefix: '', more: [] },
  {
    ...{ id: 'esim-profile-management-subscriptions@wip', file: 'esim-profile-management-subscriptions-wip.yaml' },
    ...{ prefix: '', more: [] },
  },
  { id: 'esim-remote-management@wip', file: 'esim-remote-management-wip.yaml', prefix: '', more: ['taskId'] },
] as const

/** What the shell answers, whether a definition lists it or not. 422: an Idempotency-Key that is used again. */
const ours = ['413', '415', '422', '429', '500', '503']

describe.each(defined)('the document of $id against its definition', ({ id, file, prefix, more }) => {
  const read = (): Definition => parse(readFileSync(`${reference}/${file}`, 'utf8'))

  it.skipIf(reference === undefined)(`has its paths, scopes, members and statuses${notRun}`, async () => {
    const definition = read()
    const own = rowsOf(await documentOf(dialectOf(id).basePath))
    const theirs = rowsOf(definition)
    const nameOf = ({ method, path, documented }: (typeof own)[number]) =>
      `${method} ${path} ${documented.operationId} ${documented.security[0]?.openId}`
    expect(own.map((row) => nameOf({ ...row, path: `${prefix}${row.path}` })).sort()).toEqual(theirs.map(nameOf).sort())
    for (const { method, path, documented } of own) {
      const their = theirs.find((row) => row.method === method && row.path === `${prefix}${path}`)?.documented
      const bodies = [documented, their].map((side) => side?.requestBody?.content['application/json']?.schema)
      expect([path, unique(membersOf({}, bodies[0]))]).toEqual([path, unique(membersOf(definition, bodies[1]))])
      const statuses = Object.keys(their?.responses ?? {})
      expect([
        path,
        Object.keys(documented.responses).filter((status) => !statuses.includes(status) && !ours.includes(status)),
      ]).toEqual([path, []])
      for (const [status, { content = {} }] of Object.entries(documented.responses)) {
        const schema = their?.responses[status]?.content?.['application/json']?.schema
        if (!schema || Number(status) >= 400) continue
        const known = membersOf(definition, schema)
        const added = membersOf({}, content['application/json']?.schema).filter(
          (name) => !known.includes(name) && !more.some((start) => name.startsWith(start)),
        )
        expect([path, status, added]).toEqual([path, status, []])
      }
    }
  })
})
