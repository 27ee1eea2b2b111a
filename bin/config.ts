/** The configuration of the testbed: one schema, defaults < file < environment < flags, read once. */
import { Ajv, type ErrorObject } from 'ajv'
import { type Config, configSchema } from './config-schema.ts'
import { ConfigurationError, readMapping } from './mapping.ts'

export { ConfigurationError, readMapping } from './mapping.ts'

export interface ConfigSources {
  /** YAML or JSON. */
  readonly file?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Values by dotted path, for example `{ 'devices.count': 5 }`. */
  readonly flags?: Readonly<Record<string, unknown>>
}

type Tree = { [key: string]: unknown }

/** Throws ConfigurationError naming the first key that is unknown or has a wrong value. */
export function readConfig({ file, environment = {}, flags = {} }: ConfigSources): Config {
  const config: Tree = file === undefined ? {} : readMapping(file)
  for (const [path, value] of Object.entries(fromEnvironment(environment))) setPath(config, path, value)
  for (const [path, value] of Object.entries(flags)) if (value !== undefined) setPath(config, path, value)
  const validate = new Ajv({
    useDefaults: true,
    coerceTypes: true,
    allErrors: false,
    allowUnionTypes: true,
  }).compile<Config>(configSchema)
  if (!validate(config)) throw new ConfigurationError(sentence(validate.errors?.[0]))
  return config
}

const PREFIX = 'ESIM_TESTBED_'

/** `ESIM_TESTBED_EIM_ESIPA_PORT` is `eim.esipaPort`. A variable with the prefix that names no key is refused. */
function fromEnvironment(environment: ConfigSources['environment'] = {}): Record<string, string> {
  const paths = new Map(leaves(configSchema).map((path) => [variableOf(path), path]))
  const values: Record<string, string> = {}
  // What users of PostgreSQL and OpenTelemetry expect; a variable with our prefix goes before it.
  const shared = environment['DATABASE_URL']
  if (shared) Object.assign(values, { 'provider.databaseUrl': shared, 'eim.databaseUrl': shared })
  const collector = environment['OTEL_EXPORTER_OTLP_ENDPOINT']
  if (collector) values['provider.tracingUrl'] = collector
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue
    const path = paths.get(name)
    if (path === undefined) throw new ConfigurationError(`The environment variable ${name} names no configuration key.`)
    values[path] = value
  }
  return values
}

const variableOf = (path: string): string =>
  PREFIX +
  path
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase()

interface SchemaNode {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, SchemaNode>>
}

function leaves(node: SchemaNode, prefix = ''): string[] {
  if (!node.properties) return node.type === 'array' ? [] : [prefix]
  return Object.entries(node.properties).flatMap(([key, child]) => leaves(child, prefix ? `${prefix}.${key}` : key))
}

function setPath(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let at = tree
  for (const key of keys) {
    const next = at[key]
    if (typeof next !== 'object' || next === null) at[key] = {}
    at = at[key] as Tree
  }
  at[last] = value
}

function sentence(error: ErrorObject | undefined): string {
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  if (error?.keyword === 'additionalProperties') {
    const key = [path, String(error.params['additionalProperty'])].filter(Boolean).join('.')
    return `The configuration key ${key} is not known.`
  }
  const allowed = error?.keyword === 'enum' ? `: ${(error.params['allowedValues'] as unknown[]).join(', ')}` : ''
  return `The configuration key ${path} ${error?.message ?? 'is wrong'}${allowed}.`
}
