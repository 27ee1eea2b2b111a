/** An IPA that reaches no server but its eIM: what waits at an SM-DS is found, and fetched, through the eIM. SGP.32 v1.2, 3.2.3.2. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, type Laboratory, openLaboratory } from './testing/laboratory.ts'

describe.each(['asn1', 'json'] as const)('discovery through the eIM, ESipa in %s', (binding) => {
  let laboratory: Laboratory
  beforeAll(async () => {
    laboratory = await openLaboratory({
      'ipa.esipaBindings': { '*': binding },
      'ipa.features': ['indirectRspServerCommunication'],
    })
  })
  afterAll(() => laboratory.close())

  const peers = async (eid: string) =>
    new Set((await laboratory.trace(eid)).filter((one: Json) => one['from'] === 'IPA').map((one: Json) => one['to']))

  test('a profile that an SM-DS knows of is installed; one event a trigger, until there is none', async () => {
    const eid = await laboratory.device()
    const smdsAddress = laboratory.host('es11')
    const orders = [await laboratory.order({ eid, smdsAddress }), await laboratory.order({ eid, smdsAddress })]
    const download = async (contactSmds: Json) => {
      const { result } = await laboratory.run(eid, { download: { contactSmds } })
      await laboratory.settle()
      return result
    }
    const installed = { kind: 'profileInstallationResult', verified: true, outcome: 'success' }
    const [first, second] = [await download({}), await download({ smdsAddress })]
    expect([first, second]).toMatchObject(orders.map(({ iccid }) => ({ ...installed, iccid })))
    expect(await download({})).toMatchObject({ kind: 'profileDownloadError' })
    expect(await laboratory.profiles(eid)).toHaveLength(2)
    expect(await peers(eid)).toEqual(new Set(['eUICC', 'eIM']))
  })

  test('an SM-DS that is not there is told as an error', async () => {
    const eid = await laboratory.device()
    const contactSmds = { smdsAddress: 'localhost:1' }
    expect(await laboratory.run(eid, { download: { contactSmds } })).toMatchObject({
      result: { kind: 'profileDownloadError' },
    })
  })
})
