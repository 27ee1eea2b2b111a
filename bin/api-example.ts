/** A body that fits a JSON schema, to begin with: what is required, with examples and defaults where the schema has some. */

export interface Schema {
  readonly type?: string
  readonly example?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly minItems?: number
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

const formats: Readonly<Record<string, string>> = {
  uri: 'http://127.0.0.1:9099/events',
  'date-time': '2030-01-01T00:00:00Z',
  uuid: '00000000-0000-4000-8000-000000000000',
}

const plain: Readonly<Record<string, unknown>> = { integer: 0, number: 0, boolean: false, string: '' }

export function exampleOf(schema: Schema): unknown {
  const { example, enum: choices, format, type, items, minItems = 0 } = schema
  const given = [example, schema.default, choices?.[0]].find((value) => value !== undefined)
  if (given !== undefined) return given
  const alternative = (schema.oneOf ?? schema.anyOf)?.[0]
  if (alternative && !schema.properties) return exampleOf(alternative)
  if (schema.properties) return objectOf(schema, alternative)
  if (type === 'array') return items && minItems > 0 ? [exampleOf(items)] : []
  return formats[format ?? ''] ?? plain[type ?? ''] ?? {}
}

function objectOf({ required = [], properties = {} }: Schema, alternative: Schema | undefined): unknown {
  const names = [...required, ...(alternative?.required ?? [])]
  const entries = names.flatMap((name) => {
    const schema = properties[name] ?? alternative?.properties?.[name]
    return schema ? [[name, exampleOf(schema)] as const] : []
  })
  return Object.fromEntries(entries)
}
