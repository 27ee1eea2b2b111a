/**
 * Access rules of files in the expanded format: ETSI TS 102 221, 9.2; ISO/IEC 7816-4, 9.3 (2013). A file refers to a record of EF.ARR, which is
 * looked for from its directory up.
 */
import type { EuiccState } from '../state.ts'
import { type Channel, MF } from './channels.ts'
import { isSatisfied } from './codes.ts'
import { contentOf, type ElementaryFile, type FileSystem, parentOf } from './files.ts'

/** Bits of the access mode of an elementary file. */
const rights = { read: 0x01, update: 0x02 } as const
export type Right = keyof typeof rights

interface Wish {
  readonly state: EuiccState
  readonly channel: Channel
  readonly files: FileSystem
  readonly path: string
  readonly file: ElementaryFile
  readonly right: Right
}

/** Unverified: a file whose rule is not there can be read and not be written. */
export function isAllowed({ state, channel, right, ...wish }: Wish): boolean {
  const rule = ruleOf(wish)
  if (!rule) return right === 'read'
  const conditions = conditionsFor(rule, rights[right])
  return conditions.some((condition) => holds(condition, (reference) => isSatisfied(state, channel, reference)))
}

function ruleOf({ files, path, file: { accessRule } }: Pick<Wish, 'files' | 'path' | 'file'>): Uint8Array | undefined {
  const [high, low, number] = accessRule ?? []
  if (high === undefined || low === undefined || number === undefined) return undefined
  const name = ((high << 8) | low).toString(16).padStart(4, '0')
  for (let directory = parentOf(path); ; directory = parentOf(directory)) {
    const arr = files[`${directory}/${name}`]
    if (arr && arr.kind !== 'directory' && arr.kind !== 'transparent') return recordOf(arr, number)
    if (directory === MF || directory.length < MF.length) return undefined
  }
}

type RecordFile = Extract<ElementaryFile, { recordSize: number }>

function recordOf(file: RecordFile, number: number): Uint8Array | undefined {
  const { recordSize } = file
  const content = contentOf(file)
  const end = number * recordSize
  const record = number > 0 && end <= content.length ? content.subarray(end - recordSize, end) : undefined
  return record?.[0] === 0xff ? undefined : record
}

interface Tlv {
  readonly tag: number
  readonly value: Uint8Array
}

/** Up to the padding, or to what is no TLV. */
function tlvsOf(octets: Uint8Array): readonly Tlv[] {
  const list: Tlv[] = []
  for (let at = 0; at < octets.length; ) {
    const [tag = 0xff, length] = octets.subarray(at)
    if (tag === 0xff || tag === 0x00 || length === undefined || at + 2 + length > octets.length) break
    list.push({ tag, value: octets.subarray(at + 2, at + 2 + length) })
    at += 2 + length
  }
  return list
}

const MODE = 0x80
const isMode = ({ tag }: Tlv): boolean => tag >= 0x80 && tag <= 0x8f

/** The conditions behind the first access mode with this bit. Several are alternatives. */
function conditionsFor(rule: Uint8Array, bit: number): readonly Tlv[] {
  const list = tlvsOf(rule)
  const at = list.findIndex(({ tag, value }) => tag === MODE && ((value[0] ?? 0) & bit) !== 0)
  if (at < 0) return []
  const rest = list.slice(at + 1)
  const end = rest.findIndex(isMode)
  return end < 0 ? rest : rest.slice(0, end)
}

type Condition = (value: Uint8Array, isProved: (reference: number) => boolean) => boolean

/** Always, never (as all that is not here), a key, one of several, all of several. */
const kinds: ReadonlyMap<number, Condition> = new Map<number, Condition>([
  [0x90, () => true],
  [0xa4, (value, isProved) => isProved(tlvsOf(value).find(({ tag }) => tag === 0x83)?.value[0] ?? 0)],
  [0xa0, (value, isProved) => tlvsOf(value).some((tlv) => holds(tlv, isProved))],
  [0xaf, (value, isProved) => tlvsOf(value).every((tlv) => holds(tlv, isProved))],
])

function holds({ tag, value }: Tlv, isProved: (reference: number) => boolean): boolean {
  return kinds.get(tag)?.(value, isProved) ?? false
}
