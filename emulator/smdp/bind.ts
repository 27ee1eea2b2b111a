/** Binds a profile package to one eUICC and session: SGP.22 v2.5, 2.5.4, 2.6.4 and 5.5. */
import { capture, encode, optional, sequence, sequenceOf, slice } from '../../protocol/ber/index.ts'
import {
  type BspState,
  deriveSessionKeys,
  ENCRYPTED_PAYLOAD_OCTETS,
  MAC_ONLY_PAYLOAD_OCTETS,
  type PrivateKey,
  protect,
  protectMacOnly,
  startBsp,
} from '../../protocol/crypto/index.ts'
import { eidToOctets } from '../../protocol/identifiers/index.ts'
import {
  ConfigureISDPRequest,
  InitialiseSecureChannelRequest,
  ReplaceSessionKeysRequest,
  smdpSignInput,
} from '../../protocol/sgp22/index.ts'
import { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import type { Tools } from './tools.ts'

export interface BindingInput {
  readonly transactionId: string
  readonly eid: string
  readonly euiccOtpk: Uint8Array
  readonly smdpOtsk: PrivateKey
  readonly sharedSecret: Uint8Array
  readonly metadata: StoreMetadataRequest
  /** Unprotected. */
  readonly profilePackage: Uint8Array
  readonly replaceSessionKeys: boolean
  readonly dpPb: PrivateKey
}

const HOST_ID = new TextEncoder().encode('esim-testbed')
const AES = Uint8Array.of(0x88)
const KEY_OCTETS = 16

/** BoundProfilePackage whose segments are complete TLVs already. */
export const BoundSegments = sequence(0xbf36, {
  initialiseSecureChannelRequest: slice(),
  firstSequenceOf87: sequenceOf(0xa0, slice()),
  sequenceOf88: sequenceOf(0xa1, slice()),
  secondSequenceOf87: optional(sequenceOf(0xa2, slice())),
  sequenceOf86: sequenceOf(0xa3, slice()),
})

export function bindProfile(input: BindingInput, tools: Tools): Uint8Array {
  const keys = deriveSessionKeys({
    sharedSecret: input.sharedSecret,
    hostId: HOST_ID,
    eid: eidToOctets(input.eid),
  })
  const channel = createChannel(startBsp(keys))
  const firstSequenceOf87 = channel.send(0x87, encode(ConfigureISDPRequest, {}))
  const sequenceOf88 = channel.send(0x88, encode(StoreMetadataRequest, input.metadata))
  const secondSequenceOf87 = input.replaceSessionKeys ? replaceKeys(channel, tools) : undefined
  return encode(BoundSegments, {
    initialiseSecureChannelRequest: initialiseSecureChannel(input, tools),
    firstSequenceOf87,
    sequenceOf88,
    ...(secondSequenceOf87 && { secondSequenceOf87 }),
    sequenceOf86: channel.send(0x86, input.profilePackage),
  })
}

/** One chain of MACs over all segments, whatever their tags. */
interface Channel {
  /** Cut into as many segments as it takes. */
  send(tag: 0x86 | 0x87 | 0x88, plaintext: Uint8Array): Uint8Array[]
  restart(state: BspState): void
}

function createChannel(start: BspState): Channel {
  let state = start
  const protectOne = (tag: 0x86 | 0x87 | 0x88, plaintext: Uint8Array): Uint8Array => {
    const [next, tlv] = tag === 0x88 ? protectMacOnly(state, tag, plaintext) : protect(state, tag, plaintext)
    state = next
    return tlv
  }
  return {
    send(tag, plaintext) {
      const size = tag === 0x88 ? MAC_ONLY_PAYLOAD_OCTETS : ENCRYPTED_PAYLOAD_OCTETS
      const segments: Uint8Array[] = []
      for (let at = 0; at < plaintext.length; at += size)
        segments.push(protectOne(tag, plaintext.subarray(at, at + size)))
      return segments
    },
    restart(from) {
      state = from
    },
  }
}

/** ReplaceSessionKeys: 5.5.4. What follows is protected by keys that do not come from the key agreement. */
function replaceKeys(channel: Channel, { octets }: Tools): Uint8Array[] {
  const initialMacChainingValue = octets(KEY_OCTETS)
  const ppkEnc = octets(KEY_OCTETS)
  const ppkCmac = octets(KEY_OCTETS)
  const segments = channel.send(0x87, encode(ReplaceSessionKeysRequest, { initialMacChainingValue, ppkEnc, ppkCmac }))
  channel.restart(startBsp({ initialMacChainingValue, sEnc: ppkEnc, sMac: ppkCmac }))
  return segments
}

function initialiseSecureChannel(input: BindingInput, { sign }: Tools): Uint8Array {
  const unsigned = {
    remoteOpId: 'installBoundProfilePackage',
    transactionId: input.transactionId,
    controlRefTemplate: { keyType: AES, keyLen: Uint8Array.of(KEY_OCTETS), hostId: HOST_ID },
    smdpOtpk: input.smdpOtsk.publicKey.point,
  } as const
  const draft = capture(InitialiseSecureChannelRequest, { ...unsigned, smdpSign: new Uint8Array(64) })
  const smdpSign = sign(input.dpPb, [smdpSignInput(draft, input.euiccOtpk)])
  return encode(InitialiseSecureChannelRequest, { ...unsigned, smdpSign })
}
