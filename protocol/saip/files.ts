/** Files of a profile: TCA eUICC Profile Package 3.3.1, 8.3 and annex C. */
import {
  choice,
  exactly,
  flag,
  integer,
  named,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  type TaggedSchema,
  type ValueOf,
} from '../ber/index.ts'
import { applicationIdentifier, PEHeader, uint16 } from './header.ts'

/** Absent: specialFileInformation '00', fileDetails '01'. At most one of the two patterns. */
const ProprietaryInfo = sequence(0xa5, {
  specialFileInformation: optional(octetString(0xc0, exactly(1))),
  fillPattern: optional(octetString(0xc1, { min: 1, max: 200 })),
  repeatPattern: optional(octetString(0xc2, { min: 1, max: 200 })),
  maximumFileSize: optional(octetString(0x86)),
  fileDetails: optional(octetString(0x84, exactly(1))),
})

/**
 * What is absent comes from the template. `fileID` of an ADF is a temporary one that paths within the profile use. lcsi absent: '05'.
 * securityAttributesReferenced: record number alone, or the identifier of EF.ARR and then the record number. shortEFID with no octets: none;
 * else the identifier is in the high five bits. efFileSize and maximumFileSize: big-endian without leading zeros.
 */
export const Fcp = named(
  'Fcp',
  sequence(0xa1, {
    fileDescriptor: optional(octetString(0x82, { min: 2, max: 4 })),
    fileID: optional(octetString(0x83, exactly(2))),
    dfName: optional(applicationIdentifier(0x84)),
    lcsi: optional(octetString(0x8a, exactly(1))),
    securityAttributesReferenced: optional(octetString(0x8b, { min: 1, max: 3 })),
    efFileSize: optional(octetString(0x80)),
    pinStatusTemplateDO: optional(octetString(0xc6)),
    shortEFID: optional(octetString(0x88, { max: 1 })),
    proprietaryEFInfo: optional(ProprietaryInfo),
    linkPath: optional(octetString(0xc7, { max: 8 })),
  }),
)
export type Fcp = ValueOf<typeof Fcp>

/** One file of a template: at most one descriptor, and then its content. An offset skips that many octets of what is there already. */
const FileStep = choice('File', {
  doNotCreate: flag(0x80),
  fileDescriptor: Fcp,
  fillFileOffset: integer(0x82, uint16),
  fillFileContent: octetString(0x83),
})
export type File = readonly ValueOf<typeof FileStep>[]

/** Paths are file identifiers from below the MF on; an empty one is the MF. A descriptor creates a file in the current directory. */
const FileManagement = named(
  'FileManagement',
  sequenceOf(
    0x30,
    choice('FileManagement', {
      filePath: octetString(0x80, { max: 8 }),
      createFCP: retag(0x62, Fcp),
      fillFileOffset: integer(0x02, uint16),
      fillFileContent: octetString(0x81),
    }),
    { min: 1 },
  ),
)

export const PEGenericFileManagement = named(
  'PE-GenericFileManagement',
  sequence(0xa1, { header: PEHeader, fileManagementCMD: sequenceOf(0xa1, FileManagement, { min: 1 }) }),
)

type FilesOf<Row extends string> = {
  readonly [Name in Row as Name extends `${string}?` ? never : Name]: File
} & { readonly [Name in Row as Name extends `${infer Bare}?` ? Bare : never]?: File }

export type FileElement<Row extends string> = {
  readonly header: PEHeader
  readonly templateID: string
} & FilesOf<Row>

/** A profile element that creates the files of a template. Rows: its components in order; a question mark makes one OPTIONAL. */
export function fileElement<const Row extends string>(
  name: string,
  tag: number,
  rows: readonly Row[],
): TaggedSchema<FileElement<Row>> {
  const files = rows.map((row, i) => {
    const file = sequenceOf(contextTag(i + 2), FileStep)
    return row.endsWith('?') ? [row.slice(0, -1), optional(file)] : [row, file]
  })
  const schema = sequence(tag, { header: PEHeader, templateID: oid(0x81), ...Object.fromEntries(files) })
  return { ...schema, name } as unknown as TaggedSchema<FileElement<Row>>
}

/** Identifier octets of a constructed context tag: A0 to BE, then BF1F, BF20, ... */
export function contextTag(number: number): number {
  return number < 31 ? 0xa0 + number : 0xbf00 + number
}
