/** State as text in a database and back. JSON, in which octets and keys, which it does not have, are objects with one member that no state has. */
import { privateKeyFromScalar, publicKeyFromPoint } from '../../protocol/crypto/index.ts'

const OCTETS = '$octets'
const PUBLIC_KEY = '$publicKey'
const PRIVATE_KEY = '$privateKey'

export function toText(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, name, shown) {
    // A Buffer has become another form by now: what it was is still in its place.
    const member = this[name]
    if (member instanceof Uint8Array) return { [OCTETS]: Buffer.from(member).toString('base64') }
    if (typeof member !== 'object' || member === null || !('keyObject' in member) || !('curve' in member)) return shown
    if ('scalar' in member) return { [PRIVATE_KEY]: member.curve, scalar: member.scalar }
    return 'point' in member ? { [PUBLIC_KEY]: member.curve, point: member.point } : shown
  })
}

export function fromText<T>(text: string): T {
  return JSON.parse(text, (_name, value) => {
    if (typeof value !== 'object' || value === null) return value
    if (OCTETS in value) return new Uint8Array(Buffer.from(value[OCTETS], 'base64'))
    if (PUBLIC_KEY in value) return publicKeyFromPoint(value[PUBLIC_KEY], value.point)
    if (PRIVATE_KEY in value) return privateKeyFromScalar(value[PRIVATE_KEY], value.scalar)
    return value
  })
}
