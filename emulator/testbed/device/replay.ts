import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import { type EntropyDraw, type EuiccState, replayingEntropy, reset, transmit } from '../../euicc/index.ts'
import { createFactory } from '../factory.ts'
import { FORMAT, type Origin, type RecordedDraw, type RecordedStep } from './recording.ts'

export type ReplayedStep =
  | { readonly step: 'reset' }
  | {
      readonly step: 'apdu'
      readonly command: string
      readonly recorded: string
      /** What the card answers now. */
      readonly replayed: string
      /** Why the card could not even answer: it asked for other chance than was recorded, or signed other octets. */
      readonly deviation?: string
    }

/** A text that is not a recording, with the line that shows it. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/**
 * Repeats the life of a card from its first command. Random octets and one-time keys come from the recording; a recorded signature is given back only
 * when it verifies over what the card signs now. So equal answers mean equal octets, and a difference is shown at the step where it arises; the replay ends there.
 */
export async function* replay(text: string): AsyncGenerator<ReplayedStep> {
  const [first = '', ...lines] = text.trim().split('\n')
  const origin = parseLine(first, 1) as Partial<Origin>
  if (origin.recording !== FORMAT || !origin.eid || origin.seed === undefined)
    throw new RecordingError(`Line 1: the recording does not begin with its origin (${FORMAT}).`)
  let state = (await createFactory({ seed: origin.seed, now: 0 })).card(origin.eid, origin.card)
  for (const [i, line] of lines.entries()) {
    const step = parseStep(line, i + 2)
    if (step.step === 'reset') {
      state = reset(state)
      yield step
      continue
    }
    const result = repeat(state, step)
    yield {
      step: 'apdu',
      command: step.command,
      recorded: step.response,
      replayed: result.response,
      ...result.deviation,
    }
    if (result.response !== step.response) return
    state = result.state
  }
}

function repeat(state: EuiccState, { command, draws }: Extract<RecordedStep, { step: 'apdu' }>) {
  try {
    const result = transmit(state, fromHex(command), replayingEntropy(draws.map(fromText)))
    return { state: result.state, response: toHex(result.response), deviation: {} }
  } catch (error) {
    return { state, response: '', deviation: { deviation: (error as Error).message } }
  }
}

function fromText(draw: RecordedDraw): EntropyDraw {
  if (draw.kind === 'key-pair') return { kind: draw.kind, curve: draw.curve, scalar: fromHex(draw.scalar) }
  return { kind: draw.kind, octets: fromHex(draw.octets) }
}

function parseStep(line: string, number: number): RecordedStep {
  const step = parseLine(line, number) as
    | Partial<Extract<RecordedStep, { step: 'apdu' }>>
    | Extract<RecordedStep, { step: 'reset' }>
  if (step.step === 'reset') return step
  if (
    step.step === 'apdu' &&
    typeof step.command === 'string' &&
    typeof step.response === 'string' &&
    Array.isArray(step.draws)
  )
    return step as RecordedStep
  throw new RecordingError(`Line ${number}: neither a reset nor an exchange.`)
}

function parseLine(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new RecordingError(`Line ${number}: not a JSON object.`)
}
