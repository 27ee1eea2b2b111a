/** Tables that are written from the code. */
import type { Command } from '../../bin/command.ts'
import { mutantTable, portMutantTable, type requirementCoverage } from '../../conformance/index.ts'
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

export const mutants = (): string => `# Who judges the judge

Written by a test from \`conformance/mutants\`.

Wrong providers, each a right one with a layer at its edge that breaks one rule. \`esim-testbed conformance self-test\` runs them all; it ends with
\`caught N of M\`, and with exit code 0 only if each was caught by a check that claims the broken requirement and a layer that changes nothing was not
blamed. With \`--target\`, \`--testbed\` and \`--auth\` the layers are put before a provider of yours that is known to be right, instead of the runner's own.
Of the table those are run whose requirement is of the dialect, under the readings that are declared: \`esim-management@0.1\`, or the one of \`--dialect\`.

\`esim-testbed conformance self-test --reference\` needs nothing beside: it starts the reference provider on the whole stack and runs the catalogue in every dialect, those
rules that only another reading has under that reading, limits where they are declared, faults on a virtual clock, and the layers at the port. The tests do the
same in parts (\`test/dialects.test.ts\`, \`test/readings.test.ts\`, \`test/fault-suite.test.ts\`, \`test/port-mutants.test.ts\`).

Every requirement at SHALL has at least one row; a test holds that. Rules that several dialects share are broken by one layer in the words of each: such rows
begin with \`esim-\`, \`profile-\`, \`remote-\` or \`subscription-\`.

${mutantTable()}
## At the port to the platform

The provider's answers are its own, and what lies between it and its eIM is not: orders are changed on their way, results and inventories on their way back
(\`docs/eim-northbound.md\`). \`test/port-mutants.test.ts\` puts the reference provider over the whole stack behind each, and each must be caught.

${portMutantTable()}`
