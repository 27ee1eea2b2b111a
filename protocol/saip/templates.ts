/**
 * File templates: TCA eUICC Profile Package 3.3.1, annex A. What a profile leaves out of a file is taken from its row here. Rows of files that
 * this project does not build are left out. Unverified: rows come from a single open implementation; file identifiers are those of
 * 3GPP TS 31.102, TS 31.103 and ETSI TS 102 221.
 */
import { fromHex } from '../ber/index.ts'

/** All of one shape: a card asks each of its rows when it loads a profile. */
export interface FileTemplate {
  /** In the profile element. */
  readonly component: string
  readonly kind: 'MF' | 'DF' | 'ADF' | 'transparent' | 'linear-fixed' | 'cyclic'
  /** Absent for an ADF, which has a temporary one in its descriptor. */
  readonly fileID: number | undefined
  /** Of a transparent file, or of one record. Absent: the profile gives it. */
  readonly size: number | undefined
  readonly records: number | undefined
  /** Number of the access rule: record of EF.ARR. */
  readonly accessRule: number
  readonly shortFileID: number | undefined
  /** Of a transparent file or of each record, its last octet repeated to the end. Absent: the profile must give the content. */
  readonly fill: Uint8Array | undefined
}

export interface Template {
  /** Alternative of ProfileElement. */
  readonly element: string
  /** Where its first file is put: the MF, or the application of an earlier element. */
  readonly under: 'MF' | 'usim' | 'isim'
  /** A row below a directory row is in that directory; a further DF is in the first one. */
  readonly files: readonly FileTemplate[]
}

interface Rest {
  readonly sfi?: number
  readonly fill?: string
}

type Length = number | 'given'
type Row = (
  component: string,
  fileID: number,
  length: readonly Length[],
  accessRule: number,
  more?: Rest,
) => FileTemplate

interface Shape extends Pick<FileTemplate, 'component' | 'kind' | 'fileID' | 'accessRule'> {
  readonly octets?: Length | undefined
  readonly records?: Length | undefined
  readonly rest?: Rest
}

const row = ({ component, kind, fileID, octets, records, accessRule, rest = {} }: Shape): FileTemplate => ({
  component,
  kind,
  fileID,
  size: octets === 'given' ? undefined : octets,
  records: records === 'given' ? undefined : records,
  accessRule,
  shortFileID: rest.sfi,
  fill: rest.fill === undefined ? undefined : fromHex(rest.fill),
})

const directory = (component: string, kind: 'MF' | 'DF' | 'ADF', fileID?: number): FileTemplate =>
  row({ component, kind, fileID, accessRule: 14 })

/** Length: octets. */
const transparent: Row = (component, fileID, [octets], accessRule, rest = {}) =>
  row({ component, kind: 'transparent', fileID, octets, accessRule, rest })

const ofRecords =
  (kind: 'linear-fixed' | 'cyclic'): Row =>
  (component, fileID, [records, octets], accessRule, rest = {}) =>
    row({ component, kind, fileID, octets, records, accessRule, rest })

/** Lengths: number of records, octets of one. */
const linear = ofRecords('linear-fixed')
const cyclic = ofRecords('cyclic')
const given = ['given', 'given'] as const

const mf: readonly FileTemplate[] = [
  directory('mf', 'MF', 0x3f00),
  transparent('ef-pl', 0x2f05, [2], 1, { sfi: 0x05, fill: 'ff' }),
  transparent('ef-iccid', 0x2fe2, [10], 11),
  linear('ef-dir', 0x2f00, given, 10, { sfi: 0x1e }),
  linear('ef-arr', 0x2f06, given, 10),
  transparent('ef-umpc', 0x2f08, [5], 10, { sfi: 0x08 }),
]

const telecom: readonly FileTemplate[] = [
  directory('df-telecom', 'DF', 0x7f10),
  linear('ef-arr', 0x6f06, given, 10),
  linear('ef-rma', 0x6f53, given, 3),
  transparent('ef-sume', 0x6f54, [22], 3),
  linear('ef-ice-dn', 0x6fe0, [50, 24], 9, { fill: 'ff' }),
  linear('ef-ice-ff', 0x6fe1, given, 9, { fill: 'ff' }),
  linear('ef-psismsc', 0x6fe5, given, 5),
]

const usim = (ustSize: number): readonly FileTemplate[] => [
  directory('adf-usim', 'ADF'),
  transparent('ef-imsi', 0x6f07, [9], 2, { sfi: 0x07 }),
  linear('ef-arr', 0x6f06, given, 10, { sfi: 0x17 }),
  transparent('ef-keys', 0x6f08, [33], 5, { sfi: 0x08, fill: '07ff' }),
  transparent('ef-keysPS', 0x6f09, [33], 5, { sfi: 0x09, fill: '07ff' }),
  transparent('ef-hpplmn', 0x6f31, [1], 2, { sfi: 0x12, fill: '0a' }),
  transparent('ef-ust', 0x6f38, [ustSize], 2, { sfi: 0x04 }),
  linear('ef-fdn', 0x6f3b, [20, 26], 8, { fill: 'ff' }),
  linear('ef-sms', 0x6f3c, [10, 176], 5, { fill: '00ff' }),
  linear('ef-smsp', 0x6f42, [1, 38], 5, { fill: 'ff' }),
  transparent('ef-smss', 0x6f43, [2], 5, { fill: 'ff' }),
  transparent('ef-spn', 0x6f46, [17], 10),
  transparent('ef-est', 0x6f56, [1], 8, { sfi: 0x05 }),
  transparent('ef-start-hfn', 0x6f5b, [6], 5, { sfi: 0x0f, fill: 'f00000f00000' }),
  transparent('ef-threshold', 0x6f5c, [3], 2, { sfi: 0x10, fill: 'ff' }),
  transparent('ef-psloci', 0x6f73, [14], 5, { sfi: 0x0c, fill: 'ffffffffffffffffffff0000ff01' }),
  transparent('ef-acc', 0x6f78, [2], 2, { sfi: 0x06 }),
  transparent('ef-fplmn', 0x6f7b, [12], 5, { sfi: 0x0d, fill: 'ff' }),
  transparent('ef-loci', 0x6f7e, [11], 5, { sfi: 0x0b, fill: 'ffffffffffffff0000ff01' }),
  transparent('ef-ad', 0x6fad, [4], 10, { sfi: 0x03, fill: '00000002' }),
  linear('ef-ecc', 0x6fb7, [1, 4], 10, { sfi: 0x01 }),
  transparent('ef-netpar', 0x6fc4, [128], 5, { fill: 'ff' }),
  transparent('ef-epsloci', 0x6fe3, [18], 5, { sfi: 0x1e, fill: 'ffffffffffffffffffffffffffffff000001' }),
  linear('ef-epsnsc', 0x6fe4, [1, 80], 5, { sfi: 0x18, fill: 'ff' }),
]

const optUsim: readonly FileTemplate[] = [
  transparent('ef-li', 0x6f05, [6], 1, { sfi: 0x02, fill: 'ff' }),
  transparent('ef-acmax', 0x6f37, [3], 5, { fill: '00' }),
  cyclic('ef-acm', 0x6f39, [1, 3], 7, { fill: '00' }),
  transparent('ef-gid1', 0x6f3e, [8], 2),
  transparent('ef-gid2', 0x6f3f, [8], 2),
  linear('ef-msisdn', 0x6f40, [1, 24], 2, { fill: 'ff' }),
  linear('ef-sdn', 0x6f49, [10, 24], 2, { fill: 'ff' }),
  linear('ef-ext2', 0x6f4b, [10, 13], 8, { fill: '00ff' }),
  transparent('ef-plmnwact', 0x6f60, [40], 5, { sfi: 0x0a, fill: 'ffffff0000'.repeat(8) }),
  transparent('ef-oplmnwact', 0x6f61, [40], 2, { sfi: 0x11, fill: 'ffffff0000'.repeat(8) }),
  transparent('ef-hplmnwact', 0x6f62, [5], 2, { sfi: 0x13, fill: 'ffffff0000' }),
  cyclic('ef-ici', 0x6f80, [20, 38], 5, { sfi: 0x14, fill: `${'ff'.repeat(31)}0000000001ffff` }),
  cyclic('ef-oci', 0x6f81, [20, 37], 5, { sfi: 0x15, fill: `${'ff'.repeat(31)}00000001ffff` }),
  linear('ef-pnn', 0x6fc5, [10, 16], 10, { sfi: 0x19 }),
  linear('ef-opl', 0x6fc6, [5, 8], 10, { sfi: 0x1a }),
  linear('ef-mbdn', 0x6fc7, [3, 24], 5),
  linear('ef-mbi', 0x6fc9, [10, 5], 5),
  linear('ef-mwis', 0x6fca, [10, 6], 5, { fill: '00' }),
  transparent('ef-spdi', 0x6fcd, [17], 2, { sfi: 0x1b }),
  transparent('ef-ehplmn', 0x6fd9, [15], 2, { sfi: 0x1d, fill: 'ff' }),
  transparent('ef-ehplmnpi', 0x6fdb, [1], 2, { fill: '00' }),
  transparent('ef-lrplmnsi', 0x6fdc, [1], 2, { fill: '00' }),
]

const phonebook: readonly FileTemplate[] = [
  directory('df-phonebook', 'DF', 0x5f3a),
  linear('ef-pbr', 0x4f30, given, 2),
  linear('ef-ext1', 0x4f38, ['given', 13], 5, { fill: '00ff' }),
  linear('ef-aas', 0x4f40, given, 5, { fill: 'ff' }),
  linear('ef-gas', 0x4f48, given, 5, { fill: 'ff' }),
  transparent('ef-psc', 0x4f22, [4], 5, { fill: '00' }),
  transparent('ef-cc', 0x4f23, [2], 5, { fill: '00' }),
  transparent('ef-puid', 0x4f24, [2], 5, { fill: '00' }),
  linear('ef-iap', 0x4f50, given, 5, { fill: 'ff' }),
  linear('ef-adn', 0x4f58, given, 5, { fill: 'ff' }),
  linear('ef-pbc', 0x4f60, ['given', 2], 5, { fill: '00' }),
  linear('ef-anr', 0x4f68, given, 5, { fill: 'ff' }),
  linear('ef-email', 0x4f78, given, 5, { fill: 'ff' }),
  linear('ef-sne', 0x4f80, given, 5, { fill: 'ff' }),
  linear('ef-uid', 0x4f88, ['given', 2], 5, { fill: '00' }),
  linear('ef-grp', 0x4f90, given, 5, { fill: '00' }),
]

const gsmAccess: readonly FileTemplate[] = [
  directory('df-gsm-access', 'DF', 0x5f3b),
  transparent('ef-kc', 0x4f20, [9], 5, { sfi: 0x01, fill: 'ffffffffffffffff07' }),
  transparent('ef-kcgprs', 0x4f52, [9], 5, { sfi: 0x02, fill: 'ffffffffffffffff07' }),
  transparent('ef-cpbcch', 0x4f63, [10], 5, { fill: 'ff' }),
  transparent('ef-invscan', 0x4f64, [1], 2, { fill: '00' }),
]

const isim: readonly FileTemplate[] = [
  directory('adf-isim', 'ADF'),
  transparent('ef-impi', 0x6f02, given, 2, { sfi: 0x02 }),
  linear('ef-impu', 0x6f04, [1, 'given'], 2, { sfi: 0x04 }),
  transparent('ef-domain', 0x6f03, given, 2, { sfi: 0x05 }),
  transparent('ef-ist', 0x6f07, [14], 2, { sfi: 0x07 }),
  transparent('ef-ad', 0x6fad, [3], 10, { sfi: 0x03, fill: '00' }),
  linear('ef-arr', 0x6f06, given, 10, { sfi: 0x06 }),
]

/** By templateID. */
export const templates: Readonly<Record<string, Template>> = {
  '2.23.143.1.2.1': { element: 'mf', under: 'MF', files: mf },
  '2.23.143.1.2.3': { element: 'telecom', under: 'MF', files: telecom },
  '2.23.143.1.2.3.2': { element: 'telecom', under: 'MF', files: telecom },
  '2.23.143.1.2.4': { element: 'usim', under: 'MF', files: usim(14) },
  '2.23.143.1.2.4.2': { element: 'usim', under: 'MF', files: usim(17) },
  '2.23.143.1.2.5': { element: 'opt-usim', under: 'usim', files: optUsim },
  '2.23.143.1.2.5.2': { element: 'opt-usim', under: 'usim', files: optUsim },
  '2.23.143.1.2.5.3': { element: 'opt-usim', under: 'usim', files: optUsim },
  '2.23.143.1.2.6': { element: 'phonebook', under: 'usim', files: phonebook },
  '2.23.143.1.2.7': { element: 'gsm-access', under: 'usim', files: gsmAccess },
  '2.23.143.1.2.8': { element: 'isim', under: 'MF', files: isim },
}

const byID = new Map(Object.entries(templates))

/** Those of the table; the standard has more. */
export const templateOf = (templateID: string): Template | undefined => byID.get(templateID)
