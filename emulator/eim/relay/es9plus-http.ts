/** ES9+' from the side of the eIM: SGP.22 v2.5, 5.6 and 6.5, JSON binding. */
import { toHex } from '../../../protocol/ber/index.ts'
import type { StatusCode } from '../../../protocol/codes/index.ts'
import type { HttpClient, Random, Trace } from '../../ports/index.ts'

export interface Es9PlusClientOptions {
  readonly http: HttpClient
  readonly random: Random
  readonly trace: Trace | undefined
  /** functionRequesterIdentifier. */
  readonly eimId: string
}

export interface Es9PlusCall {
  readonly name: 'initiateAuthentication' | 'authenticateClient' | 'getBoundProfilePackage' | 'cancelSession'
  readonly address: string
  readonly members: Readonly<Record<string, string>>
  /** Whose session it is, where that is known. */
  readonly eid?: string | undefined
}

export type Es9PlusAnswer =
  | { readonly kind: 'executed'; readonly members: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly status: StatusCode }
  | { readonly kind: 'unusable'; readonly why: string }

export type Es9PlusClient = (call: Es9PlusCall) => Promise<Es9PlusAnswer>

/** One attempt: an IPA that gets no answer asks again. */
export const createEs9PlusClient =
  ({ http, random, trace, eimId }: Es9PlusClientOptions): Es9PlusClient =>
  async ({ name, address, members, eid }) => {
    const functionCallIdentifier = toHex(random.octets(8)).toUpperCase()
    const json = { header: { functionRequesterIdentifier: eimId, functionCallIdentifier }, ...members }
    const operation = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    const hop = { interface: 'ES9+', operation, ...(eid !== undefined && { eid }) } as const
    trace?.record({ ...hop, from: 'eIM', to: 'SM-DP+', json })
    try {
      const { status, body } = await http(`https://${address}/gsma/rsp2/es9plus/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json;charset=UTF-8', 'x-admin-protocol': 'gsma/rsp/v2.5.0' },
        body: new TextEncoder().encode(JSON.stringify(json)),
      })
      const answer = parse(body)
      trace?.record({ ...hop, from: 'SM-DP+', to: 'eIM', status: `${status}`, ...(answer && { json: answer }) })
      return status >= 200 && status < 300 && answer ? read(answer) : { kind: 'unusable', why: `HTTP ${status}` }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      trace?.record({ ...hop, from: 'SM-DP+', to: 'eIM', status: why })
      return { kind: 'unusable', why }
    }
  }

type Json = Readonly<Record<string, unknown>>

function parse(body: Uint8Array): Json | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof json === 'object' && json !== null ? (json as Json) : undefined
  } catch {
    return undefined
  }
}

const member = (json: unknown, name: string): unknown => (Object(json) as Json)[name]

function read(answer: Json): Es9PlusAnswer {
  const execution = member(answer['header'], 'functionExecutionStatus')
  const status = member(execution, 'status')
  if (typeof status !== 'string') return { kind: 'unusable', why: 'no functionExecutionStatus' }
  if (status.startsWith('Executed')) return { kind: 'executed', members: answer }
  const { subjectCode, reasonCode } = Object(member(execution, 'statusCodeData')) as Partial<StatusCode>
  return { kind: 'refused', status: { subjectCode: String(subjectCode), reasonCode: String(reasonCode) } }
}
