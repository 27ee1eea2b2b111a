import type { AnswerRow, JsonSchema, RestApi, RouteRow } from './route.ts'

/** OpenAPI 3.0.3 document of a table of routes. */
export function openApi({
  base,
  title,
  version,
  routes,
}: Pick<RestApi, 'base' | 'title' | 'version' | 'routes'>): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = paths[route.path] ?? {}
    path[route.method.toLowerCase()] = operation(route)
    paths[route.path] = path
  }
  return {
    openapi: '3.0.3',
    info: { title, version, license: { name: 'Apache-2.0' } },
    servers: [{ url: base }],
    paths,
  }
}

function operation({ summary, parameters = {}, query = {}, headers = {}, body, text, answers }: RouteRow): JsonSchema {
  return {
    summary,
    parameters: [
      ...Object.entries(parameters).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
      ...Object.entries(headers).map(([name, schema]) => ({ name, in: 'header', schema })),
    ],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    ...(text ? { requestBody: { required: true, content: { [text]: { schema: { type: 'string' } } } } } : {}),
    responses: Object.fromEntries(Object.entries(answers).map(([status, row]) => [status, response(row)])),
  }
}

function response({ description, schema, mediaType = 'application/json' }: AnswerRow): JsonSchema {
  return { description, ...(schema ? { content: { [mediaType]: { schema } } } : {}) }
}
