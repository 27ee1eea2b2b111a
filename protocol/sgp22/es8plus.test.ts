import { expect, test } from 'vitest'
import { capture, decode, encode, fromHex, toHex } from '../ber/index.ts'
import { InitialiseSecureChannelRequest, smdpSignInput } from './index.ts'

const request = capture(InitialiseSecureChannelRequest, {
  remoteOpId: 'installBoundProfilePackage',
  transactionId: '0123',
  controlRefTemplate: { keyType: fromHex('88'), keyLen: fromHex('10'), hostId: fromHex('80') },
  smdpOtpk: fromHex('04aa'),
  smdpSign: new Uint8Array(64),
})

test('smdpSign covers what stands before it and the key of the eUICC, without BF23', () => {
  const signed = '820101 80020123 a609800188810110840180 5f490204aa 5f490204bb'
  expect(toHex(smdpSignInput(request, fromHex('04bb')))).toBe(toHex(fromHex(signed)))
})

test('smdpSign covers the octets as they came, with elements that are not known', () => {
  const octets = fromHex(
    'bf235a820101800101a60c800188810110840180850107 5f490204aa 5f3740'.replace(/\s/g, '') + '00'.repeat(64),
  )
  octets[2] = octets.length - 3
  const value = decode(InitialiseSecureChannelRequest, octets)
  const signed = '820101 800101 a60c800188810110840180850107 5f490204aa 5f490204bb'
  expect(toHex(smdpSignInput({ octets, value }, fromHex('04bb')))).toBe(toHex(fromHex(signed)))
  expect(encode(InitialiseSecureChannelRequest, value)).not.toEqual(octets)
})
