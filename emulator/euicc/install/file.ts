/** One file of a profile package: TCA eUICC Profile Package 3.3.1, 8.3. What its descriptor leaves out is that of the template. */
import type { Fcp, FileTemplate } from '../../../protocol/saip/index.ts'
import { MF } from '../card/channels.ts'
import { type CardFile, type Content, type Described, sizeOf, type Write } from '../card/files.ts'

export interface FileOrder {
  readonly fcp: Fcp
  /** Absent in generic file management. */
  readonly row?: FileTemplate
  /** Path of the directory that it is made in. */
  readonly parent: string
  /** Octets of content that follow: the size, when nothing else gives one. */
  readonly given: number
  /** The content itself. */
  readonly writes: readonly Write[]
}

const LARGEST = 0xffff
const MOST_RECORDS = 254

/** `undefined`: values that make no file. */
export function createFile(order: FileOrder): CardFile | undefined {
  const { fcp, row, writes } = order
  const fileID = fcp.fileID ? uint(fcp.fileID) : row?.fileID
  const kind = kindOf(order)
  if (fileID === undefined || kind === undefined) return undefined
  if (kind === 'directory') return writes.length > 0 ? undefined : directoryOf(fcp, fileID)
  const part = kind === 'transparent' ? undefined : recordSizeOf(order)
  const size = kind === 'transparent' ? transparentSizeOf(order) : sizeOfRecords(order, part)
  if (size === undefined || !within(writes, size)) return undefined
  const shortFileID = fcp.shortEFID ? shortOf(fcp.shortEFID) : row?.shortFileID
  const accessRule = accessRuleOf(order)
  const content = described(order, size, part ?? size)
  return part === undefined || kind === 'transparent'
    ? { kind: 'transparent', fileID, shortFileID, accessRule, content }
    : { kind, fileID, shortFileID, accessRule, content, recordSize: part }
}

const directoryOf = ({ dfName, pinStatusTemplateDO: pins }: Fcp, fileID: number): CardFile => ({
  kind: 'directory',
  fileID,
  aid: dfName?.slice(),
  pins: pins && pins.length > 0 ? numbersIn(pins) : undefined,
})

/** Array.from takes a hundred times as long for octets. */
function numbersIn(octets: Uint8Array): readonly number[] {
  const numbers: number[] = []
  for (let i = 0; i < octets.length; i++) numbers.push(octets[i] ?? 0)
  return numbers
}

function kindOf({ fcp, row }: FileOrder): CardFile['kind'] | undefined {
  const descriptor = fcp.fileDescriptor?.[0]
  if (descriptor === undefined) return row && templateKinds[row.kind]
  return (descriptor & 0x38) === 0x38 ? 'directory' : structures[descriptor & 0x07]
}

const templateKinds = {
  MF: 'directory',
  DF: 'directory',
  ADF: 'directory',
  transparent: 'transparent',
  'linear-fixed': 'linear-fixed',
  cyclic: 'cyclic',
} as const

/** By the low bits of the file descriptor: ETSI TS 102 221, 11.1.1.4.3. */
const structures: Readonly<Record<number, CardFile['kind']>> = { 1: 'transparent', 2: 'linear-fixed', 6: 'cyclic' }

function shortOf(octets: Uint8Array): number | undefined {
  const octet = octets[0]
  return octet === undefined ? undefined : octet >> 3
}

/** A record number alone refers to the EF.ARR of the directory. */
function accessRuleOf({ fcp, row, parent }: FileOrder): Uint8Array {
  const given = fcp.securityAttributesReferenced
  if (given?.length === 3) return given.slice()
  const record = given?.[given.length - 1] ?? row?.accessRule ?? 1
  return parent === MF ? referenceTo(rulesOfMf, 0x2f06, record) : referenceTo(rulesOfOthers, 0x6f06, record)
}

/** Profiles have many files and few rules: files share the references. */
const rulesOfMf: Uint8Array[] = []
const rulesOfOthers: Uint8Array[] = []

function referenceTo(known: Uint8Array[], fileID: number, record: number): Uint8Array {
  const reference = known[record] ?? Uint8Array.of(fileID >> 8, fileID, record)
  known[record] = reference
  return reference
}

function transparentSizeOf({ fcp, row, given }: FileOrder): number | undefined {
  const size = fcp.efFileSize ? uint(fcp.efFileSize) : (row?.size ?? given)
  return size <= LARGEST ? size : undefined
}

function recordSizeOf({ fcp: { fileDescriptor }, row }: FileOrder): number | undefined {
  return fileDescriptor?.length === 4 ? uint(fileDescriptor.subarray(2)) : row?.size
}

function sizeOfRecords({ fcp, row, given }: FileOrder, recordSize: number | undefined): number | undefined {
  if (!recordSize || recordSize > 0xff) return undefined
  const size = fcp.efFileSize ? uint(fcp.efFileSize) : row?.records ? recordSize * row.records : given
  const count = size / recordSize
  return Number.isInteger(count) && count >= 1 && count <= MOST_RECORDS ? size : undefined
}

function within(writes: readonly Write[], size: number): boolean {
  for (const { at, octets } of writes) if (at + octets.length > size) return false
  return true
}

function described({ fcp: { proprietaryEFInfo }, row, writes }: FileOrder, size: number, part: number): Described {
  const repeated = proprietaryEFInfo?.repeatPattern
  const pattern = repeated ?? proprietaryEFInfo?.fillPattern ?? row?.fill ?? BLANK
  return { size, part, pattern, isRepeated: repeated !== undefined, writes }
}

const BLANK = Uint8Array.of(0xff)

/** `undefined`: the octets do not fit, or the file is a directory. */
export function written(file: CardFile, write: Write): CardFile | undefined {
  if (file.kind === 'directory' || !within([write], sizeOf(file))) return undefined
  return { ...file, content: writtenTo(file.content, write) }
}

function writtenTo(content: Content, write: Write): Content {
  if (!(content instanceof Uint8Array)) return { ...content, writes: [...content.writes, write] }
  const octets = content.slice()
  octets.set(write.octets, write.at)
  return octets
}

export function uint(octets: Uint8Array): number {
  let value = 0
  for (let i = 0; i < octets.length; i++) value = value * 256 + (octets[i] ?? 0)
  return value
}
