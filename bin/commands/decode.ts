import { readFileSync } from 'node:fs'
import { type AnySchema, DecodeError, describe, fromHex } from '../../protocol/ber/index.ts'
import { ProfileElement } from '../../protocol/saip/index.ts'
import { sgp22Types } from '../../protocol/sgp22/index.ts'
import { identify, sgp32Types } from '../../protocol/sgp32/index.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { dumpLines } from '../dump.ts'

const types: Readonly<Record<string, AnySchema>> = { ProfileElement, ...sgp22Types, ...sgp32Types }

export const decodeCommand: Command = {
  name: 'decode',
  summary:
    'Shows octets of ES10, ESipa, ES8+, ES9+ or a profile package as an annotated tree: octet range, tag, field, type, value.',
  operands: '[HEX | FILE | -]',
  flags: { type: { value: 'NAME', summary: 'the ASN.1 type; without it, the one that explains most of the octets' } },
  async run(args) {
    const octets = read(args.positionals[0] ?? '-')
    const name = textOf(args, 'type')
    const schema = name === undefined ? identify(octets)?.schema : types[name]
    if (name !== undefined && !schema) throw new UsageError(`decode: no type is called ${name}.`)
    try {
      process.stdout.write(`${dumpLines(describe(octets, schema)).join('\n')}\n`)
      return 0
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      process.stderr.write(`decode: ${error.code} at octet ${error.offset}\n`)
      return 1
    }
  },
}

/** Hexadecimal text, or a file (`-`: standard input) that holds such text or the octets themselves. */
function read(operand: string): Uint8Array {
  if (isHex(operand)) return fromHex(operand)
  let content: Buffer
  try {
    content = readFileSync(operand === '-' ? 0 : operand)
  } catch (error) {
    throw new UsageError(
      `decode: ${operand} is neither hexadecimal nor a readable file (${(error as NodeJS.ErrnoException).code}).`,
    )
  }
  const text = content.toString('latin1')
  return isHex(text) ? fromHex(text) : content
}

const isHex = (text: string): boolean =>
  /^\s*([0-9a-fA-F]\s*){2,}$/.test(text) && text.replace(/\s/g, '').length % 2 === 0
