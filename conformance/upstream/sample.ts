/** Values made from a schema: the smallest that complies, and one that does not. */
import { randomUUID } from 'node:crypto'
import type { Api } from './openapi.ts'

type Json = Readonly<Record<string, unknown>>

const MOST_DEPTH = 12

/** Required members only, examples where the definition has them; `known` may know a member's value by its name. */
export function sampleOf(api: Api, schema: unknown, known: (name: string) => unknown): unknown {
  const make = (node: unknown, name: string, depth: number): unknown => {
    const asset = known(name)
    if (asset !== undefined) return asset
    const flat = depth > MOST_DEPTH ? {} : flattened(api, node)
    if (flat['example'] !== undefined && flat['properties'] === undefined) return flat['example']
    if (flat['default'] !== undefined) return flat['default']
    const [first] = (flat['enum'] ?? []) as readonly unknown[]
    return first ?? bare(flat, (inner, innerName) => make(inner, innerName, depth + 1))
  }
  return make(schema, '', 0)
}

/** A schema with what it is composed of in one: all of `allOf`, the first of `oneOf` and of `anyOf`. */
export function flattened(api: Api, schema: unknown): Json {
  const node = api.resolve(schema)
  const [one] = (node['oneOf'] ?? []) as readonly unknown[]
  const [any] = (node['anyOf'] ?? []) as readonly unknown[]
  const parts = [...((node['allOf'] ?? []) as readonly unknown[]), one, any].filter((part) => part !== undefined)
  const whole = [node, ...parts.map((part) => flattened(api, part))]
  return {
    ...Object.assign({}, ...[...whole].reverse()),
    properties: Object.assign({}, ...whole.map((part) => part['properties'] ?? {}).reverse()),
    required: whole.flatMap((part) => (part['required'] ?? []) as readonly string[]),
  }
}

function bare(schema: Json, make: (node: unknown, name: string) => unknown): unknown {
  const properties = (schema['properties'] ?? {}) as Json
  const required = (schema['required'] ?? []) as readonly string[]
  if (schema['type'] === 'object' || Object.keys(properties).length > 0)
    return Object.fromEntries(required.map((name) => [name, make(properties[name], name)]))
  if (schema['type'] === 'array')
    return Array.from({ length: Number(schema['minItems'] ?? 1) }, () => make(schema['items'], ''))
  if (schema['type'] === 'integer' || schema['type'] === 'number') return Number(schema['minimum'] ?? 1)
  if (schema['type'] === 'boolean') return false
  return textOf(schema)
}

const texts: Readonly<Record<string, () => string>> = {
  uuid: () => randomUUID(),
  'date-time': () => '2099-01-01T00:00:00Z',
  date: () => '2099-01-01',
  uri: () => 'https://example.com/',
  url: () => 'https://example.com/',
}

const textOf = ({ format, minLength }: Json): string =>
  texts[String(format)]?.() ?? 'text'.padEnd(Number(minLength ?? 0), 'x')

/** Of another type where the schema names one: no schema of a text accepts a list. */
export const violating = (schema: Json): unknown => (schema['type'] === 'array' ? 'no array' : [{ no: 'value' }])
