import { ATR, createCard, type EmulatedCard, systemEntropy } from '../../emulator/euicc/index.ts'
import { insertIntoVpcd, listenForAt, serveLineJson } from '../../emulator/reader/index.ts'
import { createFactory, eidOf } from '../../emulator/testbed/index.ts'
import { isEid } from '../../protocol/identifiers/index.ts'
import { type Arguments, type Command, textOf, UsageError } from '../command.ts'
import { readConfig } from '../config.ts'
import { untilSignal } from './up.ts'

export const cardCommand: Command = {
  name: 'card',
  summary: 'One eUICC alone, offered to programs that are not ours.',
  flags: {
    vpcd: { value: 'HOST:PORT', summary: "put it into vsmartcard's virtual reader; any PC/SC program sees it there" },
    at: { value: 'HOST:PORT', summary: 'listen as a modem with AT+CCHO, CGLA, CCHC and CSIM' },
    stdio: { summary: "speak the line-JSON protocol of lpac's stdio driver on standard input and output" },
    eid: { value: 'EID', summary: '32 digits; default: the first of the testbed' },
  },
  async run(args) {
    const offer = doorOf(args)
    const eid = textOf(args, 'eid') ?? eidOf('acme', 1)
    if (!isEid(eid)) throw new UsageError(`card: ${eid} is not an EID of 32 digits.`)
    const { seed } = readConfig({ environment: process.env })
    const factory = await createFactory({ seed, now: Date.now() })
    await offer(createCard({ state: factory.card(eid), entropy: systemEntropy }))
    return 0
  },
}

/** Offers the card until the peer or a signal ends it. */
type Door = (card: EmulatedCard) => Promise<void>

function doorOf(args: Arguments): Door {
  const [vpcd, at] = [textOf(args, 'vpcd'), textOf(args, 'at')]
  const doors: Door[] = []
  if (args.flags['stdio'] === true) doors.push((card) => serveLineJson(card, process.stdin, process.stdout))
  if (vpcd !== undefined) doors.push(intoVpcd(addressOf(vpcd)))
  if (at !== undefined) doors.push(behindModem(addressOf(at)))
  const [door, another] = doors
  if (!door) throw new UsageError('card: say where it is to be offered: --vpcd, --at or --stdio.')
  if (another) throw new UsageError('card: one door at a time: --vpcd, --at or --stdio.')
  return door
}

const intoVpcd =
  ({ host, port }: Address): Door =>
  async (card) => {
    const onState = (state: string) => process.stderr.write(`${state} ${host}:${port}\n`)
    const takeOut = insertIntoVpcd({ host, port, card, atr: ATR, onState })
    await untilSignal()
    takeOut()
  }

const behindModem =
  ({ host, port }: Address): Door =>
  async (card) => {
    const server = await listenForAt(card, host, port)
    process.stderr.write(`AT commands at ${host}:${server.port}\n`)
    await untilSignal()
    await server.close()
  }

interface Address {
  readonly host: string
  readonly port: number
}

function addressOf(text: string): Address {
  const [, host, digits] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (host === undefined || port > 65_535) throw new UsageError(`card: ${text} is not HOST:PORT.`)
  return { host, port }
}
