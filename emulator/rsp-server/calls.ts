/** Functions between servers, from the side of the caller: SGP.22 v2.5, 6.5.1. */
import { toHex } from '../../protocol/ber/index.ts'
import type { HttpClient, Random, Trace, TraceInterface } from '../ports/index.ts'
import { VERSION } from './answers.ts'
import { JSON_TYPE, parseJson, writeJson } from './json.ts'

export interface CallerOptions {
  readonly http: HttpClient
  readonly random: Random
  readonly trace?: Trace | undefined
  /** functionRequesterIdentifier of ourselves. */
  readonly requester: string
}

export interface ServerCall {
  readonly hop: { readonly interface: TraceInterface; readonly from: string; readonly to: string }
  readonly operation: string
  readonly url: string
  readonly request: object
}

/** `refused`: an answer, but not that it was done. */
export type CallOutcome = 'done' | 'refused' | 'unreachable'

/** One attempt; never rejects. */
export async function callServer(
  { http, random, trace, requester }: CallerOptions,
  { hop, operation, url, request }: ServerCall,
): Promise<CallOutcome> {
  const functionCallIdentifier = toHex(random.octets(8)).toUpperCase()
  const json = { header: { functionRequesterIdentifier: requester, functionCallIdentifier }, ...request }
  trace?.record({ ...hop, operation, json })
  const back = { ...hop, from: hop.to, to: hop.from, operation }
  try {
    const headers = { 'content-type': JSON_TYPE, 'x-admin-protocol': VERSION }
    const { status, body } = await http(url, { method: 'POST', headers, body: writeJson(json) })
    const answer = parseJson(body)
    trace?.record({ ...back, status: `${status}`, ...(answer !== undefined && { json: answer }) })
    return status === 204 || (status === 200 && isExecuted(answer)) ? 'done' : 'refused'
  } catch (error) {
    trace?.record({ ...back, status: error instanceof Error ? error.message : 'no answer' })
    return 'unreachable'
  }
}

interface ExecutionStatus {
  readonly header?: { readonly functionExecutionStatus?: { readonly status?: unknown } }
}

/** An answer without a body counts as done. */
const isExecuted = (answer: unknown): boolean =>
  answer === undefined ||
  String((answer as ExecutionStatus | null)?.header?.functionExecutionStatus?.status).startsWith('Executed')
