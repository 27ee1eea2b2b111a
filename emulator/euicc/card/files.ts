/** The file system that a terminal sees: ETSI TS 102 221, 8. */
import { toHex } from '../../../protocol/ber/index.ts'

/** Directories and elementary files by path: identifiers in hexadecimal from the MF on, for example `3f00/7ff0/6f07`. */
export type FileSystem = Readonly<Record<string, CardFile>>

/** The files of a profile in the order in which they were made; the last one at a path counts. */
export type PlacedFiles = readonly { readonly path: string; readonly file: CardFile }[]

const fileSystems = new WeakMap<PlacedFiles, FileSystem>()

/** Most profiles are never enabled between their installation and the next change: their files get names when one is looked for. */
export function toFileSystem(files: PlacedFiles): FileSystem {
  const known = fileSystems.get(files)
  if (known) return known
  const made = Object.fromEntries(files.map(({ path, file }) => [path, file]))
  fileSystems.set(files, made)
  return made
}

export const fileAt = (files: PlacedFiles, path: string): CardFile | undefined =>
  files.findLast((placed) => placed.path === path)?.file

interface Common {
  readonly fileID: number
  /** Absent: none. */
  readonly shortFileID?: number | undefined
  /** Reference to a record of EF.ARR, as it stands in the FCP. */
  readonly accessRule?: Uint8Array
}

export type CardFile =
  | (Common & {
      readonly kind: 'directory'
      /** Of an ADF. */
      readonly aid?: Uint8Array | undefined
      /** Key references of the PINs that its FCP tells of. */
      readonly pins?: readonly number[] | undefined
    })
  | (Common & { readonly kind: 'transparent'; readonly content: Content })
  /** Records one after the other. */
  | (Common & { readonly kind: 'linear-fixed' | 'cyclic'; readonly content: Content; readonly recordSize: number })

/** Octets, or, while nobody has written to the file, what a profile package says of them. */
export type Content = Uint8Array | Described

export interface Described {
  readonly size: number
  /** Octets of a record, or of the file: the pattern begins anew with each. */
  readonly part: number
  readonly pattern: Uint8Array
  /** A fill pattern goes on with its last octet, a repeat pattern from its beginning. */
  readonly isRepeated: boolean
  /** They fit. */
  readonly writes: readonly Write[]
}

/** Content at an offset. */
export interface Write {
  readonly at: number
  readonly octets: Uint8Array
}

export const sizeOf = ({ content }: ElementaryFile): number =>
  content instanceof Uint8Array ? content.length : content.size

/** Not to be changed. */
export function contentOf({ content }: ElementaryFile): Uint8Array {
  if (content instanceof Uint8Array) return content
  const octets = filled(content)
  for (const write of content.writes) octets.set(write.octets, write.at)
  return octets
}

function filled({ size, part, pattern, isRepeated }: Described): Uint8Array {
  const octets = new Uint8Array(size)
  octets.set(pattern.subarray(0, part))
  if (!isRepeated) octets.fill(pattern[pattern.length - 1] ?? 0xff, pattern.length, part)
  else for (let at = pattern.length; at < part; at++) octets[at] = octets[at - pattern.length] ?? 0xff
  for (let at = part; at < size; at += part) octets.copyWithin(at, 0, part)
  return octets
}

export type ElementaryFile = Exclude<CardFile, { kind: 'directory' }>

/** Without an enabled profile there is the MF and nothing below it. */
export const bareFileSystem: FileSystem = { '3f00': { kind: 'directory', fileID: 0x3f00 } }

/** What some cards show beside it: EF.DIR with an empty record, EF.UMPC. */
export const sparseFileSystem: FileSystem = {
  ...bareFileSystem,
  '3f00/2f00': {
    kind: 'linear-fixed',
    fileID: 0x2f00,
    shortFileID: 0x1e,
    content: new Uint8Array(32).fill(0xff),
    recordSize: 32,
  },
  '3f00/2f08': { kind: 'transparent', fileID: 0x2f08, shortFileID: 0x08, content: Uint8Array.of(0x3c, 0x05, 0, 0, 0) },
}

export const pathOf = (directory: string, fileID: number): string =>
  `${directory}/${hexOf[fileID >> 8]}${hexOf[fileID & 0xff]}`

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, octet) => toHex(Uint8Array.of(octet)))

export const parentOf = (path: string): string => path.slice(0, -5)
