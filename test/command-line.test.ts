import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The built command line; `npm test` builds it first. */
const program = fileURLToPath(new URL('../dist/bin/esim-testbed.js', import.meta.url))

function run(args: readonly string[], input = '', environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, ...environment },
  })
  return { status, stdout, stderr }
}

const refused: [string, string[], Record<string, string>, string][] = [
  ['an unknown command', ['dance'], {}, 'esim-testbed: no command is called dance.'],
  ['an unknown flag', ['up', '--device', '3'], {}, "up: Unknown option '--device'."],
  ['a number that is none', ['up', '--devices', 'many'], {}, '--devices takes a number, not many.'],
  [
    'a configuration file that is not there',
    ['up', '--config', 'nowhere.yaml'],
    {},
    'The configuration file nowhere.yaml cannot be used',
  ],
  [
    'an environment variable that names no key',
    ['up'],
    { ESIM_TESTBED_PROT: '1' },
    'ESIM_TESTBED_PROT names no configuration key',
  ],
  [
    'a control API for everybody without a token',
    ['up'],
    { ESIM_TESTBED_HOST: '0.0.0.0' },
    'control.token is mandatory',
  ],
  ['an unknown type', ['decode', 'bf5502a000', '--type', 'Nothing'], {}, 'decode: no type is called Nothing.'],
  ['a reader that is none', ['up', '--card', 'pcsc'], {}, '--card takes vpcd://HOST:PORT, not pcsc.'],
  ['a capture of nothing', ['pcap'], {}, 'pcap: name the file with the APDUs.'],
  ['a capture of something else', ['pcap', 'package.json'], {}, 'pcap: package.json: line 1: not a JSON object.'],
  ['a file that cannot be written', ['card', '--stdio', '--pcap', '/nowhere/x'], {}, '/nowhere/x cannot be written'],
  ['a recording that is none', ['replay', 'package.json'], {}, 'replay: package.json: Line 1: not a JSON object.'],
  ['a card offered nowhere', ['card'], {}, 'card: say where it is to be offered'],
  ['a card offered twice', ['card', '--stdio', '--at', '127.0.0.1:0'], {}, 'card: one door at a time'],
  ['a door that is no address', ['card', '--vpcd', 'here'], {}, 'card: here is not HOST:PORT.'],
  ['a port that is none', ['card', '--at', '127.0.0.1:99999'], {}, 'card: 127.0.0.1:99999 is not HOST:PORT.'],
  [
    'a habit that no card has',
    ['card', '--stdio', '--variant', 'x'],
    {},
    'The configuration key euicc.variants.0 must be',
  ],
  ['an EID that is none', ['card', '--stdio', '--eid', '123'], {}, 'card: 123 is not an EID of 32 digits.'],
  ['a call of the API that does nothing', ['api'], {}, 'api: say one of download, enable'],
  ['a conformance run without a target', ['conformance'], {}, 'conformance: --target is missing.'],
  ['a comparison with nothing', ['conformance', 'compare', 'a.json'], {}, 'conformance compare: say two reports'],
  ['a seed that is none', ['conformance', 'run', '--seed', '-1'], {}, 'conformance'],
  ['a requirement that is none', ['conformance', 'list', '--requirement', 'dance'], {}, 'no requirement is "dance"'],
]

for (const [what, args, environment, message] of refused)
  test(`${what} ends with exit code 2 and a sentence that names it`, () => {
    const { status, stderr } = run(args, '', environment)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

test('help lists every command', () => {
  const { status, stdout } = run(['--help'])
  expect(status).toBe(0)
  for (const command of ['up', 'conformance', 'card', 'decode', 'replay', 'pcap'])
    expect(stdout).toContain(`esim-testbed ${command}`)
})

test('conformance list says what a run would ask, by requirement', () => {
  const { status, stdout } = run(['conformance', 'list', '--requirement', 'delivery/ends-with-410'])
  expect(status).toBe(0)
  expect(stdout).toContain('Delivery of events: 410 ends the delivery without a retry')
  expect(stdout).toMatch(/\n1 scenarios\n$/)
})

test('conformance requirements says for each how it is checked', () => {
  const { status, stdout } = run(['conformance', 'requirements'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/\| `esim-management\/enable\/enables` \| SHALL \| .* \| [1-9]\d* \| \d+ \|/)
})

test('--help behind a command is about that command alone', () => {
  const { status, stdout } = run(['card', '--help'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^esim-testbed card\n/)
  expect(stdout).not.toContain('esim-testbed up')
})

test('decode annotates octets from the command line, from a file and from standard input', () => {
  const hex = 'BF5502A000'
  const file = join(mkdtempSync(join(tmpdir(), 'decode-')), 'message.hex')
  writeFileSync(file, `${hex}\n`)
  const outputs = [run(['decode', hex]), run(['decode', file]), run(['decode', '-'], hex)]
  for (const { status, stdout } of outputs) {
    expect(status).toBe(0)
    expect(stdout).toContain('GetEimConfigurationDataResponse')
  }
})

test('decode of octets that end too early says where, with exit code 1', () => {
  expect(run(['decode', 'bf5503a000'])).toMatchObject({ status: 1, stderr: 'decode: truncated at octet 0\n' })
})

test('a card on standard input and output answers its EID over the line-JSON protocol', () => {
  const apdu = (func: string, param: string | null) => `${JSON.stringify({ type: 'apdu', payload: { func, param } })}\n`
  const { status, stdout } = run(
    ['card', '--stdio'],
    apdu('connect', null) +
      apdu('logic_channel_open', 'A0000005591010FFFFFFFF8900000100') +
      apdu('transmit', '81E2910006BF3E035C015A') +
      apdu('transmit', '81C0000015'),
  )
  expect(status).toBe(0)
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).payload)
  expect(answers).toEqual([
    { ecode: 0 },
    { ecode: 1 },
    { ecode: 0, data: '6115' },
    { ecode: 0, data: expect.stringMatching(/^bf3e125a1089049032\w+9000$/) },
  ])
})

const hasTshark = spawnSync('tshark', ['--version']).status === 0

/** Instruction and status word of each packet. */
function packetsOf(file: string): readonly string[] {
  const fields = ['-T', 'fields', '-e', 'gsm_sim.apdu.ins', '-e', 'gsm_sim.apdu.sw']
  const { stdout } = spawnSync('tshark', ['-r', file, ...fields], { encoding: 'utf8' })
  return stdout.trim().split('\n')
}

test('a card writes its APDUs as a capture and as lines; the lines become the same capture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-'))
  const [pcap, trace, again] = ['a.pcapng', 'a.ndjson', 'b.pcapng'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const apdu = (func: string, param: string | null) => `${JSON.stringify({ type: 'apdu', payload: { func, param } })}\n`
  const input =
    apdu('connect', null) +
    apdu('logic_channel_open', 'A0000005591010FFFFFFFF8900000100') +
    apdu('transmit', '81E2910006BF3E035C015A')
  expect(run(['card', '--stdio', '--pcap', pcap, '--trace', trace], input).status).toBe(0)
  const steps = readFileSync(trace, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(steps.filter(({ step }) => step === 'apdu').map(({ command }) => command.slice(2, 4))).toEqual([
    '70',
    'a4',
    'e2',
  ])
  expect(run(['pcap', trace, '--output', again]).status).toBe(0)
  expect(readFileSync(again)).toEqual(readFileSync(pcap))
  if (hasTshark) expect(packetsOf(pcap)).toEqual(['0x70\t0x9000', expect.stringMatching(/^0xa4\t0x61/), '0xe2\t0x6115'])
})
