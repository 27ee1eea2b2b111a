/** ES9+.GetBoundProfilePackage: SGP.22 v2.5, 5.6.2. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { encode, equalOctets, fromHex } from '../../../protocol/ber/index.ts'
import { agree, type PrivateKey, privateKeyFromSeed, verify } from '../../../protocol/crypto/index.ts'
import {
  type GetBoundProfilePackageRequest,
  type PrepareDownloadResponse,
  Signature,
} from '../../../protocol/sgp22/index.ts'
import { lazily } from '../../rsp-server/index.ts'
import { type Changes, es9Function, type World } from '../function.ts'
import { type Binding, bindingOn, can, moved, type Order } from '../order.ts'
import { bindWith } from '../profile/broken.ts'
import { buildProfilePackage } from '../profile/package.ts'
import { after, allows, close, type Session } from '../session.ts'
import type { Tools } from '../tools.ts'

type Ok = Extract<PrepareDownloadResponse, { kind: 'downloadResponseOk' }>['value']

interface Agreement {
  readonly smdpOtsk: PrivateKey
  readonly sharedSecret: Uint8Array
}

interface Facts {
  readonly world: World
  readonly session: Session | undefined
  /** Absent: the eUICC has sent an error. */
  readonly response: Ok | undefined
  readonly order: Order | undefined
  readonly isCodeRight: () => boolean
  /** Undefined when the key of the eUICC is no point of the curve. */
  readonly agreement: () => Agreement | undefined
}

export interface GetBoundProfilePackageOk {
  readonly transactionId: string
  /** DER of BoundProfilePackage. */
  readonly boundProfilePackage: Uint8Array
}

export const getBoundProfilePackage = es9Function<
  'getBoundProfilePackage',
  GetBoundProfilePackageRequest,
  Facts,
  GetBoundProfilePackageOk
>({
  name: 'getBoundProfilePackage',
  facts(world, { transactionId, prepareDownloadResponse: answer }, tools) {
    const session = world.session(transactionId)
    const response = answer.kind === 'downloadResponseOk' ? answer.value : undefined
    const order = world.order(session?.iccid)
    return {
      world,
      session,
      response,
      order,
      isCodeRight: lazily(() => isCodeRight(order, response)),
      agreement: lazily(() => session && response && agreeOnKeys({ session, response, order, tools })),
    }
  },
  about: ({ order }) => order,
  checks: [
    {
      id: 'transaction-known',
      holds: ({ session }) => allows(session, 'getBoundProfilePackage'),
      refusal: '8.10.1/3.9',
    },
    { id: 'euicc-agrees', holds: ({ response }) => response !== undefined, refusal: '8.1/4.2', otherwise: close },
    {
      id: 'transaction-signed',
      holds: ({ session, response }) => response?.euiccSigned2.value.transactionId === session?.transactionId,
      refusal: '8.10.1/3.9',
    },
    { id: 'euicc-signature-valid', holds: isSigned, refusal: '8.1/6.1' },
    {
      id: 'confirmation-code-given',
      holds: ({ order, response }) =>
        order?.confirmationCodeHash === undefined || response?.euiccSigned2.value.hashCc !== undefined,
      refusal: '8.2.7/2.2',
    },
    {
      id: 'confirmation-code-right-or-last',
      holds: ({ order, isCodeRight }) => isCodeRight() || (order?.confirmationAttemptsLeft ?? 0) <= 1,
      refusal: '8.2.7/3.8',
      otherwise: countAttempt,
    },
    {
      id: 'confirmation-attempts-left',
      holds: ({ order, isCodeRight }) => isCodeRight() && (order?.confirmationAttemptsLeft ?? 0) > 0,
      refusal: '8.2.7/6.4',
      otherwise: countAttempt,
    },
    { id: 'one-time-key-on-curve', holds: ({ agreement }) => agreement() !== undefined, refusal: '8.1/6.1' },
    { id: 'binding-possible', holds: isBindable, refusal: '8.2/3.7' },
    {
      id: 'order-not-expired',
      holds: ({ order, world }) => world.now < (order?.expiresAt ?? Number.POSITIVE_INFINITY),
      refusal: '8.8.5/4.10',
    },
  ],
  run({ session, response, order, agreement }, tools) {
    const keys = agreement()
    if (!session?.euicc || !response || !order || !keys) throw new Error('a fact is missing and no check said so')
    const { transactionId, euicc, server } = session
    const { euiccOtpk } = response.euiccSigned2.value
    const boundProfilePackage = bindWith(
      order.fault,
      {
        ...keys,
        transactionId,
        eid: euicc.eid,
        euiccOtpk,
        metadata: order.metadata,
        profilePackage: buildProfilePackage(order.template, order.parameters),
        replaceSessionKeys: order.replaceSessionKeys,
        dpPb: server.dpPb.privateKey,
      },
      tools,
    )
    const binding = { transactionId, euicc, euiccOtpk, smdpOtsk: keys.smdpOtsk }
    const isRepeated = order.binding?.transactionId === transactionId
    return {
      session: after(session, 'getBoundProfilePackage'),
      order: { ...moved(order, 'bind'), binding, downloadsLeft: order.downloadsLeft - (isRepeated ? 0 : 1) },
      answer: { transactionId, boundProfilePackage },
    }
  },
})

/** The order is in error when no attempt is left. */
function countAttempt({ order }: Facts): Changes {
  if (!order) return {}
  const confirmationAttemptsLeft = Math.max(0, order.confirmationAttemptsLeft - 1)
  const counted = { ...order, confirmationAttemptsLeft }
  return { order: confirmationAttemptsLeft === 0 ? moved(counted, 'fail') : counted }
}

function isSigned({ session, response }: Facts): boolean {
  if (!session?.euicc || !session.smdpSignature2 || !response) return false
  const covered = [response.euiccSigned2.octets, encode(Signature, session.smdpSignature2)]
  return verify(session.euicc.publicKey, covered, response.euiccSignature2)
}

/** Hashed Confirmation Code: SGP.22 v2.5, 4.7. */
function isCodeRight(order: Order | undefined, response: Ok | undefined): boolean {
  const expected = order?.confirmationCodeHash
  if (expected === undefined) return true
  const { hashCc, transactionId } = response?.euiccSigned2.value ?? {}
  if (!hashCc || transactionId === undefined) return false
  return timingSafeEqual(createHash('sha256').update(expected).update(fromHex(transactionId)).digest(), hashCc)
}

/** With the key of the last time when the eUICC comes with its own of the last time. */
function agreeOnKeys(given: { session: Session; response: Ok; order: Order | undefined; tools: Tools }) {
  const { session, order, tools } = given
  const { euiccOtpk } = given.response.euiccSigned2.value
  const { curve } = session.server.dpPb.privateKey
  const known = bindingOn(order, curve)
  const smdpOtsk = isRetry(known, euiccOtpk)
    ? known.smdpOtsk
    : privateKeyFromSeed(curve, tools.octets(32), 'otSK.DP.ECKA')
  const sharedSecret = agree(smdpOtsk, euiccOtpk)
  return sharedSecret && { smdpOtsk, sharedSecret }
}

const isRetry = (binding: Binding | undefined, euiccOtpk: Uint8Array): binding is Binding =>
  binding !== undefined && equalOctets(binding.euiccOtpk, euiccOtpk)

/** Meanwhile the order may have been withdrawn, or another eUICC may have come first. */
function isBindable({ order, session, response }: Facts): boolean {
  if (!can(order, 'bind') || !response) return false
  const { binding, rebinding } = order
  if (!binding) return true
  return (
    binding.euicc.eid === session?.euicc?.eid && (rebinding || isRetry(binding, response.euiccSigned2.value.euiccOtpk))
  )
}
