/** A function of ES9+ as a row: what must hold before it, in order, and what it does. */
import type { ErrorRow, es9plusErrors, StatusCode } from '../../protocol/codes/index.ts'
import { type Check as Fact, firstBroken, statusOf } from '../rsp-server/index.ts'
import type { ServerIdentity } from './identity.ts'
import type { Order } from './order.ts'
import type { Session } from './session.ts'
import type { Tools } from './tools.ts'

/** What a function may know beside its request. */
export interface World {
  readonly now: number
  /** In lower case. */
  readonly addresses: readonly string[]
  readonly servers: readonly ServerIdentity[]
  session(transactionId: string): Session | undefined
  order(iccid: string | undefined): Order | undefined
  orderByMatchingId(matchingId: string): Order | undefined
  /** The order that waits for this eUICC. */
  orderForEid(eid: string): Order | undefined
}

/** Rows that a call replaces. A session that is closed is forgotten. */
export interface Changes {
  readonly session?: Session
  readonly order?: Order
}

type Errors = (typeof es9plusErrors)['2.5']
type CodeOf<Row extends ErrorRow> = Row extends ErrorRow ? `${Row['subjectCode']}/${Row['reasonCode']}` : never

/** Subject and reason code. 8.1/4.2: the eUICC itself reports an error. Unverified: the answer to such a report. */
type RefusalCode<Name extends keyof Errors> = CodeOf<Errors[Name][number]> | '8.1/4.2'

export interface Check<Facts, Code extends string> extends Fact<Facts, Code> {
  /** What is changed when it does not hold; usually nothing. */
  readonly otherwise?: (facts: Facts) => Changes
}

export interface FunctionRow<Name extends keyof Errors, Request, Facts, Answer> {
  readonly name: Name
  /** Everything that the checks may look at; what is costly is found when it is first asked for. */
  readonly facts: (world: World, request: Request, tools: Tools) => Facts
  readonly checks: readonly Check<Facts, RefusalCode<Name>>[]
  readonly run: (facts: Facts, tools: Tools) => Changes & { readonly answer: Answer }
  /** Which order the call is about. */
  readonly about: (facts: Facts) => Order | undefined
}

export type Fields = Readonly<Record<string, unknown>>

export type Result<Answer> = Changes & { readonly about: () => Order | undefined } & (
    | { readonly kind: 'ok'; readonly answer: Answer }
    | { readonly kind: 'refused'; readonly check: string; readonly status: StatusCode }
  )

export interface Callable<Request, Answer> {
  call(world: World, request: Request, tools: Tools): Result<Answer>
}

/** The first check that does not hold decides. */
export function es9Function<Name extends keyof Errors, Request, Facts, Answer>(
  row: FunctionRow<Name, Request, Facts, Answer>,
): Callable<Request, Answer> {
  return {
    call(world, request, tools) {
      const facts = row.facts(world, request, tools)
      const broken = firstBroken(row.checks, facts)
      const about = () => row.about(facts)
      if (!broken) return { kind: 'ok', about, ...row.run(facts, tools) }
      return {
        kind: 'refused',
        about,
        check: broken.id,
        status: statusOf(broken.refusal),
        ...broken.otherwise?.(facts),
      }
    },
  }
}
