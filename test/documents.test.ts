import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Command, parseFlags } from '../bin/command.ts'
import { allCommands } from '../bin/commands/index.ts'
import { certificateToPem, makePki } from '../certs/index.ts'
import { documents, executed, read, root } from './testing/sentences.ts'

/** Every command in every document is executed, or is in the table of those that cannot be and is held to what there is. */

const folder = mkdtempSync(join(tmpdir(), 'documents-'))
const program = join(root, 'dist/bin/esim-testbed.js')

interface Written {
  readonly document: string
  readonly command: string
}

const first = /^(?:[A-Z_]+=\S+ )?(?:npx|npm|node|curl|esim-testbed|docker|kubectl|python3|cd) /

/** Texts between fences without a language, or of a shell. */
function fencesIn(text: string): readonly string[] {
  const parts = text.split(/^```/m)
  return parts.filter((_, i) => i % 2 === 1).flatMap((part) => (/^(?:sh|bash)?\n/.test(part) ? [part] : []))
}

/** Lines of fences without a language, or of a shell, with their continuations. What stands behind three blanks explains. */
function commandsIn(document: string): readonly Written[] {
  return fencesIn(read(document)).flatMap((text) =>
    text
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.replace(/ {3,}.*$/, '').trim())
      .filter((line) => first.test(line))
      .map((command) => ({ document, command })),
  )
}

const written = documents.flatMap(commandsIn)
const commands = await allCommands()

/** Why a command is not run here, and what is held instead. */
const exceptions: readonly (readonly [RegExp, string, (command: string) => void])[] = [
  [/^npm ci && npm (start|test)$/, 'what CI itself does on a clean checkout', scriptsExist],
  [/^npm run check$/, 'what CI itself does', scriptsExist],
  [/^npm run bench$/, 'measures, for a minute or more; what it does with its rows is tested', scriptsExist],
  [
    /^CONTROL_TOKEN=\S+ docker compose /,
    'needs an engine; docker.test.ts and check:image hold what it does',
    fileExists,
  ],
  [/^(cd python-provider|python3 provider\.py)/, 'run by examples.test.ts', () => {}],
  [/--assets devices\.json/, 'run by examples.test.ts', isUnderstood],
]

function scriptsExist(command: string): void {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const [, name = ''] of command.matchAll(/npm (?:run )?(test|start|[a-z]+(?::[a-z]+)?)/g))
    if (name !== 'ci' && name !== 'run') expect(Object.keys(scripts)).toContain(name)
}

function fileExists(command: string): void {
  const file = /-f (\S+)/.exec(command)?.[1] ?? ''
  expect(read(file)).not.toBe('')
}

/** The command line's own: a command that there is, with flags that it has. */
function isUnderstood(command: string): void {
  const words = command
    .replace(/^.*?esim-testbed /, '')
    .replace(/ [>|].*$/, '')
    .split(/ +/)
  const { row, argv } = commandOf(words)
  parseFlags(row, argv)
}

function commandOf(words: readonly string[]): { readonly row: Command; readonly argv: readonly string[] } {
  const named = (count: number) => commands.find(({ name }) => name === words.slice(0, count).join(' '))
  const [two, one] = [named(2), named(1)]
  if (!two && !one) throw new Error(`nobody knows ${words.join(' ')}`)
  return { row: (two ?? one) as Command, argv: words.slice(two ? 2 : 1) }
}

let world: ChildProcess
let doors: Readonly<Record<string, string>>
/** What the answers before have said: placeholders of the documents. */
const known: Record<string, string> = {}
const reader = createServer()

beforeAll(async () => {
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'))
  reader.listen(0, '127.0.0.1')
  await once(reader, 'listening')
  world = start(['up'])
  doors = Object.fromEntries(
    (await saidBy(world, /authorization +http\S+\n/))
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  )
  const example = /```yaml\n(issuer: [\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
  writeFileSync(join(folder, 'auth.yaml'), onOurPorts(example))
  const configuration = await (await fetch(`${doors['eimOnomondo']}/`)).json()
  writeFileSync(join(folder, 'eim.hex'), String((configuration as Record<string, unknown>)['eimConfigurationData']))
  const { nist } = await makePki({ seed: new TextEncoder().encode('tls'), now: Date.now() })
  writeFileSync(join(folder, 'tls.pem'), certificateToPem(nist.ci.certificate))
}, 300_000)

afterAll(() => {
  world.kill()
  reader.close()
  rmSync(folder, { recursive: true, force: true })
})

const names = ['CONTROL', 'EIM_ESIPA', 'EIM_NORTHBOUND', 'EIM_ONOMONDO', 'SMDP', 'SMDS', 'PROVIDER', 'AUTHORIZATION']
const env = { ...process.env, ...Object.fromEntries(names.map((name) => [`ESIM_TESTBED_${name}_PORT`, '0'])) }

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })

/** Resolves with what it has said, on either stream, once that has the pattern. */
function saidBy(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part) => {
        said += part
        if (pattern.test(said)) resolve(said)
      })
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${said}`)))
  })
}

const ports = { 8080: 'control', 8082: 'eimNorthbound', 8083: 'eimOnomondo', 9091: 'provider', 9092: 'authorization' }

/** Documents name the default ports; others may be in use. */
const onOurPorts = (text: string): string =>
  Object.entries(ports).reduce(
    (changed, [port, door]) => changed.replaceAll(`127.0.0.1:${port}`, new URL(doors[door] ?? '').host),
    text,
  )

const withWhatIsKnown = (command: string): string =>
  command.replace(/<(EID|ICCID|CODE)>/g, (_, name) => known[name] ?? `no ${name} is known`)

/** Of an answer with a lease. */
function learn(answer: string): void {
  try {
    const { eid, orders = [], profiles = [] } = JSON.parse(answer)
    const [thing] = [...orders, ...profiles]
    if (eid && thing) Object.assign(known, { EID: eid, ICCID: thing.iccid, CODE: thing.activationCode ?? '' })
  } catch {
    // Not JSON: nothing to learn.
  }
}

/** Those that stay: started, heard, and stopped. */
const stays: readonly (readonly [RegExp, RegExp])[] = [
  [/^up\b/, /es9plus +https\S+\n/],
  [/^fleet --/, /\d+ devices, \d+ polls/],
  [/^card --at/, /./],
]

async function stay(args: readonly string[], pattern: RegExp): Promise<void> {
  const child = start(args)
  await saidBy(child, pattern)
  child.kill('SIGTERM')
  await once(child, 'close')
}

async function intoReader(args: readonly string[]): Promise<void> {
  const child = start(args)
  const [socket] = await once(reader, 'connection')
  socket.destroy()
  child.kill('SIGTERM')
  await once(child, 'close')
}

/** What ends otherwise than with 0, since that is what it shows; a full conformance run would take most of the time of this test. */
const refused = /^api delete .*-v$/
const shorter = (args: string): string =>
  /^conformance (run )?--target/.test(args) ? `${args} --requirement enable/enables` : args

function shell(command: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    ...{ cwd: folder, env, encoding: 'utf8', timeout: 240_000 },
    input: '',
  })
  expect({ command, status, ...(status ? { stdout, stderr } : {}) }).toEqual({ command, status: 0 })
  return stdout
}

async function execute(command: string): Promise<void> {
  const ready = onOurPorts(withWhatIsKnown(command))
  const args = /^(?:npx )?esim-testbed (.*)$/.exec(ready)?.[1]
  if (args === undefined) return learn(shell(ready))
  isUnderstood(command)
  const reads = `127.0.0.1:${(reader.address() as { port: number }).port}`
  const words = args
    .replace(/127\.0\.0\.1:(35963|7000)/, (_, port) => (port === '7000' ? '127.0.0.1:0' : reads))
    .split(' ')
  if (args.startsWith('card --vpcd')) return intoReader(words)
  const staying = stays.find(([begins]) => begins.test(args))
  if (staying) return stay(words, staying[1])
  const target = args.startsWith('api ') ? ` --target ${doors['provider']}` : ''
  const whole = `"${process.execPath}" "${program}" ${shorter(args)}${target}`
  shell(refused.test(args) ? `! ${whole}` : whole.replace(/^(.*?) (> \S+)( .*)$/, '$1$3 $2'))
}

const exceptionOf = ({ command }: Written) => exceptions.find(([pattern]) => pattern.test(command))

test('there are commands in the documents, and each exception stands for one', () => {
  expect(written.length).toBeGreaterThan(25)
  expect(exceptions.filter(([pattern]) => !written.some(({ command }) => pattern.test(command)))).toEqual([])
})

test.each(documents.filter((document) => written.some((row) => row.document === document)))(
  'every command in %s does what it says',
  async (document) => {
    // What a document has switched on does not strike the next.
    // A connection of its own: one that was kept is closed by the server while a long command runs.
    await fetch(`${doors['control']}/faults`, { method: 'DELETE', headers: { connection: 'close' } })
    for (const row of written) {
      if (row.document !== document) continue
      const exception = exceptionOf(row)
      if (exception) exception[2](row.command)
      else await execute(row.command)
    }
  },
  900_000,
)

test('docs/commands.md says of each command how it is held to what there is', async () => {
  const how = (row: Written) => {
    const exception = exceptionOf(row)
    return exception ? `checked, not run: ${exception[1]}` : 'run'
  }
  const rows = written.map((row) => `| \`${row.command.replaceAll('|', '\\|')}\` | ${row.document} | ${how(row)} |`)
  const others = executed.map(({ command, how }) => `| \`${command}\` | ${how} |`)
  const text = `# Commands of the documents

Written by \`test/documents.test.ts\`, which runs them against a testbed of its own: ports are those of that testbed, placeholders what the answers before have said, what stays is
started, heard and stopped, and conformance runs ask one requirement.

| command | document | how |
|---|---|---|
${rows.join('\n')}

Within sentences, beside those of \`esim-testbed\`, whose names and flags are held to what there is:

| command | who executes it |
|---|---|
${others.join('\n')}
`
  await expect(text).toMatchFileSnapshot('../docs/commands.md')
})

/** Options and commands that are named in running text. */
test('commands within sentences are such that there are', () => {
  const inline = documents.flatMap((document) =>
    [...read(document).matchAll(/`(?:npx )?esim-testbed ([a-z][^`]*)`/g)].map(([, text = '']) => ({ document, text })),
  )
  for (const { document, text } of inline) {
    const words = text.split(/ +/)
    const { row } = commandOf(words)
    for (const word of words)
      if (/^--[a-z]/.test(word))
        expect({ document, text, flags: Object.keys(row.flags) }).toMatchObject({
          flags: expect.arrayContaining([word.slice(2).replace(/=.*$/, '')]),
        })
  }
})
