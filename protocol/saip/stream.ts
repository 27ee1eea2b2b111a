/**
 * An unprotected profile package is profile elements one after the other, without a wrapper. Those who load it get it in pieces that do not
 * respect the elements: TCA eUICC Profile Package 3.3.1, 8.1; SGP.22 v2.5, 2.5.3.
 */
import { decodeFirst } from '../ber/index.ts'
import { HeaderOnly, ProfileElement } from './elements.ts'
import type { PEHeader } from './header.ts'

export interface ReadElement {
  readonly element: ProfileElement
  /** What stands behind it: the beginning of the next one, perhaps. */
  readonly rest: Uint8Array
}

/** The first element, or `undefined` while its end has not arrived. Throws DecodeError; `readElementHeader` then tells which it was. */
export function readElement(stream: Uint8Array): ReadElement | undefined {
  if (missingOctets(stream) > 0) return undefined
  const { value: element, rest } = decodeFirst(ProfileElement, stream)
  return { element, rest }
}

/** The header of an element that may be unreadable behind it. */
export function readElementHeader(stream: Uint8Array): PEHeader | undefined {
  try {
    return decodeFirst(HeaderOnly, stream).value
  } catch {
    return undefined
  }
}

/** All elements of a whole package. Throws DecodeError. */
export function readProfile(upp: Uint8Array): ProfileElement[] {
  const elements: ProfileElement[] = []
  for (let rest = upp; rest.length > 0; ) {
    const read = decodeFirst(ProfileElement, rest)
    elements.push(read.value)
    rest = read.rest
  }
  return elements
}

/** How many octets the first element lacks, as far as its header tells: none, too, when that is wrong, which is left to the decoder. */
export function missingOctets(stream: Uint8Array): number {
  let at = 1
  if (((stream[0] ?? 0) & 0x1f) === 0x1f) while ((stream[at++] ?? 0) >= 0x80);
  const first = stream[at++]
  if (first === undefined) return 1
  if (first < 0x80) return Math.max(0, at + first - stream.length)
  const count = first & 0x7f
  if (count === 0 || count > 4) return 0
  if (stream.length < at + count) return at + count - stream.length
  let length = 0
  for (let i = at; i < at + count; i++) length = length * 256 + (stream[i] ?? 0)
  return Math.max(0, at + count + length - stream.length)
}
