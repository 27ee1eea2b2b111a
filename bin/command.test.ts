import { expect, test } from 'vitest'
import { numberOf, parseFlags, UsageError, usage } from './command.ts'

const command = {
  name: 'up',
  summary: 'Starts.',
  flags: { devices: { value: 'N', summary: 'how many' }, 'no-provider': { summary: 'without' } },
  run: async () => 0,
}

test('flags are read with and without a value', () => {
  const args = parseFlags(command, ['--devices', '5', '--no-provider'])
  expect(numberOf(args, 'devices')).toBe(5)
  expect(args.flags['no-provider']).toBe(true)
})

const refused: [string, string[], string][] = [
  ['an unknown flag', ['--device', '5'], "up: Unknown option '--device'."],
  ['a flag without its value', ['--devices'], "up: Option '--devices <value>' argument missing."],
  ['an operand', ['five'], "up: Unexpected argument 'five'."],
]

for (const [what, argv, message] of refused)
  test(`${what} is refused with a sentence that names it`, () => {
    expect(() => parseFlags(command, argv)).toThrow(UsageError)
    expect(() => parseFlags(command, argv)).toThrow(message)
  })

test('a number that is none is refused', () => {
  expect(() => numberOf(parseFlags(command, ['--devices', 'five']), 'devices')).toThrow(
    '--devices takes a number, not five.',
  )
})

test('the usage text lists every flag', () => {
  expect(usage(command)).toBe('esim-testbed up\n  Starts.\n  --devices N    how many\n  --no-provider  without')
})
