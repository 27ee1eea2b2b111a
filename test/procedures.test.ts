/**
 * Every procedure over sockets: in both bindings of ESipa, polled for and brought to the device, notifications by either way; and under faults of every
 * hop that can be got over.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faultCatalogue } from '../emulator/faults/index.ts'
import { type Laboratory, openLaboratory } from './testing/laboratory.ts'
import { procedures } from './testing/procedures.ts'

const worlds = [
  { binding: 'asn1', mode: 'poll', receiver: 'smdp' },
  { binding: 'asn1', mode: 'inject', receiver: 'eim' },
  { binding: 'json', mode: 'poll', receiver: 'eim' },
  { binding: 'json', mode: 'inject', receiver: 'smdp' },
] as const

/** What is lost under these is lost for good: notifications to the SM-DP+, and the result of a download that the IPA takes for delivered. */
const lossy: ReadonlySet<string> = new Set(['card/notifications-lost', 'ipa/notification-not-sent', 'ipa/lost-result'])

/** Faults that a procedure gets over. */
const healing = Object.entries(faultCatalogue).filter(
  ([name, { outcome }]) => outcome.shows === 'success' && !lossy.has(name),
)

const struck = Object.entries(procedures).flatMap(([name, { not = [], run }]) =>
  healing
    .filter(([fault]) => !not.includes(fault))
    .map(([fault, { outcome }]) => ({ name, run, fault, when: outcome.plan })),
)

describe.each(worlds)('$binding, $mode, notifications to the $receiver', ({ binding, mode, receiver }) => {
  let laboratory: Laboratory
  beforeAll(async () => {
    laboratory = await openLaboratory({
      'ipa.esipaBindings': { '*': binding },
      'ipa.notificationReceiver': receiver,
      'devices.mode': mode,
    })
  })
  afterAll(() => laboratory.close())

  afterEach(() => laboratory.tidy())

  const rows = Object.entries(procedures)
    .filter(([, { pollsOnly }]) => mode === 'poll' || !pollsOnly)
    .map(([name, row]) => ({ name, ...row }))
  test.each(rows)('$name ($section)', ({ run }) => run(laboratory))

  test('has asked nothing that was refused, and believed all that it was told', async () => {
    const statuses: string[] = []
    for (let after = 0, next = -1; next !== after; after = next) {
      const { body } = await laboratory.control('GET', `/trace?after=${after}&limit=1000`)
      for (const { interface: hop, status } of body.messages) if (hop === 'ESipa' && status) statuses.push(status)
      next = body.next
    }
    // What is brought is answered at once: a poll in between may deliver the same result once more, before it is known that the eIM has it.
    const isTwice = (status: string) =>
      mode === 'inject' && /believed: (sequence-number|package-under-way)$/.test(status)
    expect(statuses.filter((status) => /believed|^[45]/.test(status) && !isTwice(status))).toEqual([])
  })

  if (mode === 'inject') return
  test.each(struck)('$name under $fault', async ({ run, fault, when }) => {
    laboratory.disturb({ fault, when })
    await run(laboratory)
  })

  test('each of these faults has struck', async () => {
    const { injections } = (await laboratory.control('GET', '/faults/report')).body
    const names = new Set(injections.map(({ fault }: { fault: string }) => fault))
    expect(struck.map(({ fault }) => fault).filter((fault) => !names.has(fault))).toEqual([])
  })
})
