import { beforeEach, describe, expect, test } from 'vitest'
import { encode, equalOctets, integer } from '../../protocol/ber/index.ts'
import { verify } from '../../protocol/crypto/index.ts'
import { type Bench, createBench, EID, testPki, told } from './testing/bench.ts'
import { activationCode, B, enabled, infoA, infoB } from './testing/profiles.ts'

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

describe('a package on its way', () => {
  test('is signed over its data and the association token, with a counter of its own', async () => {
    const { associationToken, eimSigning } = { associationToken: 7, ...(await testPki()).nist }
    await bench.ask('PUT', `/euiccs/${EID}/association-token`, { associationToken })
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B, rollback: true } }] })
    const { euiccPackageSigned, eimSignature } = await bench.fetchPackage()
    expect(euiccPackageSigned.value).toEqual({
      eimId: 'eim.example.com',
      eidValue: EID,
      counterValue: 2,
      eimTransactionId: ordered.eimTransactionId,
      euiccPackage: { kind: 'psmoList', value: [{ kind: 'enable', value: { iccid: B, rollbackFlag: true } }] },
    })
    const signed = [euiccPackageSigned.octets, encode(integer(0x84), associationToken)]
    expect(verify(eimSigning.privateKey.publicKey, signed, eimSignature)).toBe(true)
  })

  test('is repeated octet for octet until it is answered, and only then followed by the next one', async () => {
    const first = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const second = await bench.order({ psmo: [{ disable: { iccid: B } }] })
    const delivery = await bench.send({ kind: 'getEimPackageRequest', value: { eidValue: EID } })
    const again = await bench.send({ kind: 'getEimPackageRequest', value: { eidValue: EID } })
    expect(equalOctets(delivery.octets, again.octets)).toBe(true)
    expect([(await bench.package(first)).state, (await bench.package(second)).state]).toEqual(['delivered', 'queued'])
    await bench.provide(bench.epr(await bench.fetchPackage(), [enabled]))
    expect((await bench.fetchPackage()).euiccPackageSigned.value).toMatchObject({
      counterValue: 3,
      eimTransactionId: second.eimTransactionId,
    })
  })

  test('is signed anew under the counter it has when the association token changes', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const before = await bench.fetchPackage()
    await bench.ask('PUT', `/euiccs/${EID}/association-token`, { associationToken: 9 })
    const after = await bench.fetchPackage()
    expect(equalOctets(before.euiccPackageSigned.octets, after.euiccPackageSigned.octets)).toBe(true)
    const { publicKey } = (await testPki()).nist.eimSigning.privateKey
    const signed = [after.euiccPackageSigned.octets, encode(integer(0x84), 9)]
    expect(verify(publicKey, signed, after.eimSignature)).toBe(true)
  })

  test('is not repeated at once after an answer that cannot be believed, and is later', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    await bench.provide({ kind: 'euiccPackageResult', value: bench.card.unsigned(request) })
    expect(await bench.poll()).toEqual({ kind: 'eimPackageError', value: 'noEimPackageAvailable' })
    bench.clock.at += 30_000
    expect((await bench.poll()).kind).toBe('euiccPackageRequest')
  })

  test('can be any eCO', async () => {
    await bench.order({ eco: [{ deleteEim: { eimId: 'other' } }, { listEim: {} }] })
    const { value } = (await bench.fetchPackage()).euiccPackageSigned
    expect(value.euiccPackage).toEqual({
      kind: 'ecoList',
      value: [
        { kind: 'deleteEim', value: { eimId: 'other' } },
        { kind: 'listEim', value: {} },
      ],
    })
  })

  test('can be a download trigger with the activation code', async () => {
    const { eimTransactionId } = await bench.order({ download: { activationCode } })
    expect(await bench.poll()).toEqual({
      kind: 'profileDownloadTriggerRequest',
      value: { profileDownloadData: { kind: 'activationCode', value: activationCode }, eimTransactionId },
    })
  })
})
