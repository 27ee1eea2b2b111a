/**
 * OpenAPI Specification 3.0.3, 4.7 and 4.8, as a JSON schema: the objects that a document of ours has, with the members that they may have. What it does
 * not know it refuses, so a keyword of a later version (const, a list of types) does not pass.
 */
const text = { type: 'string' }
const ref = { type: 'object', required: ['$ref'], additionalProperties: false, properties: { $ref: text } }
const oneOf = (name: string) => ({ anyOf: [ref, { $ref: `#/definitions/${name}` }] })
const mapOf = (value: object) => ({ type: 'object', additionalProperties: value })
const object = (properties: object, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, properties, required },
})

const count = { type: 'integer', minimum: 0 }
const keywords = {
  ...{
    title: text,
    description: text,
    format: text,
    pattern: text,
    default: {},
    example: {},
    nullable: { type: 'boolean' },
  },
  type: { enum: ['array', 'boolean', 'integer', 'number', 'object', 'string'] },
  enum: { type: 'array', minItems: 1 },
  ...{ minimum: { type: 'number' }, maximum: { type: 'number' } },
  ...{ exclusiveMinimum: { type: 'boolean' }, exclusiveMaximum: { type: 'boolean' } },
  ...{
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    minProperties: count,
    maxProperties: count,
  },
  required: { type: 'array', items: text, minItems: 1, uniqueItems: true },
  properties: mapOf(oneOf('schema')),
  additionalProperties: { anyOf: [{ type: 'boolean' }, oneOf('schema')] },
  items: oneOf('schema'),
  ...{ oneOf: { type: 'array', items: oneOf('schema') }, anyOf: { type: 'array', items: oneOf('schema') } },
  allOf: { type: 'array', items: oneOf('schema') },
  discriminator: object({ propertyName: text, mapping: mapOf(text) }, ['propertyName']),
}

const content = mapOf(object({ schema: oneOf('schema') }, ['schema']))
const header = object({ description: text, required: { type: 'boolean' }, schema: oneOf('schema') })
const parameter = {
  ...object(
    {
      ...{ name: text, in: { enum: ['query', 'header', 'path'] }, description: text },
      ...{ required: { type: 'boolean' }, schema: oneOf('schema') },
    },
    ['name', 'in', 'schema'],
  ),
  if: { properties: { in: { const: 'path' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['required'], properties: { required: { const: true } } },
}

const operation = object(
  {
    ...{ operationId: text, summary: text, description: text, tags: { type: 'array', items: text } },
    security: { type: 'array', items: mapOf({ type: 'array', items: text }) },
    parameters: { type: 'array', items: oneOf('parameter'), uniqueItems: true },
    requestBody: object({ description: text, required: { type: 'boolean' }, content }, ['content']),
    responses: {
      ...{ type: 'object', minProperties: 1, additionalProperties: false },
      patternProperties: { '^([1-5][0-9]{2}|default)$': oneOf('response') },
    },
    callbacks: mapOf(mapOf(object({ post: { $ref: '#/definitions/operation' } }))),
  },
  ['responses'],
)

export const openApiSchema = {
  ...object(
    {
      openapi: { enum: ['3.0.3'] },
      info: object(
        { title: text, version: text, description: text, license: object({ name: text, url: text }, ['name']) },
        ['title', 'version'],
      ),
      servers: { type: 'array', items: object({ url: text, description: text }, ['url']) },
      paths: {
        ...{ type: 'object', additionalProperties: false },
        patternProperties: {
          '^/': object(
            Object.fromEntries(
              ['get', 'post', 'put', 'patch', 'delete'].map((method) => [method, { $ref: '#/definitions/operation' }]),
            ),
          ),
        },
      },
      components: object({
        securitySchemes: mapOf({
          anyOf: [
            object({ type: { const: 'openIdConnect' }, openIdConnectUrl: text, description: text }, [
              'type',
              'openIdConnectUrl',
            ]),
            object({ type: { const: 'http' }, scheme: text, bearerFormat: text, description: text }, [
              'type',
              'scheme',
            ]),
          ],
        }),
        headers: mapOf(header),
        parameters: mapOf({ $ref: '#/definitions/parameter' }),
        schemas: mapOf(oneOf('schema')),
      }),
    },
    ['openapi', 'info', 'paths'],
  ),
  definitions: {
    schema: object(keywords),
    parameter,
    operation,
    response: object({ description: text, headers: mapOf({ anyOf: [ref, header] }), content }, ['description']),
  },
}
