/** Tables that are written from the code. */
import type { Command } from '../../bin/command.ts'
import type { requirementCoverage } from '../../conformance/index.ts'
import { decodeErrorCodes } from '../../protocol/ber/index.ts'
import {
  es9plusErrors,
  es11Errors,
  esipaErrors,
  reasons,
  statusWords,
  statusWordText,
  subjects,
} from '../../protocol/codes/index.ts'
import { statusOf } from '../../provider/http/errors.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), `|${head.map(() => '---').join('|')}|`, ...rows.map((cells) => row(...cells))].join('\n')

const written = 'Written by a test from'

export interface SchemaNode {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly items?: SchemaNode
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
}

/** A row for each key, those of a group behind each other. */
function keysOf(node: SchemaNode, path: readonly string[] = []): readonly (readonly string[])[] {
  if (node.properties && Object.keys(node.properties).length > 0)
    return Object.entries(node.properties).flatMap(([key, child]) => keysOf(child, [...path, key]))
  const variable = ['ESIM_TESTBED', ...path.map((key) => key.replace(/([A-Z])/g, '_$1').toUpperCase())].join('_')
  return [
    [
      `\`${path.join('.')}\``,
      typeOf(node),
      `\`${JSON.stringify(node.default)}\``,
      `\`${variable}\``,
      node.description ?? '',
    ],
  ]
}

function typeOf({ type = '', enum: values, items, minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (items) return `list of ${items.type === 'object' ? 'objects' : typeOf(items)}`
  const bounds = [
    minimum === undefined ? '' : `from ${minimum}`,
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
  ]
  return [type, ...bounds].filter(Boolean).join(' ')
}

export const configuration = (schema: SchemaNode): string => `# Configuration

${written} \`bin/config-schema.ts\`, whose rows are also what is checked: an unknown key or a wrong value is refused with its name. Later ones win: default, file
(\`--config FILE\`, YAML or JSON, keys nested), environment, flag. Lists and objects are JSON in the environment. \`DATABASE_URL\` names the database unless the variable
of the key does.

${table(['key', 'values', 'default', 'environment', 'what it is'], keysOf(schema))}
`

type Coverage = Awaited<ReturnType<typeof requirementCoverage>>

export const requirements = (
  byDialect: readonly (readonly [dialect: string, rows: Coverage])[],
): string => `# Requirements

${written} \`conformance/requirements\`. Checks: scenarios that claim it. Mutants: wrong providers that those must catch ([mutants.md](mutants.md)).
\`esim-testbed conformance requirements --dialect ID\` prints those of one dialect.

${byDialect.map(([dialect, rows]) => `## \`${dialect}\`\n\n${requirementTable(rows)}\n`).join('\n')}`

const requirementTable = (rows: Coverage): string =>
  table(
    ['requirement', 'level', 'statement', 'source', 'checks', 'mutants'],
    rows.map(({ requirement: { id, level, text, source }, checks, mutants }) => [
      ...[`\`${id}\``, level, text, `${source.document}, ${source.section}`],
      ...[String(checks.length), mutants.map((mutant) => `\`${mutant}\``).join(', ')],
    ]),
  )

interface ErrorRow {
  readonly subjectCode: string
  readonly reasonCode: string
  readonly error: string
}

/** By function, or by version and then by function. */
interface Errors {
  readonly [name: string]: readonly ErrorRow[] | Errors
}

const rowsOf = (errors: Errors, path: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(errors).flatMap(([name, value]) =>
    Array.isArray(value)
      ? (value as readonly ErrorRow[]).map((one) => [
          [...path, name].join(' '),
          one.subjectCode,
          one.reasonCode,
          one.error,
        ])
      : rowsOf(value as Errors, [...path, name]),
  )

const functionErrors = (errors: Errors): string =>
  table(['function', 'subject', 'reason', 'error in ASN.1'], rowsOf(errors))

export const errorCodes = (): string => `# Error codes

${written} \`protocol/codes\` and \`provider/http/errors.ts\`. Codes of unreadable octets and what they mean: [errors.md](errors.md)
(${Object.keys(decodeErrorCodes).length} codes). Which check of a card gives which answer: [euicc-coverage.md](euicc-coverage.md); which of the SM-DP+: [sm-dp-plus.md](sm-dp-plus.md).

## The API

CAMARA Commonalities, error responses; the status of each.

${table(
  ['code', 'status'],
  Object.entries(statusOf).map(([code, status]) => [`\`${code}\``, String(status)]),
)}

## Status words of the card

${table(
  ['status word', 'name', 'what it says'],
  Object.entries(statusWords).map(([name, value]) => [
    value.toString(16).padStart(4, '0').toUpperCase(),
    name,
    statusWordText(value),
  ]),
)}

## functionExecutionStatus: subjects

${table(['subject code', 'what'], Object.entries(subjects))}

## functionExecutionStatus: reasons

${table(['reason code', 'what'], Object.entries(reasons))}

## ES9+

${functionErrors(es9plusErrors as unknown as Errors)}

## ES11

${functionErrors(es11Errors as unknown as Errors)}

## ESipa

${functionErrors(esipaErrors as unknown as Errors)}
`

export const commandLine = (commands: readonly Command[]): string => `# Command line

${written} the rows of \`bin/commands\`. \`esim-testbed NAME --help\` prints the same.

${commands
  .map(({ name, summary, operands, flags }) => {
    const rows = Object.entries(flags).map(([flag, { value, short, summary: what }]) => [
      `\`${short ? `-${short}, ` : ''}--${flag}${value ? ` ${value}` : ''}\``,
      what,
    ])
    const list = rows.length > 0 ? `\n\n${table(['flag', 'what it does'], rows)}` : ''
    return `## ${name}${operands ? ` ${operands}` : ''}\n\n${summary}${list}\n`
  })
  .join('\n')}`
