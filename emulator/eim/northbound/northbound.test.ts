import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { beforeEach, describe, expect, test } from 'vitest'
import { decode } from '../../../protocol/ber/index.ts'
import { deriveEuiccIdentity, publicKeyToSpki, readCertificate } from '../../../protocol/crypto/index.ts'
import { AddInitialEimRequest } from '../../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, OTHER_EID, onboard, testPki, told } from '../testing/bench.ts'
import { createPaperCard } from '../testing/card.ts'

const ICCID = '8944058925001234561'
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')
const list = { psmo: [{ listProfileInfo: {} }] }

let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), { iccid: ICCID, profileState: 'enabled' })
})

describe('an eUICC', () => {
  test('is new once, and keeps what is known of it when it is put again', async () => {
    const { nist } = await testPki()
    const card = createPaperCard({ eid: OTHER_EID, eum: nist.eum })
    const first = await onboard(bench.ask, card)
    expect(first).toMatchObject({
      status: 201,
      headers: { location: `/eim/v1/euiccs/${OTHER_EID}` },
      body: { eid: OTHER_EID, counterValue: 0, waitingPackages: 0, profiles: [] },
    })
    expect((await onboard(bench.ask, card)).status).toBe(200)
    expect((await onboard(bench.ask, bench.card)).body.profiles).toMatchObject([{ iccid: ICCID }])
  })

  const certificatesOf = async (eid: string, pki: Awaited<ReturnType<typeof testPki>>['nist']) => {
    const { certificate } = deriveEuiccIdentity({ eum: pki.eum, eid, seed: new Uint8Array(1) })
    return { euiccCertificate: base64(certificate), eumCertificate: base64(pki.eum.certificate) }
  }

  test('is refused below a CI that is not trusted, under another EID, or with something that is no certificate', async () => {
    const { nist, brainpool } = await testPki()
    const put = async (eid: string, body: unknown) => (await bench.ask('PUT', `/euiccs/${eid}`, body)).status
    expect(await put(OTHER_EID, await certificatesOf(OTHER_EID, brainpool))).toBe(422)
    expect(await put(OTHER_EID, await certificatesOf(EID, nist))).toBe(422)
    const good = await certificatesOf(OTHER_EID, nist)
    expect(await put(OTHER_EID, { ...good, euiccCertificate: good.eumCertificate })).toBe(422)
    expect(await put(OTHER_EID, { ...good, euiccCertificate: 'AAAA' })).toBe(400)
    expect(await put(OTHER_EID, { ...good, eumCertificate: '?' })).toBe(400)
    expect((await bench.ask('GET', `/euiccs/${OTHER_EID}`)).status).toBe(404)
  })

  test('may have certificates below a second CI, and signs results with either', async () => {
    const { nist, brainpool } = await testPki()
    const both = await createBench({ trustedCis: [nist.ci.certificate, brainpool.ci.certificate] })
    const second = createPaperCard({ eid: EID, eum: brainpool.eum })
    expect((await onboard(both.ask, second)).status).toBe(200)
    const request = await both.fetchPackage()
    await both.provide({
      kind: 'euiccPackageResult',
      value: second.result(request, [
        { kind: 'listProfileInfoResult', value: { kind: 'profileInfoListOk', value: [] } },
      ]),
    })
    expect(await both.euicc()).toHaveProperty('inventoryAt')
  })

  test('is listed in EID order, a page at a time', async () => {
    const { nist } = await testPki()
    const eids = ['89049032000000000000000000000015', '89049032000000000000000000000099']
    for (const eid of eids) await onboard(bench.ask, createPaperCard({ eid, eum: nist.eum }))
    const first = (await bench.ask('GET', '/euiccs?limit=2')).body
    expect(first.euiccs.map(({ eid }: { eid: string }) => eid)).toEqual(eids)
    expect(first.next).toBe(eids[1])
    const second = (await bench.ask('GET', `/euiccs?limit=2&after=${first.next}`)).body
    expect(second).toMatchObject({ euiccs: [{ eid: EID }] })
    expect(second).not.toHaveProperty('next')
  })

  test('gets an initial configuration that asks it for an association token', async () => {
    const { nist } = await testPki()
    const { body } = await bench.ask('GET', `/euiccs/${EID}/initial-configuration`)
    const octets = Uint8Array.from(Buffer.from(body.addInitialEimRequest, 'base64'))
    expect(decode(AddInitialEimRequest, octets).eimConfigurationDataList).toEqual([
      {
        eimId: 'eim.example.com',
        eimFqdn: 'localhost:8443',
        eimIdType: 'eimIdTypeProprietary',
        counterValue: 1,
        associationToken: -1,
        eimPublicKeyData: {
          kind: 'eimPublicKey',
          value: Uint8Array.from(publicKeyToSpki(nist.eimSigning.privateKey.publicKey)),
        },
        trustedPublicKeyDataTls: { kind: 'trustedCertificateTls', value: Uint8Array.from(nist.ci.certificate) },
        eimSupportedProtocol: ['eimRetrieveHttps'],
        euiccCiPKId: readCertificate(nist.ci.certificate).subjectKeyIdentifier,
      },
    ])
  })

  test('has the association token that was put', async () => {
    expect(
      (await bench.ask('PUT', `/euiccs/${EID}/association-token`, { associationToken: 12 })).body.associationToken,
    ).toBe(12)
    expect((await bench.euicc()).associationToken).toBe(12)
  })
})

describe('a package', () => {
  test('is queued, located and announced to whoever wakes the IPA', async () => {
    const { status, headers, body } = await bench.ask('POST', `/euiccs/${EID}/packages`, list)
    expect(status).toBe(202)
    expect(headers['location']).toBe(`/eim/v1/packages/${body.packageId}`)
    expect(body).toMatchObject({ eid: EID, order: list, state: 'queued', createdAt: '2026-11-22T00:00:00.000Z' })
    expect(body.eimTransactionId).toMatch(/^[0-9A-F]{32}$/)
    expect(bench.woken).toEqual([EID])
    expect((await bench.euicc()).waitingPackages).toBe(1)
    expect((await bench.ask('GET', `/packages/${body.packageId}`)).body).toEqual(body)
  })

  test('is ordered once under one Idempotency-Key, per eUICC', async () => {
    const order = (eid: string, key: string) =>
      bench.ask('POST', `/euiccs/${eid}/packages`, list, { 'idempotency-key': key })
    const first = await order(EID, 'k')
    const second = await order(EID, 'k')
    expect([first.status, second.status]).toEqual([202, 200])
    expect(second.body).toEqual(first.body)
    expect((await bench.euicc()).waitingPackages).toBe(1)
    expect(bench.woken).toEqual([EID])
    await onboard(bench.ask, createPaperCard({ eid: OTHER_EID, eum: (await testPki()).nist.eum }))
    expect((await order(OTHER_EID, 'k')).status).toBe(202)
    expect((await order(EID, '')).status).toBe(400)
    expect((await order(EID, 'x'.repeat(256))).status).toBe(400)
  })

  test('shows what became of it when it is ordered again later', async () => {
    const key = { 'idempotency-key': 'k' }
    await bench.ask('POST', `/euiccs/${EID}/packages`, list, key)
    await bench.fetchPackage()
    expect((await bench.ask('POST', `/euiccs/${EID}/packages`, list, key)).body.state).toBe('delivered')
  })

  test('that waits is cancelled, and stays so', async () => {
    const { packageId } = await bench.order(list as never)
    const cancelled = await bench.ask('DELETE', `/packages/${packageId}`)
    expect(cancelled).toMatchObject({
      status: 200,
      body: { state: 'cancelled', completedAt: '2026-11-22T00:00:00.000Z' },
    })
    expect(await bench.ask('DELETE', `/packages/${packageId}`)).toMatchObject({ status: 200, body: cancelled.body })
    expect((await bench.poll()).kind).toBe('eimPackageError')
  })

  test('that was handed to the IPA is not cancelled', async () => {
    const ordered = await bench.order(list as never)
    await bench.fetchPackage()
    expect((await bench.ask('DELETE', `/packages/${ordered.packageId}`)).status).toBe(409)
    expect((await bench.package(ordered)).state).toBe('delivered')
  })

  const on = { iccid: ICCID }
  test.each([
    ['two enables', { psmo: [{ enable: on }, { enable: on }] }],
    ['two disables', { psmo: [{ disable: on }, { disable: on }] }],
    ['a disable behind an enable', { psmo: [{ enable: on }, { disable: on }] }],
    ['a listProfileInfo behind an enable', { psmo: [{ enable: on }, { listProfileInfo: {} }] }],
    ['a listProfileInfo behind a disable', { psmo: [{ disable: on }, { listProfileInfo: {} }] }],
    ['a listProfileInfo behind a delete', { psmo: [{ delete: on }, { listProfileInfo: {} }] }],
    ['an activation code that is none', { download: { activationCode: 'smdp.example.com' } }],
    ['a key that is no DER', { eco: [{ updateEim: { eimId: 'a', eimPublicKeyData: { eimPublicKey: 'AAAA' } } }] }],
  ])('with %s is refused with 422 and not queued', async (_what, order) => {
    const { status, body } = await bench.ask('POST', `/euiccs/${EID}/packages`, order)
    expect([status, body.title]).toEqual([422, 'The order cannot be carried out'])
    expect((await bench.euicc()).waitingPackages).toBe(0)
  })

  test.each([
    [
      'every PSMO in the right order',
      {
        psmo: [
          { listProfileInfo: {} },
          { getRAT: {} },
          { disable: on },
          { delete: on },
          { enable: { ...on, rollback: false } },
          { setFallbackAttribute: on },
          { unsetFallbackAttribute: {} },
          { configureImmediateEnable: { defaultSmdpOid: '2.999.10' } },
          { setDefaultDpAddress: { defaultDpAddress: '' } },
        ],
      },
    ],
    [
      'every eCO',
      { eco: [{ listEim: {} }, { deleteEim: { eimId: 'a' } }, { updateEim: { eimId: 'a', eimFqdn: 'a.example' } }] },
    ],
  ])('may have %s', async (_what, order) => {
    expect((await bench.ask('POST', `/euiccs/${EID}/packages`, order)).status).toBe(202)
    expect((await bench.poll()).kind).toBe('euiccPackageRequest')
  })

  test.each([
    ['nothing', {}],
    ['two kinds at once', { ...list, eco: [{ listEim: {} }] }],
    ['no operation', { psmo: [] }],
    ['two operations in one', { psmo: [{ enable: on, disable: on }] }],
    ['an unknown operation', { psmo: [{ explode: {} }] }],
    ['an unknown property', { psmo: [{ enable: { ...on, force: true } }] }],
    ['an ICCID that is none', { psmo: [{ enable: { iccid: '89' } }] }],
    ['no activation code', { download: {} }],
  ])('that orders %s is refused with 400 and not queued', async (_what, order) => {
    expect((await bench.ask('POST', `/euiccs/${EID}/packages`, order)).status).toBe(400)
    expect((await bench.euicc()).waitingPackages).toBe(0)
  })
})

describe('what is not there', () => {
  test.each([
    ['GET', `/euiccs/${OTHER_EID}`],
    ['GET', `/euiccs/${OTHER_EID}/initial-configuration`],
    ['PUT', `/euiccs/${OTHER_EID}/association-token`, { associationToken: 1 }],
    ['POST', `/euiccs/${OTHER_EID}/packages`, list],
    ['GET', '/profiles/8900000000000000000'],
    ['GET', '/packages/none'],
    ['DELETE', '/packages/none'],
    ['GET', '/nothing'],
  ])('%s %s is answered with 404 as a problem document', async (method, path, body?: unknown) => {
    const answer = await bench.ask(method, path, body)
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: { status: 404 },
    })
  })
})

describe('the OpenAPI document', () => {
  test('describes every call of the contract, and what comes back is as it says', async () => {
    const document = (await bench.ask('GET', '/openapi.json')).body
    const ordered = await bench.order(list as never)
    const waiting = await bench.order(list as never)
    await bench.fetchPackage()
    const calls: [method: string, path: string, real: string, body?: unknown][] = [
      [
        'PUT',
        '/euiccs/{eid}',
        `/euiccs/${EID}`,
        {
          euiccCertificate: base64(bench.card.certificates.euiccCertificate),
          eumCertificate: base64(bench.card.certificates.eumCertificate),
        },
      ],
      ['GET', '/euiccs/{eid}', `/euiccs/${EID}`],
      ['GET', '/euiccs', '/euiccs'],
      ['GET', '/euiccs/{eid}/initial-configuration', `/euiccs/${EID}/initial-configuration`],
      ['PUT', '/euiccs/{eid}/association-token', `/euiccs/${EID}/association-token`, { associationToken: 1 }],
      ['PUT', '/euiccs/{eid}/inject', `/euiccs/${EID}/inject`, { url: 'https://ipa.example.com', binding: 'asn1' }],
      ['DELETE', '/euiccs/{eid}/inject', `/euiccs/${EID}/inject`],
      ['GET', '/profiles/{iccid}', `/profiles/${ICCID}`],
      ['POST', '/euiccs/{eid}/packages', `/euiccs/${EID}/packages`, list],
      ['GET', '/packages/{packageId}', `/packages/${ordered.packageId}`],
      ['DELETE', '/packages/{packageId}', `/packages/${waiting.packageId}`],
      ['GET', '/events', '/events'],
    ]
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.toSorted()).toEqual(calls.map(([method, path]) => `${method} ${path}`).toSorted())
    const ajv = addFormats.default(new Ajv({ strict: true, strictRequired: false }))
    for (const [method, path, real, sent] of calls) {
      const { status, headers, body } = await bench.ask(method, real, sent)
      const row = document.paths[path][method.toLowerCase()].responses[status]
      expect(row, `${method} ${path} ${status}`).toBeDefined()
      const { schema } = row.content[headers['content-type']?.split(';')[0] ?? '']
      expect(ajv.validate(schema, body) ? [] : ajv.errors, `${method} ${path}`).toEqual([])
    }
  })
})
