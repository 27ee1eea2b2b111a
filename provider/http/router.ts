/** Paths to routes. Built once from the tables; a path is known or it is not, and a known path says which methods it has. */
import type { Dialect } from '../dialects/dialect.ts'
import { optional, type Schema, strict, type Validated, validator } from '../schema.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Route } from './route.ts'

export interface Endpoint {
  readonly basePath: string
  readonly dialect: Pick<Dialect, 'again'>
  readonly route: Route
  readonly body: (value: unknown) => Validated<unknown>
  readonly params: (value: unknown) => Validated<Readonly<Record<string, string>>>
  readonly query: (value: unknown) => Validated<Readonly<Partial<Record<string, string>>>>
}

interface Place {
  readonly pattern: RegExp
  readonly endpoints: ReadonlyMap<string, Endpoint>
}

type Open = Readonly<Record<string, () => Promise<unknown>>>

type Resolved =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'open'; read(): Promise<unknown> }
  | Refusal

const anything: Schema<unknown> = {}

export const compileRoutes = (
  dialects: readonly Dialect[],
  open: Open,
): ((method: string, path: string) => Resolved) => {
  const byPath = new Map<string, Map<string, Endpoint>>()
  for (const dialect of dialects)
    for (const route of dialect.routes) {
      const path = `${dialect.basePath}${route.path}`
      byPath.set(path, (byPath.get(path) ?? new Map()).set(route.method, endpointOf(dialect, route)))
    }
  const places: Place[] = [...byPath].map(([path, endpoints]) => ({ pattern: pathPattern(path), endpoints }))

  return (method, path) => {
    const read = Object.hasOwn(open, path) ? open[path] : undefined
    if (read) return method === 'GET' ? { kind: 'open', read } : wrongMethod(['GET'])
    for (const { pattern, endpoints } of places) {
      const match = pattern.exec(path)
      if (!match) continue
      const endpoint = endpoints.get(method)
      return endpoint ? { kind: 'endpoint', endpoint, params: { ...match.groups } } : wrongMethod([...endpoints.keys()])
    }
    return refuse('NOT_FOUND', 'Nothing is at this path.')
  }
}

const endpointOf = (dialect: Dialect, route: Route): Endpoint => ({
  basePath: dialect.basePath,
  dialect,
  route,
  body: validator(route.body ?? anything),
  params: validator(strict(route.params ?? {})),
  query: validator(strict(optionals(route.query ?? {}))),
})

const optionals = (rows: Readonly<Record<string, Schema<string>>>) =>
  Object.fromEntries(Object.entries(rows).map(([name, schema]) => [name, optional(schema)]))

/** A segment is taken as it is written: what a parameter may be needs no percent-encoding. */
export const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.+*?()|[\]\\^$]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)

const wrongMethod = (methods: readonly string[]): Refusal =>
  refuse('METHOD_NOT_ALLOWED', `This path has ${methods.join(', ')} only.`, { headers: { allow: methods.join(', ') } })
