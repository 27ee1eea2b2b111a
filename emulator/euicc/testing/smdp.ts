/** The other side of a download, as little of an SM-DP+ as the card needs. Every message can be changed before it is signed or after. */
import { capture, concatOctets, encode, fromHex, octetString } from '../../../protocol/ber/index.ts'
import {
  agree,
  type BspState,
  type Curve,
  deriveSessionKeys,
  type Identity,
  privateKeyFromSeed,
  protect,
  protectMacOnly,
  readCertificate,
  sign,
  startBsp,
} from '../../../protocol/crypto/index.ts'
import { eidToOctets } from '../../../protocol/identifiers/index.ts'
import {
  AuthenticateServerRequest,
  ConfigureISDPRequest,
  GetEuiccChallengeRequest,
  GetEuiccChallengeResponse,
  InitialiseSecureChannelRequest,
  OneTimePublicKey,
  PrepareDownloadRequest,
  ReplaceSessionKeysRequest,
  ServerSigned1,
  Signature,
  SmdpSigned2,
} from '../../../protocol/sgp22/index.ts'
import {
  AuthenticateServerResponse,
  PrepareDownloadResponse,
  StoreMetadataRequest,
} from '../../../protocol/sgp32/index.ts'
import { EID, pki, seed } from './cards.ts'
import { elementsOf, ICCID, metadataOf, packageOf } from './profiles.ts'
import type { Terminal } from './terminal.ts'

export const TRANSACTION = '00112233445566778899AABBCCDDEEFF'
export const ADDRESS = 'smdp.example.com'

export const ciPkIdOf = (curve: Curve): Uint8Array => {
  const id = readCertificate(pki[curve].ci.certificate).subjectKeyIdentifier
  if (!id) throw new Error('a CI without a subject key identifier')
  return id
}

export interface ServerOptions {
  readonly curve?: Curve
  readonly auth?: Identity
  readonly signed?: Partial<ServerSigned1>
  readonly request?: Partial<AuthenticateServerRequest>
}

export function challenge(card: Terminal): Uint8Array {
  return card.call(GetEuiccChallengeRequest, {}, GetEuiccChallengeResponse).euiccChallenge
}

export function authenticateRequest(
  euiccChallenge: Uint8Array,
  options: ServerOptions = {},
): AuthenticateServerRequest {
  const { curve = 'nist', signed, request } = options
  const { certificate, privateKey } = options.auth ?? pki[curve].dpAuth
  const serverSigned1 = capture(ServerSigned1, {
    transactionId: TRANSACTION,
    euiccChallenge,
    serverAddress: ADDRESS,
    serverChallenge: new Uint8Array(16).fill(7),
    ...signed,
  })
  return {
    serverSigned1,
    serverSignature1: sign(privateKey, [serverSigned1.octets]),
    euiccCiPKIdToBeUsed: ciPkIdOf(curve),
    serverCertificate: certificate,
    ctxParams1: {
      kind: 'ctxParamsForCommonAuthentication',
      value: { matchingId: 'TOKEN', deviceInfo: { tac: fromHex('35550101'), deviceCapabilities: {} } },
    },
    ...request,
  }
}

export const authenticate = (card: Terminal, options: ServerOptions = {}): AuthenticateServerResponse =>
  card.call(AuthenticateServerRequest, authenticateRequest(challenge(card), options), AuthenticateServerResponse)

/** The signature of a successful authentication. */
export function signatureOf(response: AuthenticateServerResponse): Uint8Array {
  if (response.kind !== 'authenticateResponseOk') throw new Error(JSON.stringify(response))
  return response.value.euiccSignature1
}

export interface PrepareOptions {
  readonly curve?: Curve
  readonly pb?: Identity
  readonly signed?: Partial<SmdpSigned2>
  readonly request?: Partial<PrepareDownloadRequest>
}

export function prepareRequest(euiccSignature1: Uint8Array, options: PrepareOptions = {}): PrepareDownloadRequest {
  const { curve = 'nist', signed, request } = options
  const { certificate, privateKey } = options.pb ?? pki[curve].dpPb
  const smdpSigned2 = capture(SmdpSigned2, { transactionId: TRANSACTION, ccRequiredFlag: false, ...signed })
  return {
    smdpSigned2,
    smdpSignature2: sign(privateKey, [smdpSigned2.octets, encode(Signature, euiccSignature1)]),
    smdpCertificate: certificate,
    ...request,
  }
}

export const prepare = (card: Terminal, euiccSignature1: Uint8Array, options: PrepareOptions = {}) =>
  card.call(PrepareDownloadRequest, prepareRequest(euiccSignature1, options), PrepareDownloadResponse)

export function otpkOf(response: PrepareDownloadResponse): Uint8Array {
  if (response.kind !== 'downloadResponseOk') throw new Error(JSON.stringify(response))
  return response.value.euiccSigned2.value.euiccOtpk
}

export interface BindOptions {
  readonly curve?: Curve
  readonly pb?: Identity
  readonly eid?: string
  readonly channel?: Partial<InitialiseSecureChannelRequest>
  /** Of smdpSign. */
  readonly smdpSign?: Uint8Array
  readonly configureIsdp?: Uint8Array
  readonly metadata?: StoreMetadataRequest
  readonly metadataOctets?: Uint8Array
  readonly replaceSessionKeys?: false | true | Uint8Array
  readonly upp?: Uint8Array
  /** Octets of plaintext in one TLV. */
  readonly payload?: number
}

const chunks = (octets: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(octets.length / size) }, (_, i) => octets.subarray(i * size, (i + 1) * size))

const container = (tag: number, content: readonly Uint8Array[]): Uint8Array =>
  encode(octetString(tag), concatOctets(...content))

/** TLVs of a bound profile package, by container. */
export interface BoundPackage {
  readonly channel: Uint8Array
  readonly first87: readonly Uint8Array[]
  readonly metadata88: readonly Uint8Array[]
  readonly second87: readonly Uint8Array[]
  readonly elements86: readonly Uint8Array[]
}

const oneTimeKeyOf = (curve: Curve) => privateKeyFromSeed(curve, seed, 'otSK.DP')
const hostId = fromHex('8080808080808080')

export function bind(euiccOtpk: Uint8Array, options: BindOptions = {}): BoundPackage {
  const { payload = 1007, metadata = metadataOf(ICCID), replaceSessionKeys = false } = options
  const writer = protection(euiccOtpk, options)
  const first87 = [writer.wrap(0x87, options.configureIsdp ?? encode(ConfigureISDPRequest, {}))]
  const metadataOctets = options.metadataOctets ?? encode(StoreMetadataRequest, metadata)
  const metadata88 = chunks(metadataOctets, Math.min(payload, 1008)).map((part) => writer.wrap(0x88, part))
  const second87 = replaceSessionKeys === false ? [] : [writer.replaceKeys(replaceSessionKeys)]
  const upp = options.upp ?? packageOf(elementsOf(metadata.iccid))
  const elements86 = chunks(upp, payload).map((part) => writer.wrap(0x86, part))
  return { channel: channelOf(euiccOtpk, options), first87, metadata88, second87, elements86 }
}

/** InitialiseSecureChannel. smdpSign covers its content without the signature, and the key of the card. */
function channelOf(euiccOtpk: Uint8Array, { curve = 'nist', pb = pki[curve].dpPb, channel, smdpSign }: BindOptions) {
  const unsigned = {
    remoteOpId: 'installBoundProfilePackage',
    transactionId: TRANSACTION,
    controlRefTemplate: { keyType: Uint8Array.of(0x88), keyLen: Uint8Array.of(0x10), hostId },
    smdpOtpk: oneTimeKeyOf(curve).publicKey.point,
    ...channel,
  } as const
  const draft = encode(InitialiseSecureChannelRequest, { ...unsigned, smdpSign: new Uint8Array(64) })
  const headerLength = draft[2] === 0x81 ? 4 : 3
  const toSign = concatOctets(draft.subarray(headerLength, -67), encode(OneTimePublicKey, euiccOtpk))
  const signature = smdpSign ?? sign(pb.privateKey, [toSign])
  return encode(InitialiseSecureChannelRequest, { ...unsigned, smdpSign: signature })
}

/** Keys of a profile package that is protected before it is bound. */
const packageKeys = {
  initialMacChainingValue: new Uint8Array(16).fill(9),
  sEnc: new Uint8Array(16).fill(8),
  sMac: new Uint8Array(16).fill(6),
}

function protection(euiccOtpk: Uint8Array, { curve = 'nist', eid = EID }: BindOptions) {
  const sharedSecret = agree(oneTimeKeyOf(curve), euiccOtpk)
  if (!sharedSecret) throw new Error('the key of the card is not on the curve')
  let bsp: BspState = startBsp(deriveSessionKeys({ sharedSecret, hostId, eid: eidToOctets(eid) }))
  const wrap = (tag: 0x86 | 0x87 | 0x88, plaintext: Uint8Array): Uint8Array => {
    const [next, tlv] = tag === 0x88 ? protectMacOnly(bsp, tag, plaintext) : protect(bsp, tag, plaintext)
    bsp = next
    return tlv
  }
  const { initialMacChainingValue, sEnc: ppkEnc, sMac: ppkCmac } = packageKeys
  const request = encode(ReplaceSessionKeysRequest, { initialMacChainingValue, ppkEnc, ppkCmac })
  const replaceKeys = (octets: true | Uint8Array): Uint8Array => {
    const tlv = wrap(0x87, octets === true ? request : octets)
    bsp = startBsp(packageKeys)
    return tlv
  }
  return { wrap, replaceKeys }
}

export function encodePackage({ channel, first87, metadata88, second87, elements86 }: BoundPackage): Uint8Array {
  const parts = [channel, container(0xa0, first87), container(0xa1, metadata88)]
  if (second87.length > 0) parts.push(container(0xa2, second87))
  parts.push(container(0xa3, elements86))
  return container(0xbf36, parts)
}

/** SGP.22 v2.5, 2.5.5. */
export function segmentsOf(bound: BoundPackage): Uint8Array[] {
  const whole = encodePackage(bound)
  const { channel, first87, metadata88, second87, elements86 } = bound
  const sizes = [whole.length - bodyLength(bound) + channel.length]
  const push = (list: readonly Uint8Array[], headerApart: boolean) => {
    const [first, ...rest] = list
    if (!first) return
    const header = container(0xa0, list).length - list.reduce((sum, { length }) => sum + length, 0)
    sizes.push(...(headerApart ? [header, first.length] : [header + first.length]), ...rest.map(({ length }) => length))
  }
  push(first87, false)
  push(metadata88, true)
  push(second87, false)
  push(elements86, true)
  const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0))
  return ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end))
}

function bodyLength(bound: BoundPackage): number {
  const whole = encodePackage(bound)
  const lead = whole[2] ?? 0
  return whole.length - (lead < 0x80 ? 3 : 3 + (lead & 0x7f))
}

export interface DownloadOptions extends BindOptions {
  readonly blockSize?: number
}

/** A whole download. What the last segment was answered with, with its status word. */
export function download(card: Terminal, options: DownloadOptions = {}): Uint8Array {
  const { curve = 'nist' } = options
  const otpk = otpkOf(prepare(card, signatureOf(authenticate(card, { curve })), { curve }))
  return load(card, segmentsOf(bind(otpk, options)), options.blockSize)
}

/** Sends segments until one is answered with more than 9000. */
export function load(card: Terminal, segments: readonly Uint8Array[], blockSize?: number): Uint8Array {
  for (const segment of segments) {
    const answer = card.storeData(segment, blockSize)
    if (answer.length > 2 || answer[0] !== 0x90) return answer
  }
  return Uint8Array.of(0x90, 0x00)
}
