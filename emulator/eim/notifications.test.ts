import { beforeEach, describe, expect, test } from 'vitest'
import { encode } from '../../protocol/ber/index.ts'
import { PendingNotification } from '../../protocol/sgp32/index.ts'
import { type Bench, createBench, EID, told } from './testing/bench.ts'
import { installed } from './testing/card.ts'
import { A, B, infoA, infoB, profileA } from './testing/profiles.ts'

let bench: Bench
let sent: { url: string; body: unknown }[]
beforeEach(async () => {
  sent = []
  bench = await told(
    await createBench({
      es9plus: async (url, { body }) => {
        sent.push({ url, body: JSON.parse(new TextDecoder().decode(body)) })
        return { status: 204, headers: {}, body: new Uint8Array() }
      },
    }),
    infoA,
    infoB,
  )
})

describe('notifications', () => {
  const handle = (pending: PendingNotification) =>
    bench.send({ kind: 'handleNotificationEsipa', value: { kind: 'pendingNotification', value: pending } })
  const forwarded = (pending: PendingNotification) => ({
    url: 'https://smdp.example.com/gsma/rsp2/es9plus/handleNotification',
    body: { pendingNotification: Buffer.from(encode(PendingNotification, pending)).toString('base64') },
  })

  test('beside a package result are acknowledged and forwarded to their SM-DP+', async () => {
    await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const euiccPackageResult = bench.card.result(request, [{ kind: 'enableResult', value: 'ok' }], { seqNumber: 10 })
    const notificationList = [
      bench.card.notification('notificationEnable', B, { seqNumber: 12 }),
      bench.card.notification('notificationDisable', A, { seqNumber: 11 }),
    ]
    const answer = await bench.provide({
      kind: 'ePRAndNotifications',
      value: { euiccPackageResult, notificationList },
    })
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [10, 11, 12] })
    expect(sent).toEqual([forwarded(notificationList[1] as never), forwarded(notificationList[0] as never)])
    expect((await bench.euicc()).profiles).toMatchObject([{ state: 'disabled' }, { state: 'enabled' }])
  })

  test('tell of what the eIM did not order', async () => {
    const pending = bench.card.notification('notificationDelete', B, { seqNumber: 11 })
    expect(await handle(pending)).toMatchObject({ status: 204, answer: undefined })
    expect((await bench.euicc()).profiles).toMatchObject([{ iccid: A }])
    expect(sent).toEqual([forwarded(pending)])
  })

  test('that are older than the inventory do not change it', async () => {
    await handle(bench.card.notification('notificationDelete', A, { seqNumber: 11 }))
    await handle(bench.card.notification('notificationDelete', B, { seqNumber: 10 }))
    expect((await bench.euicc()).profiles).toMatchObject([{ iccid: B }])
  })

  test('a package result that comes behind a newer notification does not undo it: the eUICC is asked', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const request = await bench.fetchPackage()
    const result = bench.card.result(request, [{ kind: 'enableResult', value: 'ok' }], { seqNumber: 10 })
    await handle(bench.card.notification('notificationDisable', B, { seqNumber: 13 }))
    await bench.provide({ kind: 'euiccPackageResult', value: result })
    expect((await bench.package(ordered)).state).toBe('delivered')
    expect((await bench.euicc()).profiles).toMatchObject([{ state: 'enabled' }, { state: 'disabled' }])
  })

  test('an installation reported before the result of its download counts once', async () => {
    const ordered = await bench.order({ download: { activationCode: '1$smdp.example.com$' } })
    await bench.poll()
    const pir = bench.card.installation(installed, { iccid: A, seqNumber: 20 })
    expect((await handle({ kind: 'profileInstallationResult', value: pir })).status).toBe(204)
    const answer = await bench.provide({
      kind: 'profileDownloadTriggerResult',
      value: {
        eimTransactionId: ordered.eimTransactionId,
        profileDownloadTriggerResultData: { kind: 'profileInstallationResult', value: pir },
      },
    })
    expect(answer).toEqual({ kind: 'eimAcknowledgements', value: [20] })
    expect(sent).toHaveLength(1)
  })

  test('in a compact form get the certificates back that the eIM has, and go on', async () => {
    const pending = bench.card.notification('notificationDelete', B)
    if (pending.kind !== 'otherSignedNotification') throw new Error('not signed')
    const { tbsOtherNotification, euiccNotificationSignature } = pending.value
    await handle({
      kind: 'compactOtherSignedNotification',
      value: { eidValue: EID, tbsOtherNotification, euiccNotificationSignature },
    })
    expect((await bench.euicc()).profiles).toEqual([profileA])
    expect(sent).toEqual([forwarded(pending)])
  })

  test.each([
    [
      'with a wrong signature',
      'euicc-signature',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind === 'otherSignedNotification') pending.value.euiccNotificationSignature.fill(1)
        return pending
      },
    ],
    [
      'of an eUICC that is not known',
      'eid',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind !== 'otherSignedNotification') throw new Error('not signed')
        return { ...pending, value: { ...pending.value, euiccCertificate: pending.value.eumCertificate } }
      },
    ],
    [
      'in a compact form that no certificate fits',
      'not-asked',
      () => {
        const pending = bench.card.notification('notificationDelete', B)
        if (pending.kind !== 'otherSignedNotification') throw new Error('not signed')
        const { tbsOtherNotification, euiccNotificationSignature } = pending.value
        return {
          kind: 'compactOtherSignedNotification',
          value: {
            eidValue: EID,
            tbsOtherNotification,
            euiccNotificationSignature: euiccNotificationSignature.fill(1),
          },
        } as const
      },
    ],
  ] as [string, string, () => PendingNotification][])(
    '%s are neither believed nor forwarded',
    async (_what, why, make) => {
      const before = await bench.euicc()
      expect((await handle(make())).status).toBe(204)
      expect(bench.trace.at(-2)?.status).toBe(`not believed: ${why}`)
      expect(sent).toEqual([])
      expect(await bench.euicc()).toEqual(before)
    },
  )

  test('may carry the result of a package', async () => {
    const ordered = await bench.order({ psmo: [{ enable: { iccid: B } }] })
    const value = bench.card.result(await bench.fetchPackage(), [{ kind: 'enableResult', value: 'ok' }])
    const provided = { eidValue: EID, eimPackageResult: { kind: 'euiccPackageResult', value } } as const
    const answer = await bench.send({
      kind: 'handleNotificationEsipa',
      value: { kind: 'provideEimPackageResult', value: provided },
    })
    expect(answer).toMatchObject({ status: 204, answer: undefined })
    expect((await bench.package(ordered)).state).toBe('done')
  })

  test('that cannot be forwarded show so in the trace', async () => {
    const away = await told(await createBench({ es9plus: () => Promise.reject(new Error('no answer')) }), { iccid: B })
    const pending = away.card.notification('notificationDelete', B)
    await away.send({ kind: 'handleNotificationEsipa', value: { kind: 'pendingNotification', value: pending } })
    expect(away.trace).toContainEqual(expect.objectContaining({ interface: 'ES9+', status: 'no answer' }))
  })
})
