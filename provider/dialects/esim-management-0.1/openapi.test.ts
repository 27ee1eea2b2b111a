import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import type { Refusal } from '../../http/errors.ts'
import { answer, route } from '../../http/route.ts'
import { strict, text } from '../../schema.ts'
import {
  type Caller,
  type CallOptions,
  newEid,
  newIccid,
  type Reply,
  startWorld,
  type World,
} from '../../testing/world.ts'

interface Media {
  readonly schema: object
}
interface Documented {
  readonly operationId: string
  readonly security: readonly { readonly openId: readonly string[] }[]
  readonly parameters: readonly object[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>
  readonly callbacks?: object
}
interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>
}

const noOperation = '/operations/00000000-0000-4000-8000-000000000000'
const sink = 'http://sink.example/'

let world: World
let provider: Caller & { readonly url: string; close(): Promise<void> }
let document: Document
beforeAll(async () => {
  world = await startWorld()
  provider = await world.start()
  document = JSON.parse(JSON.stringify((await provider.get('/openapi.json')).body))
})
afterAll(() => world.close())

const ajv = new Ajv({ strict: false, discriminator: true })
addFormats.default(ajv)

const rows = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => ({ path, method: method.toUpperCase(), documented })),
  )

/** Every request that a reader of the document could think of, with the status it should get. */
const probes = (): readonly { readonly path: string; readonly status: number; ask(): Promise<Reply> }[] => {
  const mine = world.card([{}])
  const esim = { iccid: mine.iccids[0] }
  const download = { esim: { eid: mine.eid, iccid: newIccid() }, activationCode: 'LPA:1$smdp.example$A', sink }
  const valid: Record<string, object> = {
    '/download': download,
    '/enable': { esim, sink },
    '/disable': { esim, sink },
    '/delete': { esim, sink },
    '/set-fallback': { esim, sink },
    '/retrieve-status': { esim: { eid: mine.eid } },
  }
  const posts = Object.entries(valid).flatMap(([path, body]) => {
    const post = (status: number, sent: object, options: CallOptions = {}) => ({
      ...{ path, status },
      ask: () => provider.post(path, sent, options),
    })
    const isStatus = path === '/retrieve-status'
    const pair = { esim: { eid: world.card().eid, iccid: mine.iccids[0] } }
    const unknown = { esim: path === '/download' ? { eid: newEid(), iccid: newIccid() } : { iccid: newIccid() } }
    return [
      post(isStatus ? 200 : 202, body),
      post(400, { ...body, extra: 1 }),
      post(401, body, { headers: { authorization: '' } }),
      post(403, body, { scope: `iot-device-management:esims:${isStatus ? 'enable' : 'read'}` }),
      post(413, { ...body, correlationId: 'x'.repeat(70_000) }),
      post(415, body, { headers: { 'content-type': 'text/plain' } }),
      post(isStatus ? 404 : 422, { ...body, ...unknown }),
      ...(path === '/download' ? [] : [post(422, { ...body, ...pair })]),
      { path, status: 503, ask: () => withoutPlatform(() => provider.post(path, body)) },
      { path, status: 429, ask: () => tooOften((limited) => limited.post(path, body)) },
    ]
  })
  const path = '/operations/{operationId}'
  const operation = async () => {
    const { body } = await provider.post('/enable', { esim: { iccid: world.card([{}]).iccids[0] }, sink })
    return provider.get(`/operations/${body.operationId}`)
  }
  return [
    ...posts,
    { path, status: 200, ask: operation },
    { path, status: 400, ask: () => provider.get('/operations/x') },
    { path, status: 401, ask: () => provider.get(noOperation, { headers: { authorization: '' } }) },
    { path, status: 403, ask: () => provider.get(noOperation, { scope: 'iot-device-management:esims:enable' }) },
    { path, status: 404, ask: () => provider.get(noOperation) },
    { path, status: 429, ask: () => tooOften((limited) => limited.get(noOperation)) },
  ]
}

/** The first answer that says so. */
const tooOften = async (ask: (limited: Caller) => Promise<Reply>): Promise<Reply> => {
  const limited = await world.start({ limits: { requestsPerSecond: 1 } })
  for (;;) {
    const replies = await Promise.all([ask(limited), ask(limited)])
    const refused = replies.find(({ status }) => status === 429)
    if (!refused) continue
    await limited.close()
    return refused
  }
}

const withoutPlatform = async (ask: () => Promise<Reply>): Promise<Reply> => {
  world.eim.set.failing = () => 500
  const reply = await ask()
  world.eim.set.failing = undefined
  return reply
}

/** Documented, and not to be had by asking: these need something of ours, or the authorization server, to fail. */
const cannotBeAskedFor = (path: string, status: string) => status === '500' || (status === '503' && path.includes('{'))

const schemaOf = (media: Readonly<Record<string, Media>> | undefined): object => {
  const schema = media?.['application/json']?.schema
  if (!schema) throw new Error('no application/json documented')
  return schema
}

describe('the OpenAPI document', () => {
  it('is of version 3.0 and says where the API is', () => {
    expect(document).toMatchObject({ openapi: '3.0.3', servers: [{ url: `${provider.url}/esim` }] })
  })

  it('documents the routes of the dialect, all of them and no other', () => {
    expect(rows().map(({ method, path, documented }) => `${method} ${path} ${documented.security[0]?.openId}`)).toEqual(
      [
        'POST /download iot-device-management:esims:download',
        'POST /enable iot-device-management:esims:enable',
        'POST /disable iot-device-management:esims:disable',
        'POST /delete iot-device-management:esims:delete',
        'POST /set-fallback iot-device-management:esims:enable',
        'POST /retrieve-status iot-device-management:esims:read',
        'GET /operations/{operationId} iot-device-management:esims:read',
      ],
    )
  })

  it('gives every documented path the documented methods only', async () => {
    for (const { path, method } of rows())
      for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const address = path.replace('{operationId}', noOperation.slice('/operations/'.length))
        const reply = await provider.call(other, `/esim${address}`)
        expect(reply.status === 405).toBe(other !== method)
        expect(reply.headers.get('allow')).toBe(other === method ? null : method)
      }
  })

  it('documents every answer, and every documented answer can be had and has the documented shape', async () => {
    world.eim.set.auto = false
    const seen = new Set<string>()
    for (const { path, status, ask } of probes()) {
      const reply = await ask()
      const documented = rows().find((row) => row.path === path)?.documented
      const check = ajv.compile(schemaOf(documented?.responses[status]?.content))
      expect([path, reply.status, check(reply.body), check.errors]).toEqual([path, status, true, null])
      seen.add(`${path} ${status}`)
    }
    world.eim.set.auto = true
    const promised = rows().flatMap(({ path, documented }) =>
      Object.keys(documented.responses)
        .filter((status) => !cannotBeAskedFor(path, status))
        .map((status) => `${path} ${status}`),
    )
    expect([...seen].sort()).toEqual(promised.sort())
  })

  it('documents the event that a sink gets, as it is sent', async () => {
    const { iccids } = world.card([{}])
    await provider.post('/disable', { esim: { iccid: iccids[0] }, sink: `${world.sink.url}/documented` })
    const [event] = await world.sink.received('/documented')
    const callbacks = JSON.stringify(document.paths['/disable']?.['post']?.callbacks)
    const { completed } = JSON.parse(callbacks)
    const media = completed['{$request.body#/sink}'].post.requestBody.content['application/cloudevents+json']
    const check = ajv.compile(media.schema)
    expect([check(JSON.parse(event?.text ?? '')), check.errors]).toEqual([true, null])
  })

  it('documents x-correlator both ways', () => {
    for (const { documented } of rows()) {
      expect(documented.parameters[0]).toEqual({ $ref: '#/components/parameters/x-correlator' })
      for (const response of Object.values(documented.responses))
        expect(response).toMatchObject({ headers: { 'x-correlator': {} } })
    }
  })
})

describe('a route', () => {
  it('cannot refuse with a code that it does not declare, nor answer with another body', () => {
    const declared = route({
      method: 'POST',
      path: '/x',
      operationId: 'x',
      summary: '',
      description: '',
      scope: 'x',
      body: strict({ name: text() }),
      success: { status: 200, description: '', body: strict({ greeting: text() }) },
      errors: ['NOT_FOUND'],
      handle: async ({ body }) => answer({ greeting: body.name }),
    })
    type Reply = Awaited<ReturnType<typeof declared.handle>>
    expectTypeOf<Refusal<'NOT_FOUND'>>().toExtend<Reply>()
    expectTypeOf<Refusal<'SERVICE_NOT_APPLICABLE'>>().not.toExtend<Reply>()
    expectTypeOf<{ kind: 'answer'; body: { greeting: string } }>().toExtend<Reply>()
    expectTypeOf<{ kind: 'answer'; body: { greeting: number } }>().not.toExtend<Reply>()
    expectTypeOf<Parameters<typeof declared.handle>[0]['body']>().toExtend<{ readonly name: string }>()
  })
})
