/** Ways to write the files of a profile element: TCA eUICC Profile Package 3.3.1, 8.3. */
import { fromHex } from '../../../protocol/ber/index.ts'
import type { File } from '../../../protocol/saip/index.ts'

export const content = (octets: Uint8Array): File => [{ kind: 'fillFileContent', value: octets }]

/** A transparent file of another size than that of its template, or of a template that leaves the size open. */
export const sized = (octets: Uint8Array): File => [
  { kind: 'fileDescriptor', value: { efFileSize: minimalNumber(octets.length) } },
  ...content(octets),
]

/** Records of equal size, filled up with FF; those beyond the given ones stay as the template fills them. */
export function records(size: number, count: number, contents: readonly Uint8Array[]): File {
  const descriptor = {
    fileDescriptor: Uint8Array.of(0x42, 0x21, size >> 8, size & 0xff),
    efFileSize: minimalNumber(size * count),
  }
  return [{ kind: 'fileDescriptor', value: descriptor }, ...recordContents(size, contents)]
}

/** Records in a file whose size is that of the template. */
export function recordContents(size: number, contents: readonly Uint8Array[]): File {
  const octets = new Uint8Array(size * contents.length).fill(0xff)
  for (const [i, record] of contents.entries()) octets.set(record, i * size)
  return content(octets)
}

/** PS_DO of a directory: which PINs it has, by their key references. */
export const pinStatus = (references: string): File => [
  { kind: 'fileDescriptor', value: { pinStatusTemplateDO: fromHex(references) } },
]

function minimalNumber(number: number): Uint8Array {
  return number < 0x100 ? Uint8Array.of(number) : Uint8Array.of(number >> 8, number & 0xff)
}
