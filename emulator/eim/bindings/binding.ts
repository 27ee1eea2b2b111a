import { DecodeError, decode, toHex } from '../../../protocol/ber/index.ts'
import {
  type EsipaMessageFromIpaToEim,
  otherVersionOf,
  otherVersionText,
  type Sgp32Codec,
  type Sgp32Version,
} from '../../../protocol/sgp32/index.ts'
import type { TraceEntry } from '../../ports/index.ts'
import { eidErrors } from '../esipa-functions.ts'

/** A request as it was read; or the answer of its function to an EID that cannot be read; or why it is no request. */
export type Request = EsipaMessageFromIpaToEim | { readonly octets: Uint8Array } | Unreadable

interface Unreadable {
  readonly why: string
  /** It is a message of another version of SGP.32. */
  readonly isForeign?: true
  /** What it was meant to be, as far as that can be read. */
  readonly meant?: { readonly kind: string; readonly eid?: string }
}

/** How requests and answers are written. The functions know the messages of the ASN.1 binding only. */
export interface Binding {
  readonly mediaType: string
  readonly contentType: string
  read(body: Uint8Array, codec: Sgp32Codec): Request
  /** A message of the ASN.1 binding. */
  answer(octets: Uint8Array, version: Sgp32Version): Uint8Array
  readonly refusalType: string
  refusal(why: string): Uint8Array
  /** A body as the trace shows it. */
  shown(body: Uint8Array): Pick<TraceEntry, 'json' | 'octets'>
}

/** `message`: makes the message, or throws DecodeError. A function that is told an EID has an error of its own for one that cannot be read. */
export function readMessage(message: () => Uint8Array, codec: Sgp32Codec): Request {
  let octets: Uint8Array | undefined
  try {
    octets = message()
    return decode(codec.EsipaMessageFromIpaToEim, octets, { rules: 'BER' })
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const peer = octets && otherVersionOf('EsipaMessageFromIpaToEim', octets, codec.version)
    if (peer) return { why: otherVersionText(peer, codec.version), isForeign: true }
    const [, kind = '', field] = error.path.split('.')
    const answer = field === 'eidValue' ? eidErrors[kind as keyof typeof eidErrors] : undefined
    const isMissing = error.code === 'missing-field' || error.code === 'unexpected-tag'
    return answer
      ? { octets: answer(isMissing ? 'missingEid' : 'invalidEid', codec) }
      : { why: error.message, ...(octets && { meant: { kind, ...eidIn(octets) } }) }
  }
}

/** eidValue, which stands first in every message that has it. */
function eidIn(octets: Uint8Array): { readonly eid?: string } {
  const [, eid] = /^bf50(?:[0-7].|8[1-4](?:..){1,4}?)5a10(.{32})/.exec(toHex(octets.subarray(0, 32))) ?? []
  return eid === undefined ? {} : { eid }
}
