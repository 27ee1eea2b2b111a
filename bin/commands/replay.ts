import { readFileSync } from 'node:fs'
import { RecordingError, type ReplayedStep, replay } from '../../emulator/testbed/index.ts'
import { DecodeError, describe, fromHex } from '../../protocol/ber/index.ts'
import { identify } from '../../protocol/sgp32/index.ts'
import { type Command, UsageError } from '../command.ts'
import { dumpLines } from '../dump.ts'

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Repeats a recorded card from its first command and compares every answer, octet for octet.',
  operands: 'FILE',
  flags: { decode: { summary: 'show each ES10 message as an annotated tree' } },
  async run({ positionals: [file], flags }) {
    if (file === undefined)
      throw new UsageError('replay: name the file of a recording (GET /testbed/v1/devices/{eid}/recording).')
    const print = flags['decode'] === true ? decodingPrinter() : printStep
    let exchanges = 0
    try {
      for await (const step of replay(read(file))) {
        print(step, exchanges + 1)
        if (step.step === 'reset') continue
        if (step.replayed !== step.recorded) return differs(step, exchanges + 1)
        exchanges++
      }
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error
      throw new UsageError(`replay: ${file}: ${error.message}`)
    }
    process.stdout.write(`${exchanges} exchanges, every answer the same octet for octet.\n`)
    return 0
  },
}

type Exchange = Extract<ReplayedStep, { step: 'apdu' }>

function differs({ recorded, replayed, deviation }: Exchange, number: number): number {
  process.stdout.write(`Exchange ${number} differs.\n  recorded ${recorded}\n  replayed ${deviation ?? replayed}\n`)
  return 1
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`replay: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function printStep(step: ReplayedStep, number: number): void {
  process.stdout.write(
    step.step === 'reset' ? '      reset\n' : `${String(number).padStart(5)} ${step.command} -> ${step.replayed}\n`,
  )
}

const STORE_DATA = 'e2'
const LAST_BLOCK = '91'
const GET_RESPONSE = 'c0'

/** Puts the blocks of STORE DATA and the pieces of GET RESPONSE together again and shows what they carried. */
function decodingPrinter(): (step: ReplayedStep, number: number) => void {
  let request = ''
  let response = ''
  return (step, number) => {
    printStep(step, number)
    if (step.step === 'reset') return
    const [instruction, p1] = [step.command.slice(2, 4), step.command.slice(4, 6)]
    if (instruction === STORE_DATA) {
      request += step.command.slice(10, 10 + 2 * Number.parseInt(step.command.slice(8, 10), 16))
      if (p1 === LAST_BLOCK) {
        printMessage(request, 'request')
        request = ''
      }
    }
    if (instruction !== STORE_DATA && instruction !== GET_RESPONSE) return
    response += step.replayed.slice(0, -4)
    if (step.replayed.slice(-4).startsWith('61') || response === '') return
    printMessage(response, 'response')
    response = ''
  }
}

/** Segments of a bound profile package are cut inside a message; then there is nothing to show but the octets above. */
function printMessage(hex: string, direction: 'request' | 'response'): void {
  const octets = fromHex(hex)
  try {
    const type = identify(octets, direction)
    const lines = dumpLines(describe(octets, type?.schema))
    process.stdout.write(
      `${[`        ${type?.name ?? direction}`, ...lines.map((line) => `          ${line}`)].join('\n')}\n`,
    )
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
}
