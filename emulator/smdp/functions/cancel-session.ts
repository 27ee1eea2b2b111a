/** ES9+.CancelSession: SGP.22 v2.5, 5.6.5. */
import { verify } from '../../../protocol/crypto/index.ts'
import type {
  CancelSessionReason,
  CancelSessionRequestEs9,
  CancelSessionResponse,
} from '../../../protocol/sgp22/index.ts'
import { es9Function } from '../function.ts'
import { moved, type Order, type OrderEvent } from '../order.ts'
import { after, allows, type Session } from '../session.ts'

type Ok = Extract<CancelSessionResponse, { kind: 'cancelSessionResponseOk' }>['value']

interface Facts {
  readonly session: Session | undefined
  /** Absent: the eUICC has sent an error, which is not signed and changes nothing. */
  readonly response: Ok | undefined
  readonly order: Order | undefined
}

/** Unverified: what becomes of the order. Any reason that is not listed fails it. */
const events: Partial<Record<CancelSessionReason, OrderEvent>> = { postponed: 'retry', timeout: 'retry' }

export const cancelSession = es9Function<'cancelSession', CancelSessionRequestEs9, Facts, Record<never, never>>({
  name: 'cancelSession',
  facts(world, { transactionId, cancelSessionResponse: answer }) {
    const session = world.session(transactionId)
    const response = answer.kind === 'cancelSessionResponseOk' ? answer.value : undefined
    return { session, response, order: world.order(session?.iccid) }
  },
  about: ({ order }) => order,
  checks: [
    { id: 'transaction-known', holds: ({ session }) => allows(session, 'cancelSession'), refusal: '8.10.1/3.9' },
    { id: 'euicc-agrees', holds: ({ response }) => response !== undefined, refusal: '8.1/4.2' },
    {
      id: 'transaction-signed',
      holds: ({ session, response }) =>
        response?.euiccCancelSessionSigned.value.transactionId === session?.transactionId,
      refusal: '8.10.1/3.9',
    },
    { id: 'euicc-signature-valid', holds: isSigned, refusal: '8.1/6.1' },
    {
      id: 'smdp-oid-own',
      holds: ({ session, response }) => response?.euiccCancelSessionSigned.value.smdpOid === session?.server.oid,
      refusal: '8.8/3.10',
    },
  ],
  run({ session, response, order }) {
    if (!session || !response) throw new Error('a fact is missing and no check said so')
    const { reason } = response.euiccCancelSessionSigned.value
    return {
      session: after(session, 'cancelSession'),
      ...(order && { order: moved(order, events[reason] ?? 'fail') }),
      answer: {},
    }
  },
})

function isSigned({ session, response }: Facts): boolean {
  if (!session?.euicc || !response) return false
  return verify(
    session.euicc.publicKey,
    [response.euiccCancelSessionSigned.octets],
    response.euiccCancelSessionSignature,
  )
}
