/** Answers of ES9+ as they are read, and what is made of them for ESipa: SGP.32 v1.2, 6.3.2.1 to 6.3.2.5. */
import {
  captured,
  DecodeError,
  decode,
  encode,
  explicit,
  octetString,
  optional,
  type Schema,
  sequence,
  slice,
  utf8String,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import { type ErrorRow, errorOf, esipaErrors } from '../../../protocol/codes/index.ts'
import {
  Certificate,
  CtxParams1,
  Octet32,
  ServerSigned1,
  Signature,
  SmdpSigned2,
  StoreMetadataRequest,
  SubjectKeyIdentifier,
  TransactionId,
} from '../../../protocol/sgp22/index.ts'
import type { EsipaContext } from '../esipa-context.ts'
import type { Es9PlusAnswer, Es9PlusCall } from './es9plus-http.ts'

type Name = Es9PlusCall['name']

/** Base64 of DER: how each member of an answer is read. */
const members = {
  initiateAuthentication: {
    serverSigned1: captured(ServerSigned1),
    serverSignature1: Signature,
    euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
    serverCertificate: Certificate,
  },
  authenticateClient: {
    profileMetadata: captured(StoreMetadataRequest),
    smdpSigned2: captured(SmdpSigned2),
    smdpSignature2: Signature,
    smdpCertificate: Certificate,
  },
  getBoundProfilePackage: { boundProfilePackage: slice() },
  cancelSession: {},
} as const satisfies Record<Name, Readonly<Record<string, Schema<unknown>>>>

type Members<N extends Name> = { readonly [K in keyof (typeof members)[N]]: ValueOf<(typeof members)[N][K]> }

/** Undefined: a member is missing or cannot be read. */
export function readMembers<N extends Name>(
  name: N,
  { members: json }: Extract<Es9PlusAnswer, { kind: 'executed' }>,
): Members<N> | undefined {
  try {
    return Object.fromEntries(
      Object.entries<Schema<unknown>>(members[name]).map(([member, schema]) => [
        member,
        decode(schema, new Uint8Array(Buffer.from(String(json[member]), 'base64'))),
      ]),
    ) as Members<N>
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Where a profile waits: an event of an SM-DS. */
export interface SmdsEvent {
  readonly eventId: string
  readonly rspServerAddress: string
}

/** Undefined: it is not the answer of an SM-DS. */
export function eventsIn({
  members: json,
}: Extract<Es9PlusAnswer, { kind: 'executed' }>): readonly SmdsEvent[] | undefined {
  const { eventEntries } = json
  if (!Array.isArray(eventEntries)) return undefined
  return eventEntries.filter(
    (entry: Partial<SmdsEvent> | null): entry is SmdsEvent =>
      typeof entry?.eventId === 'string' && typeof entry.rspServerAddress === 'string',
  )
}

/** What is answered when all goes well, with what is signed as octets. */
const answers = {
  initiateAuthentication: explicit(
    0xbf39,
    sequence(0xa0, {
      transactionId: optional(TransactionId),
      serverSigned1: captured(ServerSigned1),
      serverSignature1: Signature,
      euiccCiPKIdentifierToBeUsed: octetString(),
      serverCertificate: Certificate,
      matchingId: optional(utf8String()),
      ctxParams1: optional(explicit(0xa2, CtxParams1)),
    }),
  ),
  authenticateClient: explicit(
    0xbf3b,
    sequence(0xa0, {
      transactionId: optional(TransactionId),
      profileMetadata: captured(StoreMetadataRequest),
      smdpSigned2: captured(SmdpSigned2),
      smdpSignature2: Signature,
      smdpCertificate: Certificate,
      hashCc: optional(Octet32),
    }),
  ),
  getBoundProfilePackage: explicit(
    0xbf3a,
    sequence(0xa0, { transactionId: optional(TransactionId), boundProfilePackage: slice() }),
  ),
  cancelSession: explicit(0xbf41, sequence(0xa0, {})),
} as const

export const answerOf = <N extends Name>(name: N, value: ValueOf<(typeof answers)[N]>): Uint8Array =>
  encode(answers[name] as unknown as Schema<ValueOf<(typeof answers)[N]>>, value)

/** Alternatives of EsipaMessageFromEimToIpa and of the response. */
const errorKinds = {
  initiateAuthentication: ['initiateAuthenticationResponseEsipa', 'initiateAuthenticationErrorEsipa'],
  authenticateClient: ['authenticateClientResponseEsipa', 'authenticateClientErrorEsipa'],
  getBoundProfilePackage: ['getBoundProfilePackageResponseEsipa', 'getBoundProfilePackageErrorEsipa'],
  cancelSession: ['cancelSessionResponseEsipa', 'cancelSessionError'],
} as const

/** By whom it is said: in the version of SGP.32 that this eIM speaks. */
type Speaker = Pick<EsipaContext, 'tools'>

type ErrorName<N extends Name> = (typeof esipaErrors)['1.2'][N][number]['error'] | 'undefinedError'

export function errorAnswer<N extends Name>(name: N, error: ErrorName<N>, { tools }: Speaker): Uint8Array {
  const [kind, alternative] = errorKinds[name]
  return encode(tools().codec.EsipaMessageFromEimToIpa as Schema<unknown>, {
    kind,
    value: { kind: alternative, value: error },
  })
}

/** The answer of the SM-DP+ that was no success, or that cannot be read. */
export function refusalOf(name: Name, answer: Es9PlusAnswer, speaker: Speaker): Uint8Array {
  const error =
    answer.kind === 'refused' ? errorOf<ErrorRow>(esipaErrors['1.2'][name], answer.status) : 'undefinedError'
  return errorAnswer(name, error as ErrorName<typeof name>, speaker)
}
