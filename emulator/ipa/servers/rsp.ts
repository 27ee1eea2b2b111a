/** The functions of an RSP session as procedures use them, whoever carries them: SGP.22 v2.5, 5.6; SGP.32 v1.2, 5.14. */
import type { Captured } from '../../../protocol/ber/index.ts'
import type { CtxParams1, StoreMetadataRequest } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import type { Answer } from '../answer.ts'
import { type Es9PlusValue, toBase64 } from './es9plus.ts'

export interface Initiation {
  readonly euiccChallenge: Uint8Array
  /** DER. */
  readonly euiccInfo1: Uint8Array
  /** CI key identifiers for signing, in the order of the eUICC. */
  readonly ciPKIds: readonly Uint8Array[]
}

/** What the server says of itself. An eIM that knows the download may add what the eUICC is to be told of it. */
export interface Initiated extends Es9PlusValue<'initiateAuthentication'> {
  readonly matchingId?: string
  readonly ctxParams1?: CtxParams1
}

/** What an SM-DP+ has for this eUICC. */
export interface ProfileOffer extends Omit<Es9PlusValue<'authenticateClient'>, 'profileMetadata'> {
  /** Absent: the eIM has looked at it. */
  readonly profileMetadata?: Captured<StoreMetadataRequest>
  /** Absent unless the eIM knows the confirmation code. */
  readonly hashCc?: Uint8Array
}

/** A server that opens RSP sessions; `Offer` is what it has for an eUICC that has proved who it is. */
export interface AuthenticatingServer<Offer> {
  /** Absent: only the eIM knows it. */
  readonly address?: string
  initiateAuthentication(agent: Agent, initiation: Initiation): Promise<Answer<Initiated>>
  authenticateClient(agent: Agent, message: SessionMessage): Promise<Answer<Offer>>
  cancelSession(agent: Agent, message: SessionMessage): Promise<unknown>
}

export interface RspServer extends AuthenticatingServer<ProfileOffer> {
  getBoundProfilePackage(agent: Agent, message: SessionMessage): Promise<Answer<Es9PlusValue<'getBoundProfilePackage'>>>
  /** Whether an eIM carries the session; it takes the result too. */
  readonly isIndirect: boolean
}

/** What the eUICC has answered, for the server of the session. */
export interface SessionMessage {
  readonly transactionId: string
  /** DER. */
  readonly octets: Uint8Array
}

/** ES9+: the IPA talks to the SM-DP+ itself. */
export const directServer = (address: string): RspServer => ({
  address,
  isIndirect: false,
  initiateAuthentication: ({ smdp }, { euiccChallenge, euiccInfo1 }) =>
    smdp.call('initiateAuthentication', address, {
      euiccChallenge: toBase64(euiccChallenge),
      euiccInfo1: toBase64(euiccInfo1),
      smdpAddress: address,
    }),
  authenticateClient: ({ smdp }, { transactionId, octets }) =>
    smdp.call('authenticateClient', address, { transactionId, authenticateServerResponse: toBase64(octets) }),
  getBoundProfilePackage: ({ smdp }, { transactionId, octets }) =>
    smdp.call('getBoundProfilePackage', address, { transactionId, prepareDownloadResponse: toBase64(octets) }),
  cancelSession: ({ smdp }, { transactionId, octets }) =>
    smdp.call('cancelSession', address, { transactionId, cancelSessionResponse: toBase64(octets) }),
})

/** Where a profile waits: an event of an SM-DS. */
export interface EventEntry {
  readonly eventId: string
  /** Of an SM-DP+, or of another SM-DS. */
  readonly rspServerAddress: string
}

/** ES11. */
export const discoveryServer = (address: string): AuthenticatingServer<readonly EventEntry[]> => ({
  address,
  initiateAuthentication: ({ smds }, { euiccChallenge, euiccInfo1 }) =>
    smds.call('initiateAuthentication', address, {
      euiccChallenge: toBase64(euiccChallenge),
      euiccInfo1: toBase64(euiccInfo1),
      smdpAddress: address,
    }),
  async authenticateClient({ smds }, { transactionId, octets }) {
    const body = { transactionId, authenticateServerResponse: toBase64(octets) }
    const answer = await smds.call('discoverEvents', address, body)
    return answer.kind === 'failure' ? answer : { ...answer, value: answer.value.eventEntries }
  },
  // SGP.22 v2.5 has no such function over ES11.
  cancelSession: async () => undefined,
})
