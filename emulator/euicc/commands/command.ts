/** A function of ES10 as a row: how it is read, what must hold before it, what it does. */
import { decode, encode, type Schema, type TaggedSchema } from '../../../protocol/ber/index.ts'
import type { StatusWord } from '../../../protocol/codes/index.ts'
import { type Check, firstFailing, type RefusalRow } from '../check.ts'
import type { Entropy } from '../entropy.ts'
import type { EventDraft } from '../events.ts'
import type { EuiccState } from '../state.ts'

/** For refusals that the response of a function has no code for. */
export interface WithStatusWord {
  readonly statusWord: StatusWord
}

/** What a function does when all its preconditions hold. */
export interface Effect<Answer> {
  readonly state: EuiccState
  readonly answer: Answer
  readonly events?: readonly EventDraft[]
}

/** Empty octets: a segment that completes nothing. */
export interface FunctionResult {
  readonly state: EuiccState
  readonly answer: Uint8Array | WithStatusWord
  readonly events?: readonly EventDraft[]
}

export interface EuiccFunction {
  /** As in the title of its section. */
  readonly name: string
  /** Of the request. */
  readonly tag: number
  /** In their order. */
  readonly checks: readonly RefusalRow[]
  /** Throws DecodeError for a request that cannot be read. */
  execute(state: EuiccState, request: Uint8Array, entropy: Entropy): FunctionResult
}

/** A precondition whose refusal may need to be signed. */
interface Precondition<Facts, Answer> extends Check<Facts> {
  otherwise(facts: Facts, entropy: Entropy): Answer | WithStatusWord
  /** What of the fact does not hold, where it has parts: for the trace. */
  detail?(facts: Facts): string | undefined
}

interface CommandRow<Request, Facts, Answer> {
  readonly name: string
  readonly request: TaggedSchema<Request>
  readonly response: Schema<Answer>
  /** Everything that the checks may look at. */
  facts(state: EuiccState, request: NoInfer<Request>): Facts
  readonly checks: readonly Precondition<NoInfer<Facts>, NoInfer<Answer>>[]
  run(state: EuiccState, facts: NoInfer<Facts>, entropy: Entropy): Effect<NoInfer<Answer>>
}

/** A function that can be refused. A refusal leaves the state as it was. */
export function command<Request, Facts, Answer>(row: CommandRow<Request, Facts, Answer>): EuiccFunction {
  const { name, request, response } = row
  return {
    name,
    tag: request.tag,
    checks: row.checks,
    execute(state, octets, entropy) {
      const facts = row.facts(state, decode(request, octets))
      const refused = firstFailing(row.checks, facts)
      if (!refused) {
        const { answer, state: next, events = NO_EVENTS } = row.run(state, facts, entropy)
        return { state: next, answer: encode(response, answer), events }
      }
      const refusal = refused.otherwise(facts, entropy)
      const answer = isStatusWord(refusal) ? refusal : encode(response, refusal)
      const detail = refused.detail?.(facts)
      const event = {
        type: 'refused',
        cause: name,
        check: refused.id,
        ...(detail !== undefined && { detail }),
      } as const
      return { state, answer, events: [event] }
    },
  }
}

const NO_EVENTS: readonly EventDraft[] = []

const isStatusWord = (refusal: unknown): refusal is WithStatusWord =>
  typeof refusal === 'object' && refusal !== null && 'statusWord' in refusal

interface QueryRow<Request, Answer> {
  readonly name: string
  readonly request: TaggedSchema<Request>
  readonly response: Schema<Answer>
  answer(state: EuiccState, request: NoInfer<Request>): NoInfer<Answer>
}

/** A function that reads and changes nothing. */
export function query<Request, Answer>({ answer, ...row }: QueryRow<Request, Answer>): EuiccFunction {
  return command({
    ...row,
    facts: (_, request) => request,
    checks: [],
    run: (state, request) => ({ state, answer: answer(state, request) }),
  })
}
