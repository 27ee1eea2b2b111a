import { readFileSync, writeFileSync } from 'node:fs'
import { type ApduExchange, pcapngHeader, pcapngPacket } from '../../emulator/trace/index.ts'
import { concatOctets, fromHex } from '../../protocol/ber/index.ts'
import { type Command, textOf, UsageError } from '../command.ts'

export const pcapCommand: Command = {
  name: 'pcap',
  summary: 'Makes a recording of a device, or what card --trace has written, a capture that Wireshark reads.',
  operands: 'FILE',
  flags: { output: { value: 'FILE', summary: 'where to; default: standard output' } },
  async run(args) {
    const [file] = args.positionals
    if (file === undefined) throw new UsageError('pcap: name the file with the APDUs.')
    const capture = concatOctets(pcapngHeader(), ...read(file).map(pcapngPacket))
    const output = textOf(args, 'output')
    if (output === undefined) process.stdout.write(capture)
    else write(output, capture)
    return 0
  },
}

function read(file: string): readonly ApduExchange[] {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    return lines.flatMap((line, i) => exchangeIn(line, `${file}: line ${i + 1}`))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`pcap: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

const isHex = (value: unknown): value is string => typeof value === 'string' && /^([0-9a-f]{2})+$/i.test(value)

/** Lines without an exchange, as the first of a recording and resets, have nothing for a capture. */
function exchangeIn(line: string, where: string): readonly ApduExchange[] {
  const { step, at, command, response } = parse(line, where)
  if (step !== 'apdu') return []
  if (typeof at !== 'number' || !isHex(command) || !isHex(response))
    throw new UsageError(`pcap: ${where}: not an exchange.`)
  return [{ at, command: fromHex(command), response: fromHex(response) }]
}

function parse(line: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {}
  throw new UsageError(`pcap: ${where}: not a JSON object.`)
}

function write(file: string, octets: Uint8Array): void {
  try {
    writeFileSync(file, octets)
  } catch (error) {
    throw new UsageError(`pcap: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}
