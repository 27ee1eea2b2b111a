/** The procedures of SGP.32 v1.2 between device, eIM, SM-DP+ and SM-DS, a row each: what is done, and what then holds. */
import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'vitest'
import type { Answer } from './ask-http.ts'
import type { Json, Laboratory } from './laboratory.ts'

export interface Procedure {
  /** Where it is written. */
  readonly section: string
  /** The IPA has to ask: packages that are brought say nothing about it. */
  readonly pollsOnly?: true
  /**
   * Faults that it does not get over: the eIM cannot know of a download that names no SM-DP+ whose installation it is told of, and a session through it ends when
   * it is away for longer than the IPA tries. Where failed polls are counted, chance may add one.
   */
  readonly not?: readonly string[]
  run(laboratory: Laboratory): Promise<void>
}

/** A package that was carried out, with these rows. */
const done = (...results: readonly (readonly [operation: string, result?: string | undefined])[]) => ({
  state: 'done',
  result: {
    kind: 'euiccPackageResult',
    verified: true,
    results: results.map(([operation, result = 'ok']) => ({ operation, result })),
  },
})

const installed = (iccid: string) => ({
  state: 'done',
  result: { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid },
})

/** A device with so many profiles, all disabled. */
async function deviceWith({ device, order, run }: Laboratory, ...members: readonly Json[]) {
  const eid = await device()
  const iccids: string[] = []
  for (const more of members) {
    const { iccid, activationCode } = await order(more)
    expect(await run(eid, { download: { activationCode } })).toMatchObject(installed(iccid))
    iccids.push(iccid)
  }
  return { eid, iccids: iccids as [string, ...string[]] }
}

export const statesOf = async ({ profiles }: Laboratory, eid: string) =>
  Object.fromEntries((await profiles(eid)).map(({ iccid, state }: Answer['body']) => [iccid, state]))

/** Card and eIM say the same. */
export async function agreeOn(
  laboratory: Laboratory,
  eid: string,
  wanted: Readonly<Record<string, 'enabled' | 'disabled'>>,
) {
  expect(await statesOf(laboratory, eid)).toEqual(wanted)
  await laboratory.holds(eid, async () => {
    const { body } = await laboratory.northbound('GET', `/euiccs/${eid}`)
    expect(Object.fromEntries(body.profiles.map(({ iccid, state }: Answer['body']) => [iccid, state]))).toEqual(wanted)
  })
}

/** The SM-DP+ has learnt that its profile is installed. */
const told = ({ control, holds }: Laboratory, eid: string, iccid: string) =>
  holds(eid, async () =>
    expect((await control('GET', `/orders/${iccid}`)).body).toMatchObject({ state: 'installed', eid }),
  )

const interfacesOfIpa = async ({ trace }: Laboratory, eid: string): Promise<ReadonlySet<string>> =>
  new Set((await trace(eid)).filter((one: Json) => one['from'] === 'IPA').map((one: Json) => one['interface']))

const dead = ({ control }: Laboratory, eid: string, ...iccids: readonly string[]) =>
  control('PUT', `/devices/${eid}/connectivity`, {
    reachable: true,
    profiles: iccids.map((iccid) => ({ iccid, dead: {} })),
  })

/** One package each. */
async function psmo(laboratory: Laboratory, eid: string, rows: readonly (readonly [string, Json?, string?])[]) {
  for (const [operation, value = {}, result] of rows)
    expect(await laboratory.run(eid, { psmo: [{ [operation]: value }] })).toMatchObject(done([operation, result]))
}

export const procedures: Readonly<Record<string, Procedure>> = {
  'direct profile download': {
    section: 'SGP.32 v1.2, 3.2.3.1',
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, { profileType: 'typical' })
      const [iccid] = iccids
      await agreeOn(laboratory, eid, { [iccid]: 'disabled' })
      await laboratory.settle()
      await told(laboratory, eid, iccid)
      expect(await interfacesOfIpa(laboratory, eid)).toContain('ES9+')
    },
  },
  'indirect profile download, with a confirmation code': {
    section: 'SGP.32 v1.2, 3.2.3.2',
    not: ['eim/restart'],
    async run(laboratory) {
      const eid = await laboratory.device()
      const { iccid, activationCode } = await laboratory.order({ confirmationCode: '1234' })
      const download = { activationCode, indirect: true, confirmationCode: '1234' }
      expect(await laboratory.run(eid, { download })).toMatchObject(installed(iccid))
      await agreeOn(laboratory, eid, { [iccid]: 'disabled' })
      await laboratory.settle()
      await told(laboratory, eid, iccid)
      expect(await interfacesOfIpa(laboratory, eid)).not.toContain('ES9+')
    },
  },
  'download from the default SM-DP+': {
    section: 'SGP.32 v1.2, 3.2.3.1',
    not: ['ipa/wrong-eim-transaction-id'],
    async run(laboratory) {
      const eid = await laboratory.device()
      await psmo(laboratory, eid, [['setDefaultDpAddress', { defaultDpAddress: laboratory.host('es9plus') }]])
      const { iccid } = await laboratory.order({ eid })
      expect(await laboratory.run(eid, { download: { contactDefaultSmdp: true } })).toMatchObject(installed(iccid))
    },
  },
  'discovery at the SM-DS': {
    section: 'SGP.32 v1.2, 3.2.3.1',
    not: ['ipa/wrong-eim-transaction-id'],
    async run(laboratory) {
      const eid = await laboratory.device()
      const { iccid } = await laboratory.order({ eid, smdsAddress: laboratory.host('es11') })
      expect(await laboratory.run(eid, { download: { contactSmds: {} } })).toMatchObject(installed(iccid))
      expect(await interfacesOfIpa(laboratory, eid)).toContain('ES11')
      await laboratory.settle()
      expect(await laboratory.run(eid, { download: { contactSmds: {} } })).toMatchObject({
        result: { kind: 'profileDownloadError' },
      })
    },
  },
  'activation code at the device, and notifyStateChange': {
    section: 'SGP.32 v1.2, 3.2.3.1, 5.14.5',
    async run(laboratory) {
      const eid = await laboratory.device()
      const { iccid, activationCode } = await laboratory.order()
      await laboratory.holds(eid, async () => {
        if (iccid in (await statesOf(laboratory, eid))) return
        const { body } = await laboratory.control('POST', `/devices/${eid}/downloads`, { activationCode })
        expect(body).toEqual({ downloads: [{ outcome: 'installed', iccid }] })
      })
      await laboratory.poll(eid)
      await agreeOn(laboratory, eid, { [iccid]: 'disabled' })
    },
  },
  'each operation on profiles': {
    section: 'SGP.32 v1.2, 2.11.1.1.3',
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, {}, { fallbackAllowed: true })
      const [first, second = ''] = iccids
      await psmo(laboratory, eid, [
        ['getRAT', {}],
        ['listProfileInfo', { searchCriteria: { iccid: first } }],
        ['configureImmediateEnable', { immediateEnableFlag: false }],
        ['setDefaultDpAddress', { defaultDpAddress: 'smdp.test' }],
        ['setFallbackAttribute', { iccid: second }],
        ['unsetFallbackAttribute'],
        ['enable', { iccid: first }],
        ['enable', { iccid: first }, 'profileNotInDisabledState'],
        ['disable', { iccid: first }],
        ['delete', { iccid: first }],
      ])
      const together = [{ listProfileInfo: {} }, { enable: { iccid: second } }]
      expect(await laboratory.run(eid, { psmo: together })).toMatchObject(done(['listProfileInfo'], ['enable']))
      await agreeOn(laboratory, eid, { [second]: 'enabled' })
    },
  },
  'each operation on eIM configuration': {
    section: 'SGP.32 v1.2, 2.11.1.1.2',
    async run(laboratory) {
      const eid = await laboratory.device()
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const eimPublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
      const second = { eimId: 'second.test', eimFqdn: 'second.test' }
      const eco = [
        { addEim: { ...second, counterValue: 0, eimPublicKeyData: { eimPublicKey } } },
        { updateEim: { eimId: second.eimId, eimFqdn: 'third.test' } },
        { listEim: {} },
        { deleteEim: { eimId: second.eimId } },
      ]
      expect(await laboratory.run(eid, { eco })).toMatchObject(
        done(['addEim'], ['updateEim'], ['listEim'], ['deleteEim']),
      )
    },
  },
  'profile rollback': {
    section: 'SGP.32 v1.2, 3.3.2',
    pollsOnly: true,
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, {}, {})
      const [home, other = ''] = iccids
      await psmo(laboratory, eid, [['enable', { iccid: home }]])
      await dead(laboratory, eid, other)
      const enable = { psmo: [{ enable: { iccid: other, rollback: true } }] }
      expect(await laboratory.run(eid, enable)).toMatchObject(done(['rollback']))
      await agreeOn(laboratory, eid, { [home]: 'enabled', [other]: 'disabled' })
    },
  },
  'immediate enabling': {
    section: 'SGP.32 v1.2, 3.4.4',
    async run(laboratory) {
      const eid = await laboratory.device()
      await psmo(laboratory, eid, [['configureImmediateEnable', { immediateEnableFlag: true }]])
      const { iccid, activationCode } = await laboratory.order()
      expect(await laboratory.run(eid, { download: { activationCode } })).toMatchObject(installed(iccid))
      await laboratory.poll(eid)
      await agreeOn(laboratory, eid, { [iccid]: 'enabled' })
    },
  },
  'fallback and return': {
    section: 'SGP.32 v1.2, 3.4.5',
    pollsOnly: true,
    not: ['network/lost-at-random'],
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, {}, { fallbackAllowed: true })
      const [home, fallback = ''] = iccids
      await psmo(laboratory, eid, [
        ['setFallbackAttribute', { iccid: fallback }],
        ['enable', { iccid: home }],
      ])
      await dead(laboratory, eid, home)
      for (let failed = 0; failed < 3; failed++) await laboratory.poll(eid)
      await laboratory.poll(eid)
      await agreeOn(laboratory, eid, { [home]: 'disabled', [fallback]: 'enabled' })
      await dead(laboratory, eid)
      expect(await laboratory.control('POST', `/devices/${eid}/fallback/return`)).toMatchObject({ status: 200 })
      await laboratory.poll(eid)
      await agreeOn(laboratory, eid, { [home]: 'enabled', [fallback]: 'disabled' })
    },
  },
  'emergency profile': {
    section: 'SGP.32 v1.2, 3.4.6',
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, {}, { ecallIndication: true })
      const [usual, emergency = ''] = iccids
      await psmo(laboratory, eid, [['enable', { iccid: usual }]])
      const use = (enabled: boolean) => laboratory.control('PUT', `/devices/${eid}/emergency`, { enabled })
      expect(await use(true)).toMatchObject({ status: 200 })
      expect(await statesOf(laboratory, eid)).toEqual({ [usual]: 'disabled', [emergency]: 'enabled' })
      expect(await use(false)).toMatchObject({ status: 200 })
      await laboratory.poll(eid)
      await agreeOn(laboratory, eid, { [usual]: 'enabled', [emergency]: 'disabled' })
    },
  },
  'eUICC data request': {
    section: 'SGP.32 v1.2, 3.3.1, 2.11.1.2',
    async run(laboratory) {
      const eid = await laboratory.device()
      const euiccData = ['euiccInfo1', 'euiccInfo2', 'rootSmdsAddress', 'eumCertificate', 'euiccCertificate']
      const components = [...euiccData, 'associationToken', 'ipaCapabilities', 'deviceInfo', 'notificationsList']
      const { result } = await laboratory.run(eid, { data: { components } })
      expect(result).toMatchObject({ kind: 'ipaEuiccData' })
      expect(Object.keys((result as Answer['body']).data)).toEqual(expect.arrayContaining(euiccData))
      const tagList = { data: { tagList: '7f7f' } }
      expect(await laboratory.run(eid, tagList)).toMatchObject({ state: 'done', result: expect.anything() })
    },
  },
  'delivery of notifications': {
    section: 'SGP.32 v1.2, 3.7',
    async run(laboratory) {
      const { eid, iccids } = await deviceWith(laboratory, {})
      const [iccid] = iccids
      await psmo(laboratory, eid, [
        ['enable', { iccid }],
        ['disable', { iccid }],
        ['delete', { iccid }],
      ])
      await laboratory.poll(eid)
      await laboratory.settle()
      await laboratory.holds(eid, async () => {
        const { body } = await laboratory.control('GET', `/orders/${iccid}`)
        expect(Object.keys(body.notifications).sort()).toEqual([
          'notificationDelete',
          'notificationDisable',
          'notificationEnable',
        ])
        const card = (await laboratory.control('GET', `/devices/${eid}/card`)).body
        expect(card).toMatchObject({ notifications: [], packageResults: [] })
      })
    },
  },
  'cancel of a package that waits': {
    section: 'docs/eim-northbound.md',
    async run(laboratory) {
      const eid = await laboratory.device()
      const reach = (reachable: boolean) => laboratory.control('PUT', `/devices/${eid}/connectivity`, { reachable })
      await reach(false)
      const name = (defaultDpAddress: string) => ({ psmo: [{ setDefaultDpAddress: { defaultDpAddress } }] })
      const first = laboratory.run(eid, name('first.test'))
      const { body: queued } = await laboratory.northbound('POST', `/euiccs/${eid}/packages`, name('never.test'))
      const cancel = () => laboratory.northbound('DELETE', `/packages/${queued.packageId}`)
      expect(await cancel()).toMatchObject({ status: 200, body: { state: 'cancelled' } })
      await reach(true)
      await laboratory.poll(eid)
      expect(await first).toMatchObject(done(['setDefaultDpAddress']))
      expect(await cancel()).toMatchObject({ status: 200, body: { state: 'cancelled' } })
      const card = (await laboratory.control('GET', `/devices/${eid}/card`)).body
      expect(JSON.stringify(card.addresses)).toContain('first.test')
    },
  },
}
