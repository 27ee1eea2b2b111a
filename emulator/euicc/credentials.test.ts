import { expect, test } from 'vitest'
import { readCertificate, verifyEuiccChain } from '../../protocol/crypto/index.ts'
import { derivedCredentials } from './credentials.ts'
import { EID, pki, seed, trustedCis } from './testing/cards.ts'
import { ciPkIdOf } from './testing/smdp.ts'

const credentials = () => derivedCredentials({ eums: [pki.nist.eum, pki.brainpool.eum], seed })

test.each(['nist', 'brainpool'] as const)('a card has a chain of its own to the CI: %s', (curve) => {
  const { euiccCertificate, eumCertificate, privateKey } = credentials().of(EID, ciPkIdOf(curve))
  const [euicc, eum] = [readCertificate(euiccCertificate), readCertificate(eumCertificate)]
  expect(verifyEuiccChain({ euicc, eum, trusted: trustedCis })).toMatchObject({ ok: true, eid: EID })
  expect(euicc.publicKey?.point).toEqual(privateKey.publicKey.point)
})

test('the same seed gives the same certificate, and what was derived is remembered', () => {
  const first = credentials()
  expect(first.of(EID, ciPkIdOf('nist'))).toBe(first.of(EID, ciPkIdOf('nist')))
  expect(credentials().of(EID, ciPkIdOf('nist')).euiccCertificate).toEqual(
    first.of(EID, ciPkIdOf('nist')).euiccCertificate,
  )
})

test('a CI that no EUM is certified under is a mistake of the caller', () => {
  expect(() => credentials().of(EID, new Uint8Array(20))).toThrow('no EUM certificate')
})
