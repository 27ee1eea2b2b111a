/** Commands of this project that stand within sentences of the documents, and who executes each. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'examples/README.md'],
  ...['docs', 'docs/dialects'].flatMap((path) =>
    readdirSync(join(root, path))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${path}/${name}`),
  ),
]

interface InSentence {
  readonly document: string
  readonly command: string
}

interface Executed {
  /** As the documents name it, with `…` for what differs. */
  readonly command: string
  readonly pattern: RegExp
  readonly how: string
  /** What a test runs for it. `FOLDER` is an empty one. */
  readonly form?: readonly string[]
}

/** Scripts are run by CI itself, by a test of their own, or in a short form. */
export const executed: readonly Executed[] = [
  {
    command: 'npm ci, test, start, pack, run build',
    pattern: /^npm (ci|test|start|pack|run build)\b/,
    how: 'CI itself',
  },
  { command: 'npm run check…', pattern: /^npm run check/, how: 'CI itself; `check:image` by hand' },
  { command: 'npx vitest run …', pattern: /^npx vitest run /, how: 'CI itself, all tests and without `-u`' },
  {
    command: 'npm run bench …',
    pattern: /^npm run bench/,
    how: 'measures for minutes, so by hand; `test/bench.test.ts` runs its command line',
  },
  { command: 'npm run sbom', pattern: /^npm run (--silent )?sbom/, how: '`test/sbom.test.ts`' },
  { command: 'npm run soak …', pattern: /^npm run soak( |$)/, how: '`test/soak.test.ts`, with fewer operations' },
  {
    command: 'npm run soak:kill …',
    pattern: /^npm run soak:kill/,
    how: '`test/provider-kill.test.ts` and `test/roles-kill.test.ts`, with fewer kills',
  },
  {
    command: 'npm run soak:judge …',
    pattern: /^npm run soak:judge/,
    how: '`test/sentences.test.ts`, once, for one requirement',
    form: [
      ...['scripts/soak-judge.mjs', '--times', '1', '--parallel', '1'],
      ...['--dialect', 'esim-management@0.1', '--tags', '@req:esim-management/enable/enables'],
    ],
  },
  {
    command: 'npm run fuzz …',
    pattern: /^npm run fuzz/,
    how: '`test/sentences.test.ts`, with few inputs; `test/fuzz.test.ts`, with more',
    form: ['dist/fuzz/index.js', '--count', '300', '--seed', '1'],
  },
  {
    command: 'npm run pki …',
    pattern: /^npm run pki/,
    how: '`test/sentences.test.ts`',
    form: ['dist/certs/make-pki.js', '--out', 'FOLDER/pki'],
  },
  {
    command: 'node scripts/measure-console.mjs',
    pattern: /^node scripts\/measure-console\.mjs$/,
    how: 'by hand: its bounds are times, and would speak about the machine',
  },
]

/** Outside fences. */
function commandsWithinSentences(document: string, text: string): readonly InSentence[] {
  const prose = text
    .split(/^```/m)
    .filter((_, i) => i % 2 === 0)
    .join('')
  return [...prose.matchAll(/`((?:npm|npx vitest|node) [^`]*)`/g)].map(([, command = '']) => ({ document, command }))
}

export const within = documents
  .filter((document) => document !== 'docs/commands.md')
  .flatMap((document) => commandsWithinSentences(document, read(document)))
