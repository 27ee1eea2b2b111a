/** What a provider says that it can do: the operations of its OpenAPI documents, and values for their schemas. */
import fc from 'fast-check'

export const basePaths = [
  '/esim',
  '/esim-profile-management/v0.1rc1',
  '/esim-profile-management/v0.1rc2',
  '/esim-profile-management-subscriptions/vwip',
  '/esim-remote-management/vwip',
] as const

export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

export interface ServedOperation {
  readonly method: string
  /** With the base path. */
  readonly path: string
  readonly scope: string
  readonly body?: JsonSchema
}

interface Documented {
  readonly security: readonly { readonly openId: readonly string[] }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } }
}

export const operationsOf = async (url: string, basePath: string): Promise<readonly ServedOperation[]> => {
  const document = (await (await fetch(`${url}${basePath}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, requestBody }]) => ({
      method: method.toUpperCase(),
      path: `${basePath}${path}`,
      scope: security[0]?.openId[0] ?? '',
      ...(requestBody && { body: requestBody.content['application/json'].schema }),
    })),
  )
}

export interface Esim {
  readonly eid: string
  readonly iccid: string
}

/** Names that stand for the eSIM wherever they are. */
const named = ({ eid, iccid }: Esim): Readonly<Record<string, string>> => ({ eid, eId: eid, iccid })

/** One value for each schema, about this eSIM; always the same. */
export const sampleOf = (schema: JsonSchema, esim: Esim): unknown =>
  fc.sample(arbitraryOf(schema, esim), { numRuns: 1, seed: 1 })[0]

const formats: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  uri: fc.constantFrom(
    'http://127.0.0.1:9/sink',
    'https://sink.example/a',
    'http://[::1]:9/',
    'urn:x',
    'https://a:b@sink.example/',
  ),
  'date-time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-01-01') })
    .map((date) => date.toISOString()),
}

/** Values that the schema allows, mostly. */
export const arbitraryOf = (schema: JsonSchema, esim: Esim): fc.Arbitrary<unknown> => {
  const choices = schema.oneOf ?? schema.anyOf
  if (choices && !schema.properties) return fc.oneof(...choices.map((one) => arbitraryOf(one, esim)))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.properties) return objectOf(schema, esim)
  if (schema.items)
    return fc.array(arbitraryOf(schema.items, esim), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.min(schema.maxItems ?? 3, 3),
    })
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type !== 'string') return fc.jsonValue()
  return formats[schema.format ?? ''] ?? (schema.pattern ? fc.stringMatching(new RegExp(schema.pattern)) : fc.string())
}

const objectOf = ({ properties = {}, required = [] }: JsonSchema, esim: Esim): fc.Arbitrary<unknown> => {
  const members = Object.entries(properties).map(([name, one]) => {
    const known = named(esim)[name]
    return [name, known === undefined ? arbitraryOf(one, esim) : fc.constant(known)] as const
  })
  const requiredKeys = Object.keys(properties).filter((name) => required.includes(name) || name in named(esim))
  return fc.record(Object.fromEntries(members), { requiredKeys: requiredKeys as never })
}
