import { DecodeError, type DecodeErrorCode } from './errors.ts'
import { type Digits, hexText, latin1Text } from './text.ts'

/** DER refuses what BER merely discourages: lengths in more octets than needed and booleans other than 00 and FF. */
export type EncodingRules = 'DER' | 'BER'

/**
 * A cursor over octets. `header` leaves tag, length and the start of the TLV in fields instead of returning an object: it is
 * called once per TLV on the hot path.
 */
export class Reader {
  readonly octets: Uint8Array
  readonly strict: boolean
  position: number
  /** Identifier octets of the TLV last opened, as one number: 0xbf2d. */
  tag = 0
  /** Length of its content. */
  length = 0
  /** Where it began. */
  start = 0

  constructor(octets: Uint8Array, rules: EncodingRules = 'DER', position = 0) {
    this.octets = octets
    this.strict = rules === 'DER'
    this.position = position
  }

  /** Opens the TLV at the cursor, which must end at or before `end`. Afterwards the cursor is at its content. */
  header(end: number): void {
    const start = this.position
    this.start = start
    const tag = this.octets[start] as number
    const length = this.octets[start + 1] as number
    if (start + 2 <= end && (tag & 0x1f) !== 0x1f && length < 0x80) {
      this.tag = tag
      this.length = length
      this.position = start + 2
    } else this.#longHeader(end)
    if (this.length > end - this.position) this.fail('truncated')
  }

  /** One octet of tag and one of length are most headers; this is any other. */
  #longHeader(end: number): void {
    this.#readTag(end)
    this.#readLength(end)
  }

  #readTag(end: number): void {
    let tag = this.#next(end)
    if ((tag & 0x1f) === 0x1f) {
      let octet = this.#next(end)
      if (octet === 0x80 || octet < 0x1f) this.fail('tag-not-minimal')
      tag = tag * 256 + octet
      while (octet & 0x80) {
        octet = this.#next(end)
        tag = tag * 256 + octet
        if (tag > 0xffffffff) this.fail('unexpected-tag')
      }
    }
    this.tag = tag
  }

  #readLength(end: number): void {
    const first = this.#next(end)
    if (first < 0x80) {
      this.length = first
      return
    }
    if (first === 0x80) this.fail('length-indefinite')
    const count = first & 0x7f
    if (count > 4) this.fail('length-too-large')
    const isPadded = this.octets[this.position] === 0
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#next(end)
    if (this.strict && (length < 0x80 || isPadded)) this.fail('length-not-minimal')
    this.length = length
  }

  #next(end: number): number {
    if (this.position >= end) this.fail('truncated')
    return this.octets[this.position++] as number
  }

  /** The content of the TLV last opened, as a view of the input; the cursor moves behind it. */
  take(length: number): Uint8Array {
    const from = this.position
    this.position = from + length
    return this.octets.subarray(from, this.position)
  }

  /** The same content as hexadecimal text. */
  takeHex(length: number, digits: Digits): string {
    const from = this.position
    this.position = from + length
    return hexText(this.octets, from, this.position, digits)
  }

  /** The same content, an octet a character. */
  takeLatin1(length: number): string {
    const from = this.position
    this.position = from + length
    return latin1Text(this.octets, from, this.position)
  }

  fail(code: DecodeErrorCode): never {
    throw new DecodeError(code, Math.min(this.start, this.octets.length))
  }
}
