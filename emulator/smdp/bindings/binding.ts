import { captured, slice } from '../../../protocol/ber/index.ts'
import {
  Certificate,
  type HandleNotification,
  ServerSigned1,
  Signature,
  SmdpSigned2,
  SubjectKeyIdentifier,
  TransactionId,
} from '../../../protocol/sgp22/index.ts'
import type { TraceEntry } from '../../ports/index.ts'
import type { Malformed } from '../../rsp-server/index.ts'
import type { Fields, Result } from '../function.ts'

/** What the functions of ES9+ answer when they succeed: SGP.22 v2.5, 5.6. Both bindings are made from these rows. */
export const answerFields = {
  initiateAuthentication: {
    transactionId: TransactionId,
    serverSigned1: captured(ServerSigned1),
    serverSignature1: Signature,
    euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
    serverCertificate: Certificate,
  },
  authenticateClient: {
    transactionId: TransactionId,
    profileMetadata: slice(),
    smdpSigned2: captured(SmdpSigned2),
    smdpSignature2: Signature,
    smdpCertificate: Certificate,
  },
  getBoundProfilePackage: { transactionId: TransactionId, boundProfilePackage: slice() },
  cancelSession: {},
} as const
export type AnsweredFunction = keyof typeof answerFields

/** A request as it was read. */
export type Call =
  | { readonly name: AnsweredFunction; readonly request: Fields }
  | { readonly name: 'handleNotification'; readonly request: HandleNotification }

/** How requests and answers are written. */
export interface Binding {
  readonly contentType: string
  read(body: Uint8Array): Call | Malformed
  answer(name: AnsweredFunction, result: Result<Fields>): Uint8Array
  refusal(refusal: Malformed): Uint8Array
  /** A body as the trace shows it. */
  shown(body: Uint8Array): Pick<TraceEntry, 'json' | 'octets'>
}
