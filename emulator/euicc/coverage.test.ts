import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wrongCertificates } from '../../certs/testing/wrong-certificates.ts'
import { tagToHex } from '../../protocol/ber/index.ts'
import type { RefusalRow } from './check.ts'
import { functions } from './commands/index.ts'
import { latencyRows } from './latency.ts'
import { ecoOperations } from './packages/eco.ts'
import { psmoOperations } from './packages/psmo.ts'
import { policyRows } from './policy.ts'
import { variantRows } from './variants.ts'

/** `docs/euicc-coverage.md` is written from the tables of the code: `npx vitest run emulator/euicc/coverage.test.ts -u`. */
const DOCUMENT = '../../docs/euicc-coverage.md'

const room = import.meta.dirname
const filesIn = (suffix: string): readonly string[] =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix) && !name.startsWith('coverage'))
    .sort()
const read = (name: string): string => readFileSync(join(room, name), 'utf8')
const tests = filesIn('.test.ts')
  .filter((name) => !name.endsWith('.properties.test.ts'))
  .map((name) => ({ name, text: read(name) }))

interface Row {
  readonly unit: string
  readonly check: string
  readonly code: string
  readonly tests: readonly string[]
}

/** Tests that name the check and, where it is one of several with that check, the function. */
const testsOf = (check: string, isOwn: (test: { name: string; text: string }) => boolean): readonly string[] =>
  tests.filter((file) => file.text.includes(check) && isOwn(file)).map(({ name }) => name)

const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()

/** Facts of which a refusal may repeat anything. */
const anything: unknown = new Proxy(() => anything, {
  get: (_, key) => (typeof key === 'symbol' ? undefined : anything),
})

/** The code in an answer: its only text that is not the name of an alternative. */
function codeIn(answer: unknown): string | undefined {
  if (typeof answer === 'string') return answer
  if (typeof answer !== 'object' || answer === null) return undefined
  return Object.entries(answer)
    .filter(([name]) => name !== 'kind')
    .map(([, value]) => codeIn(value))
    .find((code) => code !== undefined)
}

/** Of a refusal that is signed: as it stands in the source, since nobody can sign anything. */
function codeOf(name: string, { id, otherwise }: RefusalRow): string {
  if (typeof otherwise !== 'function') return codeIn(otherwise) ?? ''
  try {
    return codeIn(otherwise(anything, anything)) ?? 'unsigned'
  } catch {
    const source = read(`commands/${kebab(name)}.ts`)
    return new RegExp(`'${id}'.*?otherwise: \\w+\\('(\\w+)'\\)`, 's').exec(source)?.[1] ?? ''
  }
}

const functionRows = (kind: 'iot' | 'consumer'): readonly Row[] =>
  [...functions[kind].values()]
    .sort((a, b) => a.name.localeCompare(b.name) || a.tag - b.tag)
    .flatMap(({ name, tag, checks }) => {
      const isOwn = ({ name: file, text }: { name: string; text: string }) =>
        !file.startsWith('card') && (new RegExp(`\\b${name}\\b`).test(text) || file.endsWith(`${kebab(name)}.test.ts`))
      const unit = `${name} (${tagToHex(tag).toUpperCase()})`
      if (checks.length === 0) return [{ unit, check: '', code: '', tests: [] }]
      return checks.map((row) => ({ unit, check: row.id, code: codeOf(name, row), tests: testsOf(row.id, isOwn) }))
    })

const operationRows: readonly Row[] = [['psmo', psmoOperations] as const, ['eco', ecoOperations] as const].flatMap(
  ([kind, operations]) =>
    Object.entries(operations).flatMap(([name, { checks }]) =>
      checks.length === 0
        ? [{ unit: name, check: '', code: '', tests: [] }]
        : checks.map(({ id, otherwise }: RefusalRow) => ({
            unit: name,
            check: id,
            code: codeIn(otherwise) ?? '',
            tests: testsOf(id, ({ name: file, text }) => file === `packages/${kind}.test.ts` && text.includes(name)),
          })),
    ),
)

/** ES8+ has its rows in the sources of its commands: tables, and refusals of single elements. */
const installRows: readonly Row[] = filesIn('.ts')
  .filter((name) => name.startsWith('install') && !name.endsWith('.test.ts'))
  .flatMap((name) => {
    const text = read(name)
    const tables = [...text.matchAll(/id: '([\w-]+)',.*?otherwise: '([\w-]+)'/gs)]
    const refusals = [...text.matchAll(/[^t]refusal\('([\w-]+)', '(\w+)'/g)]
    const elements = [...text.matchAll(/elementRefusal\('([\w-]+)', (.*)/g)].map(([match, id, status = '']) => {
      const memory = status.includes('not-enough-memory') ? 'InsufficientMemoryForProfile' : 'PEProcessingError'
      return [match, id, `installFailedDueTo${memory}`]
    })
    return [...tables, ...refusals, ...elements].map(([, check = '', code = '']) => ({
      unit: name.replace('install/', '').replace('.ts', ''),
      check,
      code,
      tests: testsOf(check, ({ name: file }) => file.startsWith('install')),
    }))
  })

const testsOfPolicy = (name: string): readonly string[] =>
  tests.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).map((file) => file.name)

test('every row of the policy has a test that names it', () => {
  expect(Object.keys(policyRows).filter((name) => testsOfPolicy(name).length === 0)).toEqual([])
})

test('every check of every function has a test that names it', () => {
  const rows = [...functionRows('iot'), ...functionRows('consumer'), ...operationRows, ...installRows]
  const untested = rows.filter((row) => row.check !== '' && row.tests.length === 0)
  expect(untested.map(({ unit, check }) => `${unit}: ${check}`)).toEqual([])
  expect(rows.filter(({ check, code }) => check !== '' && code === '')).toEqual([])
})

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const coverage = (rows: readonly Row[]): string =>
  table(
    ['function', 'precondition', 'refusal', 'test'],
    rows.map(({ unit, check, code, tests: names }) => [unit, check || 'none', code, names.join(', ')]),
  )

test('the document says what the tables say', async () => {
  const consumerOnly = functionRows('consumer').map(({ unit }) => unit)
  const document = `# What the eUICC does, and what proves it

Written from the tables of \`emulator/euicc\` by \`npx vitest run emulator/euicc/coverage.test.ts -u\`; the same test fails when it differs.
Preconditions are in their order: the first that does not hold decides, and nothing changes. Tests are below \`emulator/euicc\`: one for each row, and one for
each pair of neighbours that fails both, unless the one excludes the other (a profile that does not exist cannot be enabled, a certificate is refused for one reason):
\`preconditions.test.ts\` derives the pairs from the same tables, sees which pairs the cases fail, and lists those that exclude each other with the reason.

## Functions of ES10

${coverage(functionRows('iot'))}

A card of the personality \`consumer\` has these: ${[...new Set(consumerOnly)].join(', ')}. All others are unknown to it.

IpaeActivation and LpaeActivation are answered with notSupported: there is neither in the card, and EUICCInfo2 says \`ipad\`.

## Operations of eUICC packages

${coverage(operationRows)}

## Commands of a bound profile package

${coverage(installRows)}

## Wrong certificates of servers

Each is made on both curves (\`certs/testing/wrong-certificates.ts\`) and refused through AuthenticateServer or PrepareDownload by
\`commands/wrong-certificates.test.ts\`. Where ES10b has no code of its own for the rule, it is invalidCertificate, and the trace names the rule.

${table(
  ['certificate', 'of', 'rule in the trace'],
  wrongCertificates.map(({ rule, of, reason = '' }) => [rule, of.join(', '), reason]),
)}

A DPpb below another CI than the DPauth (other-ci) and one that a CRL lists (revoked) are refused, too. An eUICC has no clock: validity is looked at by servers and IPAs,
the EIN that an EUM may certify by servers (\`certs/chain.test.ts\`, \`emulator/smdp/refusals.test.ts\`).

## What the standards leave open

Each row is a key of the configuration, \`euicc.policy.NAME\`. What stays open without a row is the order of preconditions (Unverified in the tables above) and codes that
no source contradicts.

${table(
  ['row of `Policy`', 'about', 'default', 'other', 'test'],
  Object.entries(policyRows).map(([name, { about, choices }]) => [
    name,
    about,
    choices[0],
    choices.slice(1).join(', '),
    testsOfPolicy(name).join(', '),
  ]),
)}

## Wire variants

Habits of real cards, all off: \`euicc.variants\` in the configuration, \`card --variant NAME\`. Tests: \`variants.test.ts\`; our IPA, eIM and SM-DP+ with each: \`test/wire-variants.test.ts\`.

${table(
  ['variant', 'about', 'source'],
  Object.entries(variantRows).map(([name, { about, source }]) => [name, about, source]),
)}

Not of the card but of IPAs: a bare EuiccPackageResult in ProvideEimPackageResult, and \`5A\` or \`BF2D\` in the tag list of IpaEuiccDataRequest.

## Latency

How long a card takes, in milliseconds: \`euicc.latency\`, \`card --latency NAME\`. What is not named takes no time. Test: \`latency.test.ts\`.

${table(
  ['latency', 'function', 'ms', 'source'],
  Object.entries(latencyRows).flatMap(([name, { functions: measured, boundProfilePackage, source }]) =>
    [...Object.entries(measured), ['LoadBoundProfilePackage, all segments', boundProfilePackage] as const].map(
      ([unit, milliseconds]) => [name, unit, String(milliseconds), source],
    ),
  ),
)}
`
  await expect(document).toMatchFileSnapshot(DOCUMENT)
})
