/** An OpenAPI 3.0 document as test definitions use it: operations by operationId, schemas by pointer. */
import { Ajv, type AnySchema } from 'ajv'
import addFormats from 'ajv-formats'

type Json = Readonly<Record<string, unknown>>

export interface ApiOperation {
  readonly operationId: string
  readonly method: string
  /** Behind the API root, with parameters in braces. */
  readonly path: string
  readonly scopes: readonly string[]
  /** Schema of the JSON body; absent when it has none. */
  readonly body: unknown
  /** Schemas of JSON answers by status, `default` included. */
  readonly answers: Readonly<Record<string, unknown>>
}

export interface Api {
  readonly title: string
  readonly operations: ReadonlyMap<string, ApiOperation>
  /** The value that a reference points at; everything else as it is. Throws when it points nowhere. */
  readonly resolve: (node: unknown) => Json
  /** By pointer, such as `/components/schemas/ErrorInfo`. Throws when there is none. */
  readonly schemaAt: (pointer: string) => unknown
  /** What is wrong with a value, one sentence each. */
  readonly check: (schema: unknown, value: unknown) => readonly string[]
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/** `document`: what the YAML says. Throws a sentence when it is no OpenAPI document. */
export function readApi(document: unknown): Api {
  const root = document as Json
  const paths = root?.['paths'] as Json | undefined
  if (paths === undefined) throw new Error('this is no OpenAPI document: it has no paths')
  const resolve = resolver(root)
  const check = checker(root)
  const base = basePath(root)
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => (item as Json)[method] !== undefined)
      .map((method) => operationOf({ method, path: `${base}${path}`, node: (item as Json)[method] as Json, resolve })),
  )
  return {
    title: `${member(root, 'info', 'title')} ${member(root, 'info', 'version')}`,
    operations: new Map(operations.map((operation) => [operation.operationId, operation])),
    resolve,
    schemaAt: (pointer) => {
      resolve({ $ref: `#${pointer.replace(/^#/, '')}` })
      return { $ref: `#${pointer.replace(/^#/, '')}` }
    },
    check,
  }
}

const member = (node: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], node)

/** The path of the first server behind `{apiRoot}` or behind its host. */
function basePath(root: Json): string {
  const url = String(member((root['servers'] as readonly unknown[] | undefined)?.[0], 'url') ?? '')
  const path = url.replace(/^\{apiRoot\}/, '').replace(/^https?:\/\/[^/]*/, '')
  return path.replace(/\/$/, '')
}

function resolver(root: Json): (node: unknown) => Json {
  const resolve = (node: unknown): Json => {
    const reference = member(node, '$ref')
    if (typeof reference !== 'string') return (node ?? {}) as Json
    const keys = reference.replace(/^#\//, '').split('/')
    const found = keys
      .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, key) => (value as Json | undefined)?.[key], root)
    if (!reference.startsWith('#/') || found === undefined) throw new Error(`the definition has no ${reference}`)
    return resolve(found)
  }
  return resolve
}

interface OperationNode {
  readonly method: string
  readonly path: string
  readonly node: Json
  readonly resolve: (node: unknown) => Json
}

function operationOf({ method, path, node, resolve }: OperationNode): ApiOperation {
  const security = (node['security'] ?? []) as readonly Readonly<Record<string, readonly string[]>>[]
  const answers = Object.entries((node['responses'] ?? {}) as Json).map(([status, answer]) => [
    status,
    jsonSchema(resolve(answer)),
  ])
  return {
    operationId: String(node['operationId'] ?? `${method} ${path}`),
    method: method.toUpperCase(),
    path,
    scopes: [...new Set(security.flatMap((way) => Object.values(way).flat()))],
    body: node['requestBody'] === undefined ? undefined : jsonSchema(resolve(node['requestBody'])),
    answers: Object.fromEntries(answers),
  }
}

const jsonSchema = (node: Json): unknown =>
  Object.entries((node['content'] ?? {}) as Json)
    .filter(([type]) => /[/+]json/.test(type))
    .map(([, content]) => (content as Json)['schema'])[0]

const DOCUMENT = 'api.json'

function checker(root: Json): Api['check'] {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: true, logger: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...(asJsonSchema(root) as object), $id: DOCUMENT }, DOCUMENT)
  return (schema, value) => {
    const validate = ajv.compile(absolute(asJsonSchema(schema)) as AnySchema)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `$${instancePath.replaceAll('/', '.')} ${message}`,
    )
  }
}

/** References of a part, seen from outside of the document. */
const absolute = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node ?? {}, (key, value) => (key === '$ref' ? `${DOCUMENT}${value}` : value)))

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type; its discriminators only help. */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema)
  if (typeof node !== 'object' || node === null) return node
  const { nullable, discriminator: _, example: __, examples: ___, ...rest } = node as Json
  const entries = Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)])
  const schema = Object.fromEntries(entries) as Json
  if (nullable !== true) return schema
  return typeof schema['type'] === 'string' ? { ...schema, type: [schema['type'], 'null'] } : schema
}
