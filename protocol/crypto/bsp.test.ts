import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../ber/index.ts'
import { cmacVectors, protectedTlvs, sessions } from './crypto.vectors.ts'
import {
  type BspState,
  cmac,
  deriveSessionKeys,
  ENCRYPTED_PAYLOAD_OCTETS,
  MAC_ONLY_PAYLOAD_OCTETS,
  protect,
  protectMacOnly,
  startBsp,
  unprotect,
  x963Kdf,
} from './index.ts'

const [session] = sessions
if (session === undefined) throw new Error('no session vector')
const keys = {
  initialMacChainingValue: fromHex(session.initialMacChainingValue),
  sEnc: fromHex(session.sEnc),
  sMac: fromHex(session.sMac),
}
const octets = (constraints: fc.IntArrayConstraints) => fc.uint8Array(constraints)

function accepted(answer: ReturnType<typeof unprotect>): [BspState, Uint8Array] {
  if ('error' in answer) throw new Error(answer.error)
  return answer
}

describe('AES-CMAC', () => {
  const key = fromHex(cmacVectors.key)
  it.each(cmacVectors.macs)('of $length octets is that of RFC 4493', ({ length, mac }) => {
    const message = fromHex(cmacVectors.message).subarray(0, length)
    expect(toHex(cmac(key, [message]))).toBe(mac)
    expect(toHex(cmac(key, [message.subarray(0, 7), message.subarray(7)]))).toBe(mac)
  })
})

describe('session keys', () => {
  it.each(sessions)('of EID $eid are those of the vector', (vector) => {
    const derived = deriveSessionKeys({
      sharedSecret: fromHex(vector.sharedSecret),
      hostId: fromHex(vector.hostId),
      eid: fromHex(vector.eid),
    })
    expect(toHex(derived.initialMacChainingValue)).toBe(vector.initialMacChainingValue)
    expect(toHex(derived.sEnc)).toBe(vector.sEnc)
    expect(toHex(derived.sMac)).toBe(vector.sMac)
  })
  // NIST CAVS 12.0, ANSX963_2001, SHA-256, COUNT 0.
  it('come from the X9.63 key derivation function', () => {
    const z = fromHex('96c05619d56c328ab95fe84b18264b08725b85e33fd34f08')
    expect(toHex(x963Kdf(z, new Uint8Array(0), 16))).toBe('443024c3dae66b95e6f5670601558f71')
  })
})

describe('protected TLVs', () => {
  it('are those of the vectors, one after another', () => {
    let state = startBsp(keys)
    for (const { tag, plaintext, tlv } of protectedTlvs) {
      const [next, made] =
        tag === 0x88 ? protectMacOnly(state, tag, fromHex(plaintext)) : protect(state, tag, fromHex(plaintext))
      expect(toHex(made)).toBe(tlv)
      const [received, read] = accepted(unprotect(state, made))
      expect(toHex(read)).toBe(plaintext)
      expect(received).toEqual(next)
      state = next
    }
  })
  it('can be made twice from one state, in any order, with the same octets', () => {
    const start = startBsp(keys)
    const [afterA, a] = protect(start, 0x86, fromHex('aa'))
    const [, b] = protect(afterA, 0x86, fromHex('bb'))
    const [again, a2] = protect(start, 0x86, fromHex('aa'))
    expect(toHex(a2)).toBe(toHex(a))
    expect(toHex(protect(again, 0x86, fromHex('bb'))[1])).toBe(toHex(b))
    expect(toHex(accepted(unprotect(afterA, b))[1])).toBe('bb')
    expect(toHex(accepted(unprotect(start, a))[1])).toBe('aa')
    expect(toHex(accepted(unprotect(afterA, b))[1])).toBe('bb')
  })
  it('equal a plain reading of the clause for all lengths', () => {
    fc.assert(
      fc.property(
        fc.array(octets({ maxLength: 1100 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (texts, macOnly) => {
          let state = startBsp(keys)
          let reference = startBsp(keys)
          for (const plaintext of texts) {
            const [next, tlv] = macOnly ? protectMacOnly(state, 0x88, plaintext) : protect(state, 0x86, plaintext)
            const [referenceNext, expected] = plainly(reference, macOnly ? 0x88 : 0x86, plaintext)
            expect(toHex(tlv)).toBe(toHex(expected))
            if (tlv.length <= 1040) expect(toHex(accepted(unprotect(state, tlv))[1])).toBe(toHex(plaintext))
            state = next
            reference = referenceNext
          }
        },
      ),
    )
  })
  it('of the longest payload have 1020 octets', () => {
    expect(protect(startBsp(keys), 0x86, new Uint8Array(ENCRYPTED_PAYLOAD_OCTETS))[1]).toHaveLength(1020)
    expect(protectMacOnly(startBsp(keys), 0x88, new Uint8Array(MAC_ONLY_PAYLOAD_OCTETS))[1]).toHaveLength(1020)
  })
  it('are read when a sender cut its plaintext at 1008 octets', () => {
    const [, tlv] = protect(startBsp(keys), 0x86, new Uint8Array(1008))
    expect(tlv).toHaveLength(1036)
    expect(accepted(unprotect(startBsp(keys), tlv))[1]).toHaveLength(1008)
  })
  it('under replaced keys start a new chain and counter', () => {
    const [moved] = protect(startBsp(keys), 0x87, fromHex('00'))
    expect(moved.blockCounter).toBe(2)
    const replaced = { initialMacChainingValue: keys.sMac, sEnc: keys.initialMacChainingValue, sMac: keys.sEnc }
    const [, tlv] = protect(startBsp(replaced), 0x86, fromHex('a0'))
    expect(toHex(accepted(unprotect(startBsp(replaced), tlv))[1])).toBe('a0')
    expect(unprotect(moved, tlv)).toEqual({ error: 'scp03tSecurityError' })
  })
})

describe('a TLV that is refused', () => {
  const state = startBsp(keys)
  const [, good] = protect(state, 0x86, fromHex('a0'.repeat(40)))
  const [, macOnly] = protectMacOnly(state, 0x88, fromHex('bf2500'))
  const changed = (tlv: Uint8Array, index: number) => tlv.map((octet, i) => (i === index ? octet ^ 1 : octet))

  it('with any octet of its body or MAC changed breaks security', () => {
    for (let i = 2; i < good.length; i++)
      expect(unprotect(state, changed(good, i))).toEqual({ error: 'scp03tSecurityError' })
    for (let i = 2; i < macOnly.length; i++)
      expect(unprotect(state, changed(macOnly, i))).toEqual({ error: 'scp03tSecurityError' })
  })
  it('out of its turn, twice or under another tag breaks security', () => {
    const [next] = accepted(unprotect(state, good))
    expect(unprotect(next, good)).toEqual({ error: 'scp03tSecurityError' })
    expect(unprotect(state, Uint8Array.of(0x87, ...good.subarray(1)))).toEqual({ error: 'scp03tSecurityError' })
  })
  it('with padding that does not end breaks security', () => {
    const [, tlv] = plainly(state, 0x86, fromHex('00'.repeat(16)), false)
    expect(unprotect(state, tlv)).toEqual({ error: 'scp03tSecurityError' })
  })
  it.each([
    ['nothing', ''],
    ['another tag', '8508aabbccddeeff0011'],
    ['a length that promises more', '8609aabbccddeeff0011'],
    ['a length that promises less', '8607aabbccddeeff0011'],
    ['an indefinite length', '8680aabbccddeeff0011'],
    ['a length of three octets', '8683000008aabbccddeeff0011'],
    ['no room for a MAC', '8807aabbccddeeff00'],
    ['a MAC over nothing where a block is due', '8608aabbccddeeff0011'],
    ['half a block', `8610${'00'.repeat(16)}`],
    ['too many octets', `86820410${'00'.repeat(1040)}`],
  ])('with %s is malformed', (_, tlv) => {
    expect(unprotect(state, fromHex(tlv))).toEqual({ error: 'scp03tStructureError' })
  })
  it('never crashes the card, whatever its octets', () => {
    fc.assert(fc.property(octets({ maxLength: 1100 }), (tlv) => 'error' in unprotect(state, tlv)))
  })
})

/** SGP.22, 2.6.4 step by step: one OpenSSL context per step, CMAC over a copy. */
function plainly(state: BspState, tag: number, plaintext: Uint8Array, pad = true): [BspState, Uint8Array] {
  const counter = Buffer.alloc(16)
  counter.writeUInt32BE(state.blockCounter, 12)
  const icv = cipher('aes-128-ecb', { key: state.sEnc, iv: null, data: counter })
  const tail = pad ? Buffer.concat([Uint8Array.of(0x80), Buffer.alloc(15 - (plaintext.length % 16))]) : Buffer.alloc(0)
  const body =
    tag === 0x88
      ? plaintext
      : cipher('aes-128-cbc', { key: state.sEnc, iv: icv, data: Buffer.concat([plaintext, tail]) })
  const length = body.length + 8
  const lengthOctets = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  const tl = Uint8Array.of(tag, ...lengthOctets)
  const mac = cmac(Uint8Array.from(state.sMac), [Buffer.concat([state.macChainingValue, tl, body])])
  const next = { ...state, macChainingValue: mac, blockCounter: state.blockCounter + 1 }
  return [next, Buffer.concat([tl, body, mac.subarray(0, 8)])]
}

function cipher(name: string, { key, iv, data }: { key: Uint8Array; iv: Uint8Array | null; data: Uint8Array }) {
  const context = createCipheriv(name, key, iv).setAutoPadding(false)
  return Buffer.concat([context.update(data), context.final()])
}
