/** Every procedure over sockets: in both bindings of ESipa, polled for and brought to the device, notifications by either way. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Laboratory, openLaboratory } from './testing/laboratory.ts'
import { procedures } from './testing/procedures.ts'

const worlds = [
  { binding: 'asn1', mode: 'poll', receiver: 'smdp' },
  { binding: 'asn1', mode: 'inject', receiver: 'eim' },
  { binding: 'json', mode: 'poll', receiver: 'eim' },
  { binding: 'json', mode: 'inject', receiver: 'smdp' },
] as const

/** Faults of every hop that procedures get over, switched on for whoever comes. */
const healing: readonly (readonly [string, object])[] = [
  ['card/slow', {}],
  ['card/channel-lost', { message: 'ES10.LoadEuiccPackage', when: { count: 1 } }],
  ['ipa/late-poll', { when: { count: 1 } }],
  ['ipa/crash', { when: { nth: 3, count: 1 } }],
  ['ipa/duplicate-result', { when: { count: 1 } }],
  ['eim/status', { when: { count: 1 } }],
  ['eim/garbage', { when: { count: 1 } }],
  ['eim/acknowledgement-lost', { when: { count: 1 } }],
  ['network/delay', { message: 'ES9+.*' }],
  ['network/request-lost', { message: 'ESipa.*', when: { nth: 2, count: 2 } }],
  ['network/answer-lost', { message: 'ESipa.*', when: { nth: 2, count: 1 } }],
  ['network/cut', { message: 'ESipa.*', when: { count: 1 } }],
  ['network/duplicate-request', { message: 'ESipa.*', when: { nth: 2, count: 1 } }],
]
const kinds = ['direct profile download', 'each operation on eIM configuration', 'delivery of notifications']
const struck = healing.flatMap(([fault, more]) => kinds.map((name) => [name, fault, more] as const))

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

  afterEach(() => laboratory.control('DELETE', '/faults'))

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
    expect(statuses.filter((status) => /believed|^[45]/.test(status))).toEqual([])
  })

  if (mode === 'poll')
    test.each(struck)('%s under %s', async (name, fault, more) => {
      await laboratory.control('POST', '/faults', { fault, ...more })
      await procedures[name]?.run(laboratory)
      const { injections } = (await laboratory.control('GET', '/faults/report')).body
      expect(injections).toContainEqual(expect.objectContaining({ fault }))
    })
})
