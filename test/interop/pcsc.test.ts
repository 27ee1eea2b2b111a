import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATR } from '../../emulator/euicc/index.ts'
import { newCard } from '../../emulator/euicc/testing/cards.ts'
import { insertIntoVpcd } from '../../emulator/reader/index.ts'
import { toHex } from '../../protocol/ber/index.ts'
import { atrOverPcsc, type Pcscd, script, startPcscd, whyNot } from './pcsc-lite.ts'
import { ISDR, reader } from './reader.ts'

const reason = whyNot()

describe.runIf(reason === undefined)(
  `a card behind pcscd${reason === undefined ? '' : ` (not run: ${reason})`}`,
  () => {
    let pcscd: Pcscd
    let takeOut: () => void

    beforeAll(async () => {
      pcscd = await startPcscd()
      takeOut = insertIntoVpcd({
        host: '127.0.0.1',
        port: pcscd.port,
        card: reader(newCard()).card,
        atr: ATR,
        retryMs: 50,
      })
      await atrOverPcsc()
    })

    afterAll(async () => {
      takeOut?.()
      await pcscd?.stop()
    })

    it('shows its ATR to OpenSC, which asks it for every application that it knows', async () => {
      expect(await atrOverPcsc()).toBe(toHex(ATR))
    })

    it('tells its EID to a program that opens a channel', async () => {
      const answers = await script(
        '80aa00000aa9088100820101830107',
        '0070000001',
        `01a4040010${ISDR}`,
        '81e2910006bf3e035c015a',
        '81c0000015',
        '0070800100',
      )
      expect(answers).toEqual([
        '9000',
        '019000',
        expect.stringMatching(/^61..$/),
        '6115',
        'bf3e125a10890490321234512345123456789012359000',
        '9000',
      ])
    })

    it('forgets everything when the program resets it, as often as it does', async () => {
      const round = ['reset', '81e2910006bf3e035c015a', '0070000001', `01a4040010${ISDR}`, '81e2110003bf3e03']
      const answers = await script(...round, ...round, ...round, 'reset', 'reset', 'reset')
      const expected = [toHex(ATR), '6881', '019000', expect.stringMatching(/^61..$/), '9000']
      expect(answers).toEqual([...expected, ...expected, ...expected, toHex(ATR), toHex(ATR), toHex(ATR)])
    })
  },
)
