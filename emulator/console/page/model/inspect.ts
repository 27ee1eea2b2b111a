/** A message as an annotated tree over its octets: TLVs with the names of their types, JSON, and the DER that JSON carries in base64. */
import { DecodeError, describe, fromHex, type Tlv, tagToHex } from '../../../../protocol/ber/index.ts'
import { identify } from '../../../../protocol/sgp32/index.ts'
import type { Message } from '../api/contract.ts'

export interface TreeNode {
  /** Unique in its document. */
  readonly id: string
  readonly label: string
  readonly type?: string
  readonly tag?: string
  readonly value?: string
  readonly error?: string
  /** Which of the buffers it stands in, and where: octets from, up to and without. */
  readonly place?: { readonly buffer: number; readonly from: number; readonly content: number; readonly to: number }
  readonly children: readonly TreeNode[]
}

export interface Inspection {
  readonly title: string
  readonly roots: readonly TreeNode[]
  readonly buffers: readonly Uint8Array[]
}

export function inspect(message: Message): Inspection {
  const buffers: Uint8Array[] = []
  const isAnswer = message.status !== undefined
  const roots: TreeNode[] = []
  let title = ''
  if (message.json !== undefined) roots.push(...jsonNodes(message.json, { path: 'json', buffers, isAnswer }))
  if (message.octets) {
    const tree = derNodes(fromHex(message.octets), { path: 'octets', buffers, isAnswer })
    title = tree.title
    roots.push(...tree.nodes)
  }
  return { title, roots, buffers }
}

interface Place {
  readonly path: string
  readonly buffers: Uint8Array[]
  readonly isAnswer: boolean
}

/** Octets that are no TLVs are one node: a command of ETSI TS 102 221, or nothing that is known. */
function derNodes(octets: Uint8Array, { path, buffers, isAnswer }: Place): { title: string; nodes: TreeNode[] } {
  const buffer = buffers.push(octets) - 1
  try {
    const type = identify(octets, isAnswer ? 'response' : 'request')
    const tree = describe(octets, type?.schema)
    return { title: type?.name ?? '', nodes: tree.map((tlv, i) => ofTlv(tlv, buffer, `${path}/${i}`)) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const place = { buffer, from: 0, content: 0, to: octets.length }
    return { title: '', nodes: [{ id: `${path}/raw`, label: 'octets', place, children: [] }] }
  }
}

function ofTlv(tlv: Tlv, buffer: number, id: string): TreeNode {
  const { field, type, tag, offset, headerLength, length, value, error, children = [] } = tlv
  const content = offset + headerLength
  return {
    id,
    label: field || type || (children.length > 0 ? 'constructed' : 'primitive'),
    tag: tagToHex(tag),
    place: { buffer, from: offset, content, to: content + length },
    children: children.map((child, i) => ofTlv(child, buffer, `${id}/${i}`)),
    ...(type && field && { type }),
    ...(value !== undefined && { value }),
    ...(error !== undefined && { error }),
  }
}

function jsonNodes(json: unknown, place: Place): TreeNode[] {
  if (typeof json !== 'object' || json === null) return [ofJson('', json, place)]
  return Object.entries(json).map(([name, value]) => ofJson(name, value, { ...place, path: `${place.path}/${name}` }))
}

function ofJson(label: string, value: unknown, place: Place): TreeNode {
  const id = place.path
  if (typeof value === 'object' && value !== null)
    return { id, label, type: Array.isArray(value) ? 'array' : 'object', children: jsonNodes(value, place) }
  const octets = typeof value === 'string' ? derInBase64(value) : undefined
  if (!octets) return { id, label, value: String(value), children: [] }
  const { title, nodes } = derNodes(octets, place)
  return { id, label, type: title ? `${title}, base64` : 'DER, base64', children: nodes }
}

const BASE64 = /^[A-Za-z0-9+/]{12,}={0,2}$/

/** Undefined unless the text is base64 of exactly one TLV or of several. */
function derInBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined
  const octets = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  try {
    return describe(octets).length > 0 ? octets : undefined
  } catch {
    return undefined
  }
}

/** The nodes from the root to the smallest one that holds an octet. */
export function pathTo(roots: readonly TreeNode[], buffer: number, offset: number): readonly TreeNode[] {
  for (const node of roots) {
    const { place } = node
    const isHere = place && place.buffer === buffer && place.from <= offset && offset < place.to
    const below = pathTo(node.children, buffer, offset)
    if (isHere || below.length > 0) return [node, ...below]
  }
  return []
}
