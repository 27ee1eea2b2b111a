/**
 * A bound profile package as it arrives: SGP.22 v2.5, 2.5.4 and 2.5.5. Segments should end where its TLVs do; nothing here depends on it.
 */
import { concatOctets } from '../../../protocol/ber/index.ts'
import type { BppCommandId } from './outcome.ts'

interface Container {
  readonly tag: number
  /** Of the protected TLVs in it. */
  readonly element: number
  readonly command: BppCommandId
  readonly optional?: true
}

/** In their order in the package. */
const containers: readonly Container[] = [
  { tag: 0xa0, element: 0x87, command: 'configureISDP' },
  { tag: 0xa1, element: 0x88, command: 'storeMetadata' },
  { tag: 0xa2, element: 0x87, command: 'replaceSessionKeys', optional: true },
  { tag: 0xa3, element: 0x86, command: 'loadProfileElements' },
]

const PACKAGE = 0xbf36
const SECURE_CHANNEL = 0xbf23

export interface BppStream {
  /** Octets that make no whole TLV yet. */
  readonly waiting: Uint8Array
  /** Where the next TLV belongs: the package itself, its first element, between two containers, or in one. */
  readonly place: 'package' | 'secure-channel' | 'between' | 'container'
  /** Index of the container that is open, or that comes next. */
  readonly container: number
  /** Octets of the whole package; 0 before its header has come. */
  readonly packageLength: number
  /** Octets that the package and the open container still have. */
  readonly packageLeft: number
  readonly containerLeft: number
}

export const newBppStream: BppStream = {
  waiting: new Uint8Array(),
  place: 'package',
  container: 0,
  packageLength: 0,
  packageLeft: 0,
  containerLeft: 0,
}

/** What a stream comes upon next. */
export type BppPart =
  | { readonly kind: 'secure-channel'; readonly octets: Uint8Array }
  /** One protected TLV; `isLast` of its container. */
  | {
      readonly kind: 'protected'
      readonly command: BppCommandId
      readonly octets: Uint8Array
      readonly isLast: boolean
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly command: BppCommandId }
  | { readonly kind: 'incomplete' }

export interface Found {
  readonly stream: BppStream
  readonly part: BppPart
}

/** One literal for all. */
function changed(stream: BppStream, changes: Partial<BppStream>): BppStream {
  const { waiting, place, container, packageLength, packageLeft, containerLeft } = stream
  return Object.assign({ waiting, place, container, packageLength, packageLeft, containerLeft }, changes)
}

export function received(stream: BppStream, octets: Uint8Array): BppStream {
  const { place, container, packageLength, packageLeft, containerLeft } = stream
  const waiting = stream.waiting.length > 0 ? concatOctets(stream.waiting, octets) : octets
  return { waiting, place, container, packageLength, packageLeft, containerLeft }
}

/** Whether the next octet begins a TLV. */
export const isBetweenTlvs = ({ waiting }: BppStream): boolean => waiting.length === 0

/** The next part. Headers are passed over. */
export function nextPart(before: BppStream): Found {
  let stream = before
  for (;;) {
    if (isAtEnd(stream)) return { stream, part: { kind: 'end' } }
    const header = headerOf(stream.waiting)
    if (header === 'incomplete') return { stream, part: { kind: 'incomplete' } }
    const found = header === 'broken' ? broken(stream) : places[stream.place](stream, header)
    if ('part' in found) return found
    stream = found
  }
}

const isAtEnd = ({ place, container, packageLeft }: BppStream) =>
  place === 'between' && container === containers.length && packageLeft === 0

const places: Readonly<Record<BppStream['place'], (stream: BppStream, header: Header) => BppStream | Found>> = {
  package(stream, { tag, octets, length }) {
    if (tag !== PACKAGE) return broken(stream)
    const waiting = stream.waiting.subarray(octets)
    return changed(stream, { waiting, place: 'secure-channel', packageLength: octets + length, packageLeft: length })
  },
  'secure-channel'(stream, header) {
    if (header.tag !== SECURE_CHANNEL) return broken(stream)
    return taken(stream, header, (octets) => ({ kind: 'secure-channel', octets }))
  },
  between(stream, { tag, octets, length }) {
    const container = containers.findIndex((row, i) => i >= stream.container && row.tag === tag)
    const skipped = containers.slice(stream.container, container)
    if (container < 0 || !skipped.every((row) => row.optional)) return broken(stream)
    if (length === 0 || octets + length > stream.packageLeft) return broken({ ...stream, container })
    const waiting = stream.waiting.subarray(octets)
    const packageLeft = stream.packageLeft - octets
    return changed(stream, { waiting, packageLeft, container, containerLeft: length, place: 'container' })
  },
  container(stream, header) {
    const row = containers[stream.container]
    const size = header.octets + header.length
    if (!row || header.tag !== row.element || size > stream.containerLeft) return broken(stream)
    const isLast = size === stream.containerLeft
    return taken(stream, header, (octets) => ({ kind: 'protected', command: row.command, octets, isLast }))
  },
}

/** Takes a whole TLV, once it is there. */
function taken(stream: BppStream, { octets, length }: Header, part: (octets: Uint8Array) => BppPart): Found {
  const size = octets + length
  if (size > stream.packageLeft) return broken(stream)
  if (stream.waiting.length < size) return { stream, part: { kind: 'incomplete' } }
  const containerLeft = stream.place === 'container' ? stream.containerLeft - size : 0
  const isClosed = containerLeft === 0
  const isAll = size === stream.waiting.length
  const next: BppStream = {
    waiting: isAll ? NOTHING : stream.waiting.subarray(size),
    place: isClosed ? 'between' : 'container',
    container: stream.place === 'container' && isClosed ? stream.container + 1 : stream.container,
    packageLength: stream.packageLength,
    packageLeft: stream.packageLeft - size,
    containerLeft,
  }
  return { stream: next, part: part(isAll ? stream.waiting : stream.waiting.subarray(0, size)) }
}

const NOTHING = new Uint8Array()

/** The command that the place belongs to. */
export function commandAt({ place, container }: BppStream): BppCommandId {
  const command = place === 'package' || place === 'secure-channel' ? undefined : containers[container]?.command
  return command ?? (container > 0 ? 'loadProfileElements' : 'initialiseSecureChannel')
}

const broken = (stream: BppStream): Found => ({ stream, part: { kind: 'broken', command: commandAt(stream) } })

interface Header {
  readonly tag: number
  /** Of the header itself. */
  readonly octets: number
  /** Of the content. */
  readonly length: number
}

/** Of a package, by its first octets; `undefined` when they are none. */
export function announcedLength(octets: Uint8Array): number | undefined {
  const header = headerOf(octets)
  return typeof header === 'string' || header.tag !== PACKAGE ? undefined : header.octets + header.length
}

/** Tags of up to two octets, lengths of up to three: all that a package of any size in use needs. */
function headerOf(octets: Uint8Array): Header | 'incomplete' | 'broken' {
  const first = octets[0]
  const second = octets[1]
  if (first === undefined) return 'incomplete'
  const isLong = (first & 0x1f) === 0x1f
  if (isLong && second === undefined) return 'incomplete'
  const at = isLong ? 2 : 1
  const tag = isLong ? (first << 8) | (second ?? 0) : first
  const lead = octets[at]
  if (lead === undefined) return 'incomplete'
  if (lead < 0x80) return { tag, octets: at + 1, length: lead }
  const count = lead & 0x7f
  if (count === 0 || count > 3) return 'broken'
  if (octets.length < at + 1 + count) return 'incomplete'
  let length = 0
  for (let i = at + 1; i <= at + count; i++) length = length * 256 + (octets[i] ?? 0)
  return { tag, octets: at + 1 + count, length }
}
