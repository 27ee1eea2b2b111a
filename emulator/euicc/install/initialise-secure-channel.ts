import { type Captured, captured, decode } from '../../../protocol/ber/index.ts'
import { agree, deriveSessionKeys, privateKeyFromScalar, startBsp, verify } from '../../../protocol/crypto/index.ts'
import { eidToOctets } from '../../../protocol/identifiers/index.ts'
import { InitialiseSecureChannelRequest, smdpSignInput } from '../../../protocol/sgp22/index.ts'
import { type Check, firstFailing } from '../check.ts'
import type { InstallContext } from './context.ts'
import { changedInstallation, type Installation } from './installation.ts'
import { type ErrorReason, type Refusal, refusal } from './outcome.ts'

interface Facts extends InstallContext {
  readonly request: Captured<InitialiseSecureChannelRequest>
  /** `undefined` when the key of the SM-DP+ is not on the curve. */
  readonly sharedSecret: Uint8Array | undefined
}

const KEY_TYPE_AES = 0x88
const KEY_LENGTH = 0x10

/** In the order of SGP.22 v2.5, 5.5.1. Unverified. */
const checks: readonly (Check<Facts> & { readonly otherwise: ErrorReason })[] = [
  {
    id: 'remote-operation-known',
    holds: ({ request }) => request.value.remoteOpId === 'installBoundProfilePackage',
    otherwise: 'unsupportedRemoteOperationType',
  },
  {
    id: 'transaction-own',
    holds: ({ request, session }) => request.value.transactionId === session.transactionId,
    otherwise: 'invalidTransactionId',
  },
  {
    id: 'key-type-and-length',
    holds({ request }) {
      const { keyType, keyLen } = request.value.controlRefTemplate
      return keyType[0] === KEY_TYPE_AES && keyLen[0] === KEY_LENGTH
    },
    otherwise: 'unsupportedCrtValues',
  },
  { id: 'secure-channel-signature', holds: isSignedByDp, otherwise: 'invalidSignature' },
  {
    id: 'one-time-key-on-curve',
    holds: ({ sharedSecret }) => sharedSecret !== undefined,
    otherwise: 'incorrectInputValues',
  },
]

const Request = captured(InitialiseSecureChannelRequest)

/** ES8+.InitialiseSecureChannel: SGP.22 v2.5, 5.5.1 and annex G. Throws DecodeError. */
export function initialiseSecureChannel(context: InstallContext, octets: Uint8Array): Installation | Refusal {
  const request = decode(Request, octets)
  const { state, session, installation } = context
  const { curve, scalar } = session.oneTimeKey
  const sharedSecret = agree(privateKeyFromScalar(curve, scalar), request.value.smdpOtpk)
  const failing = firstFailing(checks, { state, session, installation, request, sharedSecret })
  if (failing || !sharedSecret) return refusal(failing?.id ?? '', failing?.otherwise ?? 'incorrectInputValues')
  const { hostId } = request.value.controlRefTemplate
  const keys = deriveSessionKeys({ sharedSecret, hostId, eid: eidToOctets(state.eid) })
  return changedInstallation(installation, { bsp: startBsp(keys) })
}

/** With the key of the certificate that came with PrepareDownload. */
function isSignedByDp({ request, session: { dpPb, oneTimeKey } }: Facts): boolean {
  const { publicKey } = dpPb
  return (
    publicKey !== undefined && verify(publicKey, [smdpSignInput(request, oneTimeKey.point)], request.value.smdpSign)
  )
}
