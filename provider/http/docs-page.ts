/** An OpenAPI document as one page for people: no script, nothing from elsewhere, its style known to the policy by its hash. */
import { createHash } from 'node:crypto'
import type { OpenDocument } from './documents.ts'

interface Schema {
  readonly [keyword: string]: unknown
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly security: readonly { readonly openId?: readonly string[] }[]
  readonly parameters: readonly {
    readonly name?: string
    readonly in?: string
    readonly $ref?: string
    readonly schema?: Schema
  }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
  readonly callbacks?: Readonly<Record<string, Readonly<Record<string, { readonly post: Callback }>>>>
}
interface Callback {
  readonly summary: string
  readonly requestBody: { readonly content: Content }
}

export interface Described {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** `others`: the pages beside this one, title to path. */
export const docsPageOf = (document: Described, others: Readonly<Record<string, string>>): OpenDocument => ({
  contentType: 'text/html; charset=utf-8',
  policy,
  text: pageOf(document, others),
})

/** Text and attribute values. Everything else in this file is markup. */
const escaped = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 small { font-weight: normal; font-size: 1rem; }
code, .path { font-family: ui-monospace, monospace; font-size: .92em; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; padding: 0 .4rem; background: var(--soft); border: 1px solid var(--line); border-radius: .3rem; }
summary { cursor: pointer; }
`
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

const pageOf = ({ info, servers, paths }: Described, others: Readonly<Record<string, string>>): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} ${escaped(info.version)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description)}</p>
<p><code>${servers.map(({ url }) => escaped(url)).join(', ')}</code> · <a href="openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Operations">${listOf(operations.map(linkOf))}</nav>
<main>
${operations.map(sectionOf).join('\n')}
</main>
<nav aria-label="Other APIs of this provider">${listOf(Object.entries(others).map(([title, path]) => `<a href="${escaped(path)}">${escaped(title)}</a>`))}</nav>
</body>
</html>
`
}

const listOf = (items: readonly string[]): string => `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`

interface Row {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

const linkOf = ({ method, path, operation }: Row): string =>
  `<a class="path" href="#${escaped(operation.operationId)}">${escaped(method)} ${escaped(path)}</a>`

const sectionOf = ({ method, path, operation }: Row): string => `<section id="${escaped(operation.operationId)}">
<h2><span class="method">${escaped(method)}</span> <span class="path">${escaped(path)}</span></h2>
<p><strong>${escaped(operation.summary)}.</strong> ${escaped(operation.description)}</p>
<p>Scope: <code>${operation.security.flatMap(({ openId = [] }) => openId.map(escaped)).join(', ')}</code></p>
${parametersOf(operation)}
${operation.requestBody ? contentOf('Request', operation.requestBody.content) : ''}
${answersOf(operation)}
${eventsOf(operation)}
</section>`

const parametersOf = ({ parameters }: Operation): string =>
  tableOf(
    'Parameters',
    ['name', 'in', 'value'],
    parameters.map(({ name, in: where, $ref, schema = {} }) =>
      name === undefined
        ? [`<code>${escaped($ref?.split('/').at(-1))}</code>`, 'header', '']
        : [`<code>${escaped(name)}</code>`, escaped(where), rulesOf(schema)],
    ),
  )

const answersOf = ({ responses }: Operation): string => {
  const answers = Object.entries(responses)
  const codes = answers.filter(([status]) => Number(status) >= 400)
  return [
    ...answers
      .filter(([status]) => Number(status) < 400)
      .map(([status, { description, content }]) =>
        content
          ? contentOf(`${status}: ${description}`, content)
          : `<p>${escaped(status)}: ${escaped(description)}</p>`,
      ),
    tableOf(
      'Refusals',
      ['status', 'code'],
      codes.map(([status, { description }]) => [escaped(status), `<code>${escaped(description)}</code>`]),
    ),
  ].join('\n')
}

const eventsOf = ({ callbacks = {} }: Operation): string =>
  Object.values(callbacks)
    .flatMap((places) => Object.values(places))
    .map(({ post }) => contentOf(`Event: ${post.summary}`, post.requestBody.content))
    .join('\n')

const contentOf = (title: string, content: Content): string =>
  Object.entries(content)
    .map(
      ([mediaType, { schema }]) =>
        `<details open><summary>${escaped(title)} <code>${escaped(mediaType)}</code></summary>${schemaOf(schema)}</details>`,
    )
    .join('\n')

const schemaOf = (schema: Schema): string =>
  tableOf(
    undefined,
    ['member', 'value', ''],
    membersOf(schema).map(({ name, required, schema: member }) => [
      `<code>${escaped(name)}</code>`,
      rulesOf(member),
      required ? 'required' : '',
    ]),
  )

interface Member {
  readonly name: string
  readonly required: boolean
  readonly schema: Schema
}

/** Every member at every depth, as a path. */
const membersOf = (schema: Schema, prefix = ''): readonly Member[] => {
  if (schema.oneOf) return schema.oneOf.flatMap((one, index) => membersOf(one, `${prefix}(${index + 1}) `))
  if (schema.items) return membersOf(schema.items, `${prefix}[].`)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    { name: `${prefix}${name}`, required: schema.required?.includes(name) === true, schema: member },
    ...membersOf(member, member.items || member.oneOf ? `${prefix}${name}` : `${prefix}${name}.`),
  ])
}

const limits = [
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'default',
]

const rulesOf = (schema: Schema): string => {
  const { type, enum: words, description } = schema
  const said = [
    Array.isArray(words)
      ? words.map((word) => `<code>${escaped(JSON.stringify(word))}</code>`).join(' or ')
      : escaped(type ?? ''),
    ...limits.filter((name) => name in schema).map((name) => `${name} <code>${escaped(schema[name])}</code>`),
  ]
  return `${said.filter(Boolean).join(', ')}${description === undefined ? '' : `<br>${escaped(description)}`}`
}

const tableOf = (
  caption: string | undefined,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  if (rows.length === 0) return ''
  const cells = (name: 'th' | 'td', row: readonly string[]) => row.map((cell) => `<${name}>${cell}</${name}>`).join('')
  return `<table>${caption === undefined ? '' : `<caption>${escaped(caption)}</caption>`}<thead><tr>${cells('th', head)}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells('td', row)}</tr>`)
    .join('')}</tbody></table>`
}
