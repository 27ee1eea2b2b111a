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
  if (!isComplete(stream)) return undefined
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

/** False only when more octets could help: a header that is wrong is left to the decoder. */
function isComplete(stream: Uint8Array): boolean {
  let at = 1
  if (((stream[0] ?? 0) & 0x1f) === 0x1f) while ((stream[at++] ?? 0) >= 0x80);
  const first = stream[at++]
  if (first === undefined) return false
  if (first < 0x80) return stream.length >= at + first
  const count = first & 0x7f
  if (count === 0 || count > 4) return true
  let length = 0
  for (const octet of stream.subarray(at, at + count)) length = length * 256 + octet
  return stream.length >= at + count + length
}
