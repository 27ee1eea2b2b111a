import { expect, test } from 'vitest'
import { fromHex } from '../../../protocol/ber/index.ts'
import {
  type Eco,
  GetEimConfigurationDataRequest,
  GetEimConfigurationDataResponse,
} from '../../../protocol/sgp32/index.ts'
import { newCard, pki } from '../testing/cards.ts'
import {
  addInitialEim,
  associatedCard,
  configurationOf,
  EIM_ID,
  ecos,
  load,
  packageOf,
  resultsOf,
} from '../testing/eim.ts'
import { ciPkIdOf } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

type Configuration = ReturnType<typeof configurationOf>

const other = configurationOf({ eimId: 'other.example.com' })
const third = configurationOf({ eimId: 'third.example.com' })
const without = <K extends keyof Configuration>(configuration: Configuration, name: K): Configuration => {
  const { [name]: _gone, ...rest } = configuration
  return rest as Configuration
}
const badKey = { eimPublicKeyData: { kind: 'eimPublicKey', value: fromHex('3000') } } as const
const unknownCi = { euiccCiPKId: new Uint8Array(20) }
const highCounter = { counterValue: 0x800000 }
const token = { associationToken: 5 }

function run(operation: Eco, card = associatedCard()) {
  const [result] = resultsOf(load(card, packageOf(ecos(operation))))
  return { card, result, eims: card.state.memory.eims }
}

const addRefusals: readonly [check: string, configuration: Configuration, code: string][] = [
  ['eim-data-complete', without(other, 'counterValue'), 'commandError'],
  ['eim-data-complete', without(other, 'eimPublicKeyData'), 'commandError'],
  ['eim-data-complete', { ...other, ...badKey }, 'commandError'],
  ['eim-data-complete', without(configurationOf(), 'counterValue'), 'commandError'],
  ['eim-new', configurationOf(), 'associatedEimAlreadyExists'],
  ['eim-new', configurationOf(token), 'associatedEimAlreadyExists'],
  ['token-absent-or-requested', { ...other, ...token }, 'invalidAssociationToken'],
  ['token-absent-or-requested', { ...other, ...token, ...unknownCi }, 'invalidAssociationToken'],
  ['ci-for-signing', { ...other, ...unknownCi }, 'ciPKUnknown'],
  ['ci-for-signing', { ...other, ...unknownCi, ...highCounter }, 'ciPKUnknown'],
  ['counter-in-range', { ...other, ...highCounter }, 'counterValueOutOfRange'],
  ['counter-in-range', { ...other, counterValue: -1 }, 'counterValueOutOfRange'],
]

test.each(addRefusals)('addEim is refused because of %s %#', (check, value, code) => {
  const { card, result, eims } = run({ kind: 'addEim', value })
  expect(result).toEqual({ kind: 'addEimResult', value: { kind: 'addEimResultCode', value: code } })
  expect(eims).toHaveLength(1)
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'refused', check }))
})

test.each([
  ['room-for-eim', other],
  ['room-for-eim', { ...other, ...token }],
])('addEim is refused because of %s on a card that is full %#', (check, value) => {
  const card = new Terminal(newCard({ limits: { eims: 1 } })).selectIsdr()
  addInitialEim(card, configurationOf())
  const { result } = run({ kind: 'addEim', value }, card)
  expect(result).toEqual({ kind: 'addEimResult', value: { kind: 'addEimResultCode', value: 'insufficientMemory' } })
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'refused', check }))
  const known = run({ kind: 'addEim', value: configurationOf() }, restart(card))
  expect(known.result).toMatchObject({ value: { value: 'associatedEimAlreadyExists' } })
})

/** The same card before its first package. */
function restart(card: Terminal): Terminal {
  const eims = card.state.memory.eims.map((eim) => ({ ...eim, counterValue: 10 }))
  card.state = { ...card.state, memory: { ...card.state.memory, eims } }
  return card
}

test('addEim generates a token when it is asked for, and never the same twice', () => {
  const asked = { ...other, associationToken: -1 }
  const { card, result } = run({ kind: 'addEim', value: asked })
  expect(result).toEqual({ kind: 'addEimResult', value: { kind: 'associationToken', value: 1 } })
  run({ kind: 'deleteEim', value: { eimId: other.eimId } }, restart(card))
  const again = run({ kind: 'addEim', value: asked }, restart(card))
  expect(again.result).toEqual({ kind: 'addEimResult', value: { kind: 'associationToken', value: 2 } })
})

test('addEim without a token answers ok, and the new eIM can send packages', () => {
  const { card, result } = run({ kind: 'addEim', value: other })
  expect(result).toEqual({ kind: 'addEimResult', value: { kind: 'addEimResultCode', value: 'ok' } })
  const answer = load(card, packageOf(ecos({ kind: 'listEim', value: {} }), { eimId: other.eimId }))
  expect(resultsOf(answer)).toMatchObject([
    { value: { kind: 'eimIdList', value: [{ eimId: EIM_ID }, { eimId: other.eimId }] } },
  ])
})

test('the key of an eIM may come in a certificate', () => {
  const { certificate, privateKey } = pki.nist.eimSigning
  const value = { ...other, eimPublicKeyData: { kind: 'eimCertificate', value: certificate } } as const
  const { card } = run({ kind: 'addEim', value })
  const list = packageOf(ecos({ kind: 'listEim', value: {} }), { eimId: other.eimId, key: privateKey })
  expect(resultsOf(load(card, list))).toHaveLength(1)
})

test('deleteEim of an eIM that is not there is refused', () => {
  const { result, eims } = run({ kind: 'deleteEim', value: { eimId: 'nobody' } })
  expect(result).toEqual({ kind: 'deleteEimResult', value: 'eimNotFound' })
  expect(eims).toHaveLength(1)
})

test('an eIM may delete itself; the result is still signed, and with the last one AddInitialEim is possible again', () => {
  const { card, result, eims } = run({ kind: 'deleteEim', value: { eimId: EIM_ID } })
  expect(result).toEqual({ kind: 'deleteEimResult', value: 'lastEimDeleted' })
  expect(eims).toEqual([])
  expect(addInitialEim(card, configurationOf()).kind).toBe('addInitialEimOk')
})

test('lastEimDeleted counts as success', () => {
  const operations = ecos({ kind: 'deleteEim', value: { eimId: EIM_ID } }, { kind: 'addEim', value: other })
  expect(resultsOf(load(associatedCard(), packageOf(operations)))).toHaveLength(2)
})

const self = { eimId: EIM_ID }
const lowered = { counterValue: 9 }

const updateRefusals: readonly [check: string, configuration: Configuration, code: string][] = [
  ['eim-known', { eimId: 'nobody', counterValue: 20 }, 'eimNotFound'],
  ['eim-known', { eimId: 'nobody', ...token }, 'eimNotFound'],
  ['token-absent', { ...self, ...token }, 'commandError'],
  ['something-to-update', self, 'commandError'],
  ['key-readable', { ...self, ...badKey }, 'commandError'],
  ['key-readable', { ...self, ...badKey, ...unknownCi }, 'commandError'],
  ['ci-for-signing', { ...self, ...unknownCi }, 'ciPKUnknown'],
  ['ci-for-signing', { ...self, ...unknownCi, ...lowered }, 'ciPKUnknown'],
  ['counter-not-lowered', { ...self, ...lowered }, 'counterValueOutOfRange'],
  ['counter-not-lowered', { ...self, counterValue: -1 }, 'counterValueOutOfRange'],
  ['counter-in-range', { ...self, ...highCounter }, 'counterValueOutOfRange'],
  ['counter-in-range', configurationOf({ counterValue: -1 }), 'counterValueOutOfRange'],
]

test.each(updateRefusals)('updateEim is refused because of %s %#', (check, value, code) => {
  const { card, result, eims } = run({ kind: 'updateEim', value })
  expect(result).toEqual({ kind: 'updateEimResult', value: code })
  expect(eims).toMatchObject([{ counterValue: 11 }])
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'refused', check }))
})

test('updateEim replaces what it names and keeps the rest', () => {
  const { card, result, eims } = run({ kind: 'updateEim', value: { ...self, eimFqdn: 'new.example.com' } })
  expect(result).toEqual({ kind: 'updateEimResult', value: 'ok' })
  expect(eims).toMatchObject([{ counterValue: 11, configuration: { eimFqdn: 'new.example.com', eimId: EIM_ID } }])
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'eim-updated', eimId: EIM_ID }))
})

test('a counter that an eIM gives itself stays, with a new key also a lower one', () => {
  expect(run({ kind: 'updateEim', value: { ...self, counterValue: 50 } }).eims).toMatchObject([{ counterValue: 50 }])
  expect(run({ kind: 'updateEim', value: configurationOf({ counterValue: 0 }) }).eims).toMatchObject([
    { counterValue: 0 },
  ])
})

test('listEim names the type of identifiers that are an OID or an FQDN', () => {
  const named = { ...other, eimIdType: 'eimIdTypeFqdn' } as const
  const { card } = run({ kind: 'addEim', value: named })
  expect(run({ kind: 'listEim', value: {} }, restart(card)).result).toEqual({
    kind: 'listEimResult',
    value: { kind: 'eimIdList', value: [{ eimId: EIM_ID }, { eimId: other.eimId, eimIdType: 'eimIdTypeFqdn' }] },
  })
})

test('AddInitialEim fills in defaults, keeps the counter to itself and answers one element for each entry', () => {
  const card = new Terminal(newCard()).selectIsdr()
  const answer = addInitialEim(card, configurationOf({ associationToken: -1 }), other)
  expect(answer).toEqual({
    kind: 'addInitialEimOk',
    value: [
      { kind: 'associationToken', value: 1 },
      { kind: 'addOk', value: true },
    ],
  })
  const all = card.call(GetEimConfigurationDataRequest, {}, GetEimConfigurationDataResponse)
  expect(all.eimConfigurationDataList).toMatchObject([
    { eimId: EIM_ID, associationToken: 1, eimIdType: 'eimIdTypeProprietary', euiccCiPKId: ciPkIdOf('nist') },
    { eimId: other.eimId, eimSupportedProtocol: ['eimProprietary'] },
  ])
  expect(all.eimConfigurationDataList[0]).not.toHaveProperty('counterValue')
  const criteria = { searchCriteria: { kind: 'eimId', value: other.eimId } } as const
  const one = card.call(GetEimConfigurationDataRequest, criteria, GetEimConfigurationDataResponse)
  expect(one.eimConfigurationDataList).toHaveLength(1)
})

test.each([
  ['no-eim-yet', [other], 'associatedEimAlreadyExists', true],
  ['no-eim-yet', [without(other, 'counterValue')], 'associatedEimAlreadyExists', true],
  ['eim-data-complete', [other, without(configurationOf(), 'counterValue')], 'commandError', false],
  ['eim-data-complete', [other, without(other, 'counterValue')], 'commandError', false],
  ['eim-new', [other, other], 'associatedEimAlreadyExists', false],
  ['eim-new', [other, configurationOf(), other], 'associatedEimAlreadyExists', false],
  ['room-for-eim', [other, configurationOf(), third], 'insufficientMemory', false],
  ['room-for-eim', [other, configurationOf(), { ...third, ...token }], 'insufficientMemory', false],
  ['token-absent-or-requested', [{ ...other, ...token }], 'invalidAssociationToken', false],
  ['token-absent-or-requested', [{ ...other, ...token, ...unknownCi }], 'invalidAssociationToken', false],
  ['ci-for-signing', [{ ...other, ...unknownCi }], 'ciPKUnknown', false],
  ['ci-for-signing', [{ ...other, ...unknownCi, ...highCounter }], 'ciPKUnknown', false],
  ['counter-in-range', [{ ...other, ...highCounter }], 'counterValueOutOfRange', false],
])('AddInitialEim is refused as a whole because of %s %#', (check, list, code, isAssociated) => {
  const card = isAssociated ? associatedCard() : new Terminal(newCard({ limits: { eims: 2 } })).selectIsdr()
  const { memory } = card.state
  expect(addInitialEim(card, ...list)).toEqual({ kind: 'addInitialEimError', value: code })
  expect(card.state.memory).toBe(memory)
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'AddInitialEim', check }])
})
