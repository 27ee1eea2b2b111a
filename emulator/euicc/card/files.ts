/** The file system that a terminal sees: ETSI TS 102 221, 8. */

/** Directories and elementary files by path: identifiers in hexadecimal from the MF on, for example `3f00/7ff0/6f07`. */
export type FileSystem = Readonly<Record<string, CardFile>>

interface Common {
  readonly fileID: number
  /** Absent: none. */
  readonly shortFileID?: number
  /** Reference to a record of EF.ARR, as it stands in the FCP. */
  readonly accessRule?: Uint8Array
}

export type CardFile =
  | (Common & {
      readonly kind: 'directory'
      /** Of an ADF. */
      readonly aid?: Uint8Array
      /** Key references of the PINs that its FCP tells of. */
      readonly pins?: readonly number[]
    })
  | (Common & { readonly kind: 'transparent'; readonly content: Uint8Array })
  /** Records one after the other. */
  | (Common & { readonly kind: 'linear-fixed' | 'cyclic'; readonly content: Uint8Array; readonly recordSize: number })

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
  `${directory}/${fileID.toString(16).padStart(4, '0')}`

export const parentOf = (path: string): string => path.slice(0, -5)
