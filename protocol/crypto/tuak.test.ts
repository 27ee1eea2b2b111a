import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../ber/index.ts'
import { keccakF1600, STATE_OCTETS } from './keccak.ts'
import { tuak } from './tuak.ts'

test('the permutation is the one of SHA3-256', () => {
  const message = new TextEncoder().encode('a message of less than a block')
  const state = new Uint8Array(STATE_OCTETS)
  state.set(message)
  state[message.length] = 0x06
  state[135] = 0x80
  expect(toHex(keccakF1600(state).subarray(0, 32))).toBe(createHash('sha3-256').update(message).digest('hex'))
})

/** 3GPP TS 35.233, test set 1 */
test('TUAK gives the values of 3GPP TS 35.233', () => {
  const functions = tuak(
    {
      key: fromHex('abababababababababababababababab'),
      topc: fromHex('bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff'),
      iterations: 1,
      resLength: 4,
    },
    fromHex('42424242424242424242424242424242'),
  )
  const [sqn, amf] = [fromHex('111111111111'), fromHex('ffff')]
  expect(toHex(functions.mac(sqn, amf))).toBe('f9a54e6aeaa8618d')
  expect(toHex(functions.macS(sqn, amf))).toBe('e94b4dc6c7297df3')
  expect(toHex(functions.res)).toBe('657acd64')
  expect(toHex(functions.ck)).toBe('d71a1e5c6caffe986a26f783e5c78be1')
  expect(toHex(functions.ik)).toBe('be849fa2564f869aecee6f62d4337e72')
  expect(toHex(functions.ak)).toBe('719f1e9b9054')
  expect(toHex(functions.akStar)).toBe('e7af6b3d0e38')
})

test('RES of eight octets, more iterations and a key of 32 octets each give other values', () => {
  const key = { key: new Uint8Array(16), topc: new Uint8Array(32), iterations: 1 }
  const rand = new Uint8Array(16)
  const values = [
    key,
    { ...key, iterations: 2 },
    { ...key, key: new Uint8Array(32) },
    { ...key, resLength: 4 as const },
  ]
  expect(new Set(values.map((secret) => toHex(tuak(secret, rand).ck))).size).toBe(4)
  expect(tuak(key, rand).res).toHaveLength(8)
})
