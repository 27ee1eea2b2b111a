/** `esim-testbed conformance …`: the run, and what is read beside it. */
import { readFile } from 'node:fs/promises'
import {
  compareRuns,
  coverageTable,
  mutantTable,
  phrases,
  portMutantTable,
  readRun,
  requirementCoverage,
  scenariosOf,
} from '../../conformance/index.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import {
  conformanceCommand,
  conformanceRunCommand,
  misunderstood,
  selectionFlags,
  selectionOf,
} from './conformance-run.ts'
import { selfTestCommand } from './conformance-self-test.ts'

const DEFAULT_DIALECT = 'esim-management@0.1'
const dialect: Command['flags'] = { dialect: { value: 'ID', summary: `default ${DEFAULT_DIALECT}` } }
const print = (text: string): void => void process.stdout.write(text)

const listCommand: Command = {
  name: 'conformance list',
  summary: 'Lists the scenarios that a run would ask, with the requirements that they claim.',
  flags: { ...dialect, ...selectionFlags },
  async run(args) {
    const selection = { dialect: textOf(args, 'dialect') ?? DEFAULT_DIALECT, ...selectionOf(args) }
    const listed = await scenariosOf(selection).catch(misunderstood)
    for (const { feature, name, tags } of listed) print(`${feature}: ${name}\n    ${tags.join(' ')}\n`)
    print(`${listed.length} scenarios\n`)
    return 0
  },
}

const phrasesCommand: Command = {
  name: 'conformance phrases',
  summary: 'Lists the phrases that features may use.',
  flags: { own: { summary: 'those of the features of a dialect instead of those of test definitions' } },
  async run({ flags }) {
    for (const phrase of await phrases(flags['own'] === true ? 'own' : 'upstream')) print(`${phrase}\n`)
    return 0
  },
}

const requirementsCommand: Command = {
  name: 'conformance requirements',
  summary:
    'Lists the requirements, each with its source, its checks and its mutants. Exit code 1 when one has no check.',
  flags: { ...dialect, json: { summary: 'as JSON instead of a table' } },
  async run(args) {
    const rows = await requirementCoverage(textOf(args, 'dialect') ?? DEFAULT_DIALECT).catch(misunderstood)
    print(args.flags['json'] === true ? `${JSON.stringify(rows, null, 2)}\n` : coverageTable(rows))
    return rows.every(({ checks }) => checks.length > 0) ? 0 : 1
  },
}

const compareCommand: Command = {
  name: 'conformance compare',
  summary: 'Says what changed between two runs. Exit code 1 when something became worse.',
  operands: 'BEFORE/report.json AFTER/report.json',
  flags: {},
  async run({ positionals }) {
    const [before, after, ...more] = positionals
    if (before === undefined || after === undefined || more.length > 0)
      throw new UsageError('conformance compare: say two reports, the earlier one first.')
    const { text, worse } = compareRuns(await runFrom(before), await runFrom(after))
    print(text)
    return worse ? 1 : 0
  },
}

async function runFrom(path: string) {
  try {
    return readRun(await readFile(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`conformance compare: ${path}: ${(error as Error).message}`)
  }
}

const mutantsCommand: Command = {
  name: 'conformance mutants',
  summary: 'Prints the table of wrong providers that the self-test runs.',
  flags: {},
  async run() {
    print(`${mutantTable()}\n${portMutantTable()}`)
    return 0
  },
}

export const conformanceCommands: readonly Command[] = [
  conformanceCommand,
  conformanceRunCommand,
  listCommand,
  phrasesCommand,
  requirementsCommand,
  compareCommand,
  selfTestCommand,
  mutantsCommand,
]
