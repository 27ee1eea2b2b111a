/**
 * JSON Schema rows that know the TypeScript type they describe. The same row validates (ajv), types the handler and goes into
 * the OpenAPI document. Objects are strict at any depth: a property that is not listed is refused.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

declare const describes: unique symbol
declare const accepts: unique symbol
/** T: the value once validated. I: the value before defaults are filled in. */
export interface Schema<T, I = T> {
  readonly [describes]?: T
  readonly [accepts]?: I
  readonly [keyword: string]: unknown
}
export type ValueOf<S> = S extends { readonly [describes]?: infer T } ? Exclude<T, undefined> : never
export type InputOf<S> = S extends { readonly [accepts]?: infer I } ? Exclude<I, undefined> : never

interface Optional<T, I> {
  readonly optional: Schema<T, I>
}
export interface Defaulted<T, I> {
  readonly defaulted: Schema<T, I>
}
type Row = Schema<unknown> | Optional<unknown, unknown> | Defaulted<unknown, unknown>
type Properties = Readonly<Record<string, Row>>
type SchemaOf<R> = R extends { optional: infer S } ? S : R extends { defaulted: infer S } ? S : R
type KeyOf<P, Kind> = { [K in keyof P]: P[K] extends Kind ? K : never }[keyof P]
type OptionalKey<P> = KeyOf<P, { optional: unknown }>
type OmittableKey<P> = KeyOf<P, { optional: unknown } | { defaulted: unknown }>
type ObjectOf<P> = { readonly [K in Exclude<keyof P, OptionalKey<P>>]: ValueOf<SchemaOf<P[K]>> } & {
  readonly [K in OptionalKey<P>]?: ValueOf<SchemaOf<P[K]>>
}
type InputObjectOf<P> = { readonly [K in Exclude<keyof P, OmittableKey<P>>]: InputOf<SchemaOf<P[K]>> } & {
  readonly [K in OmittableKey<P>]?: InputOf<SchemaOf<P[K]>>
}
type Keywords = Readonly<Record<string, unknown>>

export const text = (keywords: Keywords = {}): Schema<string> => ({ type: 'string', ...keywords })
export const integer = (keywords: Keywords = {}): Schema<number> => ({ type: 'integer', ...keywords })
export const number = (keywords: Keywords = {}): Schema<number> => ({ type: 'number', ...keywords })
export const flag = (keywords: Keywords = {}): Schema<boolean> => ({ type: 'boolean', ...keywords })
export const oneWord = <const W extends string>(words: readonly W[], keywords: Keywords = {}): Schema<W> => ({
  type: 'string',
  enum: words,
  ...keywords,
})
export const list = <T, I>(items: Schema<T, I>, keywords: Keywords = {}): Schema<readonly T[], readonly I[]> => ({
  type: 'array',
  items,
  ...keywords,
})
/** What may stand behind a scheme in `Authorization`: visible characters of ASCII. */
export const bearerToken = (keywords: Keywords = {}): Schema<string> =>
  text({ pattern: '^[\\x21-\\x7e]+$', ...keywords })
export const optional = <T, I>(schema: Schema<T, I>): Optional<T, I> => ({ optional: schema })
/** Filled in where a configuration leaves it out. */
export const defaulted = <T, I>(schema: Schema<T, I>, value: NoInfer<I>): Defaulted<T, I> => ({
  defaulted: { ...schema, default: value },
})

const isOptional = (row: Row): row is Optional<unknown, unknown> => 'optional' in row
const isDefaulted = (row: Row): row is Defaulted<unknown, unknown> => 'defaulted' in row
const schemaOf = (row: Row): Schema<unknown> => {
  if (isOptional(row)) return row.optional
  return isDefaulted(row) ? row.defaulted : row
}

export const strict = <const P extends Properties>(
  properties: P,
  keywords: Keywords = {},
): Schema<ObjectOf<P>, InputObjectOf<P>> => {
  const rows = Object.entries(properties)
  const required = rows.filter(([, row]) => !isOptional(row)).map(([name]) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(rows.map(([name, row]) => [name, schemaOf(row)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...keywords,
  }
}

/** One of several objects, told apart by the word in `tag`. */
export const variants = <const T extends string, const S extends readonly Schema<unknown>[]>(
  tag: T,
  oneOf: S,
  keywords: Keywords = {},
): Schema<ValueOf<S[number]>> => ({
  type: 'object',
  required: [tag],
  discriminator: { propertyName: tag },
  oneOf,
  ...keywords,
})

const createAjv = (useDefaults: boolean): Ajv => {
  const ajv = new Ajv({ discriminator: true, strict: true, strictTypes: false, strictRequired: false, useDefaults })
  ajv.addVocabulary(['example'])
  addFormats.default(ajv, ['uri', 'date-time'])
  return ajv
}
const messages = createAjv(false)
const configurations = createAjv(true)

export type Validated<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly why: string }

/** The answer to an invalid value is a sentence that names the property. */
export const validator = <T>(schema: Schema<T>): ((value: unknown) => Validated<T>) => compile(messages, schema)

export class ConfigurationError extends Error {}

/** Fills in defaults, in a copy. A start with an unknown key or a wrong value stops with a sentence that names it. */
export const configurationReader = <T, I>(whose: string, schema: Schema<T, I>): ((config: I) => T) => {
  const check = compile<T>(configurations, schema)
  return (config) => {
    const checked = check(structuredClone(config))
    if (checked.kind === 'invalid') throw new ConfigurationError(`${whose} configuration: ${checked.why}`)
    return checked.value
  }
}

/** With its first use: a process that asks little need not wait for what nobody asks. */
const compile = <T>(ajv: Ajv, schema: Readonly<Record<string, unknown>>): ((value: unknown) => Validated<T>) => {
  let check: ValidateFunction<T> | undefined
  return (value) => {
    check ??= ajv.compile<T>(schema)
    return check(value) ? { kind: 'valid', value } : { kind: 'invalid', why: sentenceOf(check.errors?.[0], value) }
  }
}

const sentences: Readonly<Record<string, (path: string, error: ErrorObject) => string>> = {
  additionalProperties: (path, { params }) => `Unknown property ${join(path, String(params['additionalProperty']))}.`,
  required: (path, { params }) => `Property ${join(path, String(params['missingProperty']))} is missing.`,
  type: (path, { params }) => `${path || 'The value'} must be of type ${String(params['type'])}.`,
  enum: (path, { params }) => `${path} must be one of ${(params['allowedValues'] as string[]).join(', ')}.`,
  discriminator: (path, { params }) => `${join(path, String(params['tag']))} has a value that is not known.`,
}

/** A property's name may be as long as its sender likes. */
const longest = 300

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

const sentenceOf = (error: ErrorObject | undefined, value: unknown): string => {
  if (!error) throw new Error(`ajv refused ${typeof value} without saying why`)
  const path = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
  const sentence =
    sentences[error.keyword]?.(path, error) ?? `${path || 'The value'} ${error.message ?? 'is not valid'}.`
  return sentence.length > longest ? `${sentence.slice(0, longest)}…` : sentence
}
