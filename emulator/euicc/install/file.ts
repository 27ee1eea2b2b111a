/** One file of a profile package: TCA eUICC Profile Package 3.3.1, 8.3. What its descriptor leaves out is that of the template. */
import type { Fcp, FileTemplate } from '../../../protocol/saip/index.ts'
import { MF } from '../card/channels.ts'
import type { CardFile } from '../card/files.ts'

export interface FileOrder {
  readonly fcp: Fcp
  /** Absent in generic file management. */
  readonly row?: FileTemplate
  /** Path of the directory that it is made in. */
  readonly parent: string
  /** Octets of content that follow: the size, when nothing else gives one. */
  readonly given: number
}

const LARGEST = 0xffff
const MOST_RECORDS = 254

/** `undefined`: values that make no file. */
export function createFile(order: FileOrder): CardFile | undefined {
  const { fcp, row } = order
  const fileID = fcp.fileID ? uint(fcp.fileID) : row?.fileID
  const kind = kindOf(order)
  if (fileID === undefined || kind === undefined) return undefined
  if (kind === 'directory') return directoryOf(fcp, fileID)
  const shortFileID = fcp.shortEFID ? shortOf(fcp.shortEFID) : row?.shortFileID
  const common = { fileID, accessRule: accessRuleOf(order), ...(shortFileID !== undefined && { shortFileID }) }
  if (kind !== 'transparent') {
    const records = recordsOf(order)
    return records && { kind, ...common, ...records }
  }
  const size = fcp.efFileSize ? uint(fcp.efFileSize) : (row?.size ?? order.given)
  return size <= LARGEST ? { kind, ...common, content: filled(size, size, order) } : undefined
}

const directoryOf = ({ dfName, pinStatusTemplateDO: pins }: Fcp, fileID: number): CardFile => ({
  kind: 'directory',
  fileID,
  ...(dfName && { aid: dfName.slice() }),
  ...(pins && pins.length > 0 && { pins: [...pins] }),
})

function kindOf({ fcp, row }: FileOrder): CardFile['kind'] | undefined {
  const [descriptor] = fcp.fileDescriptor ?? []
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

const shortOf = ([octet]: Uint8Array): number | undefined => (octet === undefined ? undefined : octet >> 3)

/** A record number alone refers to the EF.ARR of the directory. */
function accessRuleOf({ fcp, row, parent }: FileOrder): Uint8Array {
  const given = fcp.securityAttributesReferenced
  if (given?.length === 3) return given.slice()
  const arr = parent === MF ? 0x2f : 0x6f
  return Uint8Array.of(arr, 0x06, given?.at(-1) ?? row?.accessRule ?? 1)
}

function recordsOf(order: FileOrder): { content: Uint8Array; recordSize: number } | undefined {
  const { fcp, row, given } = order
  const { fileDescriptor } = fcp
  const recordSize = fileDescriptor && fileDescriptor.length === 4 ? uint(fileDescriptor.subarray(2)) : row?.size
  if (!recordSize || recordSize > 0xff) return undefined
  const size = fcp.efFileSize ? uint(fcp.efFileSize) : row?.records ? recordSize * row.records : given
  const count = size / recordSize
  if (!Number.isInteger(count) || count < 1 || count > MOST_RECORDS) return undefined
  return { recordSize, content: filled(size, recordSize, order) }
}

/** A fill pattern goes on with its last octet, a repeat pattern from its beginning; both begin anew with each part. */
function filled(size: number, part: number, { fcp: { proprietaryEFInfo }, row }: FileOrder): Uint8Array {
  const repeated = proprietaryEFInfo?.repeatPattern
  const pattern = repeated ?? proprietaryEFInfo?.fillPattern ?? row?.fill ?? BLANK
  const content = new Uint8Array(size)
  content.set(pattern.subarray(0, part))
  if (!repeated) content.fill(pattern.at(-1) ?? 0xff, pattern.length, part)
  else for (let at = pattern.length; at < part; at++) content[at] = content[at - pattern.length] ?? 0xff
  for (let at = part; at < size; at += part) content.copyWithin(at, 0, part)
  return content
}

const BLANK = Uint8Array.of(0xff)

/** Content at an offset. */
export interface Write {
  readonly at: number
  readonly octets: Uint8Array
}

/** `undefined`: the octets do not fit, or the file is a directory. */
export function written(file: CardFile, writes: readonly Write[]): CardFile | undefined {
  if (writes.length === 0) return file
  if (file.kind === 'directory') return undefined
  const content = file.content.slice()
  for (const { at, octets } of writes) {
    if (at + octets.length > content.length) return undefined
    content.set(octets, at)
  }
  return { ...file, content }
}

export const uint = (octets: Uint8Array): number => octets.reduce((sum, octet) => sum * 256 + octet, 0)
