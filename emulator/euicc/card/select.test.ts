import { expect, test } from 'vitest'
import { newCard } from '../testing/cards.ts'
import { addInitialEim, configurationOf, load, packageOf, psmos } from '../testing/eim.ts'
import { ICCID } from '../testing/profiles.ts'
import { download } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

/** A card with an enabled profile, its MF selected. */
function cardWithProfile(): Terminal {
  const card = new Terminal(newCard()).selectIsdr()
  addInitialEim(card, configurationOf())
  download(card)
  load(card, packageOf(psmos({ kind: 'enable', value: { iccid: ICCID } })))
  card.send('00a4000c023f00')
  return card
}

const SELECTED = '9000'
const NOT_FOUND = '6a82'

test.each([
  ['the MF without data', ['00a4000c'], SELECTED],
  ['a file of the current directory', ['00a4000c022fe2'], SELECTED],
  ['a file that is not there', ['00a4000c022fff'], NOT_FOUND],
  ['the MF from below', ['00a4000c027ff0', '00a4000c023f00'], SELECTED],
  ['a file of another directory', ['00a4000c027ff0', '00a4000c022fe2'], SELECTED],
  ['the parent of a directory', ['00a4000c027ff0', '00a4030c'], SELECTED],
  ['the parent of the MF', ['00a4030c'], NOT_FOUND],
  ['a path from the MF', ['00a4080c047ff06f07'], SELECTED],
  ['a path from the current directory', ['00a4000c027ff0', '00a4090c026f07'], SELECTED],
  ['a path that leads nowhere', ['00a4080c047ff06fff'], NOT_FOUND],
  ['half a path', ['00a4080c037ff06f'], NOT_FOUND],
  ['an identifier of one octet', ['00a4000c013f'], NOT_FOUND],
  ['the current application before there is one', ['00a4000c027fff'], NOT_FOUND],
  ['the current application', ['00a4040c07a0000000871002', '00a4000c027fff'], SELECTED],
  ['a path from the current application', ['00a4040c07a0000000871002', '00a4080c047fff6f07'], SELECTED],
  ['an ISD-P by its AID', ['00a4040c10a0000005591010ffffffff8900001000'], NOT_FOUND],
] as const)('SELECT of %s', (_, commands, statusWord) => {
  const card = cardWithProfile()
  expect(commands.map((command) => card.send(command)).at(-1)).toBe(statusWord)
})

test('a short identifier reads a file of the current directory and selects it', () => {
  const card = cardWithProfile()
  expect(card.send('00b087000a')).toBe(NOT_FOUND)
  card.send('00a4040c07a0000000871002')
  expect(card.send('00b0870001')).toBe('089000')
  expect(card.send('00b0000102')).toBe('29269000')
  expect(card.send('00b2010c04')).toBe('11f2ff009000')
  expect(card.send('00b2010401')).toBe('6c04')
  expect(card.send('00b2010204')).toBe('6a86')
})

test('after a switch the files of the profile before are not selected any more, and the ISD-R still is', () => {
  const card = cardWithProfile()
  card.send('0070000001')
  card.send('01a4040c07a0000000871002')
  card.selectIsdr()
  load(card, packageOf(psmos({ kind: 'disable', value: { iccid: ICCID } }), { counterValue: 12 }))
  expect(card.send('81f2000100')).toBe('9000')
  expect(card.send('01b0870001')).toBe(NOT_FOUND)
  expect(card.send('80e2910006bf3e035c015a00')).toBe('6115')
})
