import { type AnySchema, DecodeError, decode, encode, type Schema, type ValueOf } from '../../../protocol/ber/index.ts'
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  CancelSessionRequest,
  CancelSessionResponse,
  EUICCInfo1,
  EuiccConfiguredAddressesRequest,
  EuiccConfiguredAddressesResponse,
  GetEuiccChallengeRequest,
  GetEuiccChallengeResponse,
  GetEuiccDataRequest,
  GetEuiccDataResponse,
  GetEuiccInfo1Request,
  GetRatRequest,
  GetRatResponse,
  NotificationSentRequest,
  NotificationSentResponse,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
  ProfileInstallationResult,
} from '../../../protocol/sgp22/index.ts'
import type { Trace } from '../../ports/index.ts'
import { type Answer, type Failure, failure } from '../answer.ts'
import { isDone } from './apdu.ts'
import { type IsdrChannel, storeData } from './store-data.ts'

interface Row {
  readonly request: AnySchema
  readonly response: AnySchema
}

/** ES10a, ES10b and ES10c functions that the IPA uses: SGP.22 v2.5, 5.7; SGP.32 v1.2, 5.9. */
const es10Functions = {
  GetEuiccConfiguredAddresses: { request: EuiccConfiguredAddressesRequest, response: EuiccConfiguredAddressesResponse },
  GetEID: { request: GetEuiccDataRequest, response: GetEuiccDataResponse },
  GetEUICCInfo1: { request: GetEuiccInfo1Request, response: EUICCInfo1 },
  GetEUICCChallenge: { request: GetEuiccChallengeRequest, response: GetEuiccChallengeResponse },
  GetRAT: { request: GetRatRequest, response: GetRatResponse },
  AuthenticateServer: { request: AuthenticateServerRequest, response: AuthenticateServerResponse },
  PrepareDownload: { request: PrepareDownloadRequest, response: PrepareDownloadResponse },
  CancelSession: { request: CancelSessionRequest, response: CancelSessionResponse },
  RemoveNotificationFromList: { request: NotificationSentRequest, response: NotificationSentResponse },
} as const satisfies Readonly<Record<string, Row>>

type Functions = typeof es10Functions
type FunctionName = keyof Functions

export interface Es10 {
  call<F extends FunctionName>(
    name: F,
    request: ValueOf<Functions[F]['request']>,
  ): Promise<Answer<ValueOf<Functions[F]['response']>>>
  /** The same with a request that somebody else has encoded: it reaches the card as it is. */
  pass<F extends FunctionName>(name: F, request: Uint8Array): Promise<Answer<ValueOf<Functions[F]['response']>>>
  /** LoadBoundProfilePackage: one segment. The value is undefined while the card waits for more. */
  loadSegment(segment: Uint8Array): Promise<Answer<ProfileInstallationResult | undefined>>
}

/** The functions of the ISD-R behind a logical channel. A status word other than success is a refusal. */
export function createEs10(isdr: IsdrChannel, trace: Trace): Es10 {
  const pass: Es10['pass'] = async (name, request) => {
    const answer = await perform({ isdr, trace, name, request })
    if ('kind' in answer) return answer
    return read(
      es10Functions[name].response as unknown as Schema<ValueOf<Functions[typeof name]['response']>>,
      answer.data,
    )
  }
  return {
    pass,
    call: (name, request) =>
      pass(name, encode(es10Functions[name].request as unknown as Schema<typeof request>, request)),
    async loadSegment(segment) {
      const answer = await perform({ isdr, trace, name: 'LoadBoundProfilePackage', request: segment })
      if ('kind' in answer) return answer
      if (answer.data.length === 0) return { kind: 'answer', value: undefined, octets: answer.data }
      return read(ProfileInstallationResult, answer.data)
    },
  }
}

interface Command {
  readonly isdr: IsdrChannel
  readonly trace: Trace
  readonly name: string
  readonly request: Uint8Array
}

async function perform({ isdr, trace, name, request }: Command): Promise<{ data: Uint8Array } | Failure> {
  trace.record({ interface: 'ES10', from: 'IPA', to: 'eUICC', operation: name, octets: request })
  const { data, status, answered } = await storeData(isdr, request)
  trace.record({ interface: 'ES10', from: 'eUICC', to: 'IPA', operation: name, status, octets: data })
  if (isDone(status)) return { data }
  return failure('ES10', answered ? 'refused' : 'unreachable', `${name}: ${status}`)
}

function read<T>(schema: Schema<T>, octets: Uint8Array): Answer<T> {
  try {
    return { kind: 'answer', value: decode(schema, octets), octets }
  } catch (error) {
    if (error instanceof DecodeError) return failure('ES10', 'undecodable', error.message)
    throw error
  }
}
