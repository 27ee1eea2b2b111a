import { beforeEach, describe, expect, test } from 'vitest'
import { decode, encode, fromHex, toHex } from '../../../protocol/ber/index.ts'
import { AddInitialEimRequest, EimConfigurationData } from '../../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, OTHER_EID, testPki, told } from '../testing/bench.ts'
import { createPaperCard, installed, listed, type PaperCard } from '../testing/card.ts'
import { A, activationCode, B, enabled, infoA, infoB } from '../testing/profiles.ts'

/** What each facility answers was compared with onomondo-eim (doc/rest_api.md, doc/examples.md and the schemas in contrib/). */
let bench: Bench
beforeEach(async () => {
  bench = await told(await createBench(), infoA, infoB)
})

const swappedB = '984450985200214375F9'

const send = async (method: string, path: string, json?: unknown, type = 'application/json') => {
  const body = json === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(json))
  const headers: Record<string, string> = json === undefined ? {} : { 'content-type': type }
  const answer = await bench.eim.handleOnomondo({ method, path, headers, body })
  const text = new TextDecoder().decode(answer.body)
  return { ...answer, json: text === '' ? undefined : JSON.parse(text) }
}

async function create(facility: string, order: unknown, eidValue = EID): Promise<string> {
  const { status, headers } = await send('POST', `/${facility}/create`, { eidValue, order })
  expect(status).toBe(303)
  expect(headers['location']).toMatch(new RegExp(`^/${facility}/lookup/[0-9a-f-]{36}$`))
  return String(headers['location'])
}

const lookUp = async (location: string) => (await send('GET', location)).json
const executed = async (...results: Parameters<PaperCard['result']>[1]) =>
  bench.provide(bench.epr(await bench.fetchPackage(), results))

describe('an order', () => {
  test('is new, in work and done, and shows what was sent', async () => {
    const order = { psmo: [{ enable: { iccid: swappedB, rollback: false } }] }
    const location = await create('psmo', order)
    const resource = { eidValue: EID, order }
    expect(await lookUp(location)).toEqual({
      status: 'new',
      timestamp: expect.stringMatching(/^\d{10}$/),
      resource,
      outcome: [],
      debuginfo: expect.stringMatching(/^83/),
    })
    const request = await bench.fetchPackage()
    expect((await lookUp(location)).status).toBe('work')
    await bench.provide(bench.epr(request, [enabled]))
    expect(await lookUp(location)).toMatchObject({ status: 'done', resource, outcome: [{ enableResult: 'ok' }] })
  })

  test('is done as soon as its result is there, also while the eIM asks for the inventory', async () => {
    const location = await create('psmo', { psmo: [{ delete: { iccid: swappedB } }] })
    await executed({ kind: 'deleteResult', value: 'iccidOrAidNotFound' })
    expect(await lookUp(location)).toMatchObject({
      status: 'done',
      outcome: [{ deleteResult: 'iccidOrAidNotFound' }],
    })
  })

  test('for a download ends with the ICCID as the card writes it', async () => {
    const location = await create('download', { download: { activationCode } })
    const { value } = await bench.poll()
    const { eimTransactionId } = value as { eimTransactionId: string }
    const pir = bench.card.installation(installed, { iccid: '8944058925001234587' })
    await bench.provide({
      kind: 'profileDownloadTriggerResult',
      value: {
        eimTransactionId,
        profileDownloadTriggerResultData: { kind: 'profileInstallationResult', value: pir },
      },
    })
    expect((await lookUp(location)).outcome).toEqual([
      { profileInstallationResult: { finalResult: 'successResult', iccid: '984450985200214385F7' } },
    ])
  })

  test('is listed in its facility until it is deleted; then, or under another facility, it is absent', async () => {
    const location = await create('psmo', { psmo: [{ getRAT: {} }] })
    const resourceId = location.split('/').at(-1)
    expect((await send('GET', '/psmo/list/')).json).toEqual({ resourceIdList: [resourceId] })
    expect((await send('GET', '/eco/list')).json).toEqual({ resourceIdList: [] })
    expect(await lookUp(`/eco/lookup/${resourceId}`)).toEqual({ status: 'absent' })
    expect((await send('GET', `/psmo/delete/${resourceId}`)).json).toEqual({ status: 'deleted' })
    expect((await send('GET', `/psmo/delete/${resourceId}`)).json).toEqual({ status: 'absent' })
    expect(await lookUp(location)).toEqual({ status: 'absent' })
    expect(await bench.poll()).toMatchObject({ value: 'noEimPackageAvailable' })
  })

  const outcomes: [string, unknown, Parameters<PaperCard['result']>[1], unknown][] = [
    [
      'listProfileInfo',
      { listProfileInfo: { searchCriteria: { profileClass: 2 }, tagList: '5A9F70' } },
      [listed({ iccid: B, profileState: 'disabled', isdpAid: fromHex('a000') })],
      {
        listProfileInfoResult: {
          finalResult: 'successResult',
          profileInfoList: [{ iccid: swappedB, profileState: 'disabled', isdpAid: 'A000' }],
        },
      },
    ],
    [
      'getRAT',
      { getRAT: {} },
      [
        {
          kind: 'getRATResult',
          value: [
            { pprIds: ['ppr1'], allowedOperators: [{ mccMnc: fromHex('00f110') }], pprFlags: ['consentRequired'] },
          ],
        },
      ],
      {
        getRATResult: [
          {
            pprUpdateControl: false,
            ppr1: true,
            ppr2: false,
            allowedOperators: [{ mccMnc: '00F110' }],
            consentRequired: true,
          },
        ],
      },
    ],
    [
      'configureAutoEnable, as v1.0 calls it',
      { configureAutoEnable: { autoEnableFlag: true, smdpAddress: 'smdp.example.com' } },
      [{ kind: 'configureImmediateEnableResult', value: 'ok' }],
      { configureAutoEnableResult: 'ok' },
    ],
    [
      'configureImmediateEnable',
      { configureImmediateEnable: { immediateEnableFlag: true } },
      [{ kind: 'configureImmediateEnableResult', value: 'ok' }],
      { configureImmediateEnableResult: 'ok' },
    ],
    [
      'setFallbackAttribute, refused',
      { setFallbackAttribute: { iccid: swappedB } },
      [{ kind: 'setFallbackAttributeResult', value: 'fallbackNotAllowed' }],
      { setFallbackAttributeResult: 'fallbackNotAllowed' },
    ],
    [
      'unsetFallbackAttribute',
      { unsetFallbackAttribute: {} },
      [{ kind: 'unsetFallbackAttributeResult', value: 'ok' }],
      { unsetFallbackAttributeResult: 'ok' },
    ],
  ]
  test.each(outcomes)('%s has its outcome', async (_name, psmo, results, outcome) => {
    const location = await create('psmo', { psmo: [psmo] })
    await executed(...results)
    expect(await lookUp(location)).toMatchObject({ status: 'done', outcome: [outcome] })
  })

  test('about eIMs takes their configuration as DER in hexadecimal', async () => {
    const der = encode(EimConfigurationData, {
      eimId: 'other.example.com',
      eimFqdn: 'other.example.com',
      counterValue: 1,
    })
    const location = await create('eco', {
      eco: [{ updateEim: { eimConfigurationData: toHex(der).toUpperCase() } }, { listEim: {} }],
    })
    const request = await bench.fetchPackage()
    expect(request.euiccPackageSigned.value.euiccPackage).toMatchObject({
      kind: 'ecoList',
      value: [{ kind: 'updateEim', value: { eimId: 'other.example.com', counterValue: 1 } }, { kind: 'listEim' }],
    })
    await bench.provide(
      bench.epr(request, [
        { kind: 'updateEimResult', value: 'eimNotFound' },
        { kind: 'listEimResult', value: { kind: 'eimIdList', value: [{ eimId: 'eim.example.com' }] } },
      ]),
    )
    expect((await lookUp(location)).outcome).toEqual([
      { updateEimResult: 'eimNotFound' },
      { listEimResult: { finalResult: 'successResult', eimIdList: [{ eimId: 'eim.example.com' }] } },
    ])
  })

  test.each([
    ['psmo', { psmo: [{ explode: {} }] }, 'badPsmo'],
    ['psmo', { psmo: [{ enable: { iccid: 'x' } }] }, 'badPsmo'],
    ['psmo', { psmo: [{ enable: { iccid: swappedB } }, { enable: { iccid: swappedB } }] }, 'badPsmo'],
    ['psmo', {}, 'badPsmo'],
    ['eco', { eco: [{ addEim: { eimConfigurationData: '3000' } }] }, 'badEco'],
    ['edr', { edr: {} }, 'badEdr'],
    ['download', { download: { activationCode: 'nonsense' } }, 'badOrder'],
    ['euicc', { euicc: [] }, 'badOrder'],
  ])('of %s that cannot be understood is done with an error: %o', async (facility, order, procedureError) => {
    expect(await lookUp(await create(facility, order))).toMatchObject({ status: 'done', outcome: [{ procedureError }] })
  })

  test('that was refused by the eUICC, or that nobody could execute, says so', async () => {
    const refused = await create('psmo', { psmo: [{ getRAT: {} }] })
    await bench.provide({
      kind: 'euiccPackageResult',
      value: bench.card.error(await bench.fetchPackage(), 'replayError'),
    })
    expect((await lookUp(refused)).outcome).toEqual([{ euiccPackageErrorCode: 'replayError' }])
    const unknown = await create('edr', { edr: { tagList: 'BF20' } })
    await bench.poll()
    await bench.provide({
      kind: 'eimPackageResultResponseError',
      value: { eimPackageResultErrorCode: 'unknownPackage' },
    })
    expect((await lookUp(unknown)).outcome).toEqual([{ eimPackageError: 'unknownPackage' }])
  })
})

describe('an eUICC that was never onboarded', () => {
  const card = async () => createPaperCard({ eid: OTHER_EID, eum: (await testPki()).nist.eum, associationToken: 1 })

  test('is known by the certificates in its answer to a data request of v1.0; then its results are believed', async () => {
    const { certificates, result } = await card()
    const data = await create('edr', { edr: { tagList: '80BF208384A5A688BF2B' } }, OTHER_EID)
    const request = await bench.poll(OTHER_EID)
    expect(request).toMatchObject({ value: { tagList: [0x81, 0xbf20, 0x83, 0x84, 0xa5, 0xa6, 0xa8, 0xa0] } })
    const { euiccCertificate, eumCertificate } = certificates
    await bench.provide(
      {
        kind: 'ipaEuiccDataResponse',
        value: { kind: 'ipaEuiccData', value: { euiccCertificate, eumCertificate, associationToken: 1 } },
      },
      OTHER_EID,
    )
    expect((await lookUp(data)).outcome).toEqual([
      {
        euiccDataResult: {
          edrResult: 'ok',
          euiccData: {
            associationToken: 1,
            euiccCertificate: toHex(euiccCertificate).toUpperCase(),
            eumCertificate: toHex(eumCertificate).toUpperCase(),
          },
        },
      },
    ])
    const location = await create('psmo', { psmo: [{ getRAT: {} }] }, OTHER_EID)
    // Now that it can be believed, it is asked for its profiles first.
    for (const said of [listed(), { kind: 'getRATResult', value: [] } as const]) {
      const response = await bench.poll(OTHER_EID)
      if (response.kind !== 'euiccPackageRequest') throw new Error(response.kind)
      await bench.provide({ kind: 'euiccPackageResult', value: result(response.value, [said]) }, OTHER_EID)
    }
    expect((await lookUp(location)).outcome).toEqual([{ getRATResult: [] }])
  })

  test('is known by the key that it is given; a parameter that is none sets nothing', async () => {
    const { privateKey } = await card()
    const key = toHex(privateKey.publicKey.point).toUpperCase()
    const set = (euicc: unknown) => create('euicc', { euicc }, OTHER_EID).then(lookUp)
    expect((await set([{ counterValue: 1000 }, { signAlgo: 'prime256v1' }, { signPubKey: key }])).outcome).toEqual([
      { euiccUpdateResult: 'ok' },
    ])
    expect((await set([{ counterValue: 5 }, { signPubKey: '04' }])).outcome).toEqual([
      { euiccUpdateResult: 'badParam' },
    ])
    expect((await set([{ counterValue: 5, associationToken: 2 }])).outcome).toEqual([
      { euiccUpdateResult: 'badParamFormat' },
    ])
    expect((await set({ get: ['counterValue', 'signPubKey', 'associationToken'] })).outcome).toEqual([
      { counterValue: 1000 },
      { signPubKey: key },
      { associationToken: 1 },
    ])
  })
})

describe('the door', () => {
  test('tells what puts this eIM on a card', async () => {
    const { json } = await send('GET', '/')
    expect(json).toMatchObject({ eimId: 'eim.example.com', esipaIp: 'localhost', esipaPort: 8443, counterValue: 0 })
    const [configuration] = decode(AddInitialEimRequest, fromHex(json.addInitialEimRequest)).eimConfigurationDataList
    expect(configuration).toMatchObject({ eimId: 'eim.example.com', associationToken: -1 })
    expect(decode(EimConfigurationData, fromHex(json.eimConfigurationData))).toEqual(configuration)
  })

  test('refuses what is no order, no call or no method of it', async () => {
    const order = { eidValue: EID, order: {} }
    expect((await send('POST', '/psmo/create', order, 'text/plain')).status).toBe(415)
    expect((await send('POST', '/psmo/create', {})).status).toBe(400)
    expect((await send('POST', '/psmo/create', { ...order, eidValue: '1' })).status).toBe(400)
    expect((await send('GET', '/psmo/create')).status).toBe(405)
    expect((await send('POST', '/psmo/list', {})).status).toBe(405)
    expect((await send('GET', '/dance/list')).status).toBe(404)
    expect((await send('GET', '/psmo/lookup/nowhere')).json).toEqual({ status: 'absent' })
  })

  test('keeps an ICCID that is not on the card apart from one that is', async () => {
    await create('psmo', { psmo: [{ disable: { iccid: '98445098520021436519' } }] })
    const request = await bench.fetchPackage()
    expect(request.euiccPackageSigned.value.euiccPackage).toEqual({
      kind: 'psmoList',
      value: [{ kind: 'disable', value: { iccid: '89440589250012345691' } }],
    })
    expect(A).not.toBe('89440589250012345691')
  })
})
