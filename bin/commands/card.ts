import { setTimeout as sleep } from 'node:timers/promises'
import { ATR, createCard, systemEntropy, withLatency } from '../../emulator/euicc/index.ts'
import type { CardChannel } from '../../emulator/ports/index.ts'
import { insertIntoVpcd, listenForAt, serveLineJson } from '../../emulator/reader/index.ts'
import { createFactory, eidOf } from '../../emulator/testbed/index.ts'
import { isEid } from '../../protocol/identifiers/index.ts'
import { withApduLog } from '../apdu-log.ts'
import { type Arguments, type Command, textOf, UsageError } from '../command.ts'
import { readConfig } from '../config.ts'
import type { Config } from '../config-schema.ts'
import { untilSignal } from '../signal.ts'
import { cardSettings } from '../world.ts'

export const cardCommand: Command = {
  name: 'card',
  summary: 'One eUICC alone, offered to programs that are not ours.',
  flags: {
    vpcd: { value: 'HOST:PORT', summary: "put it into vsmartcard's virtual reader; any PC/SC program sees it there" },
    at: { value: 'HOST:PORT', summary: 'listen as a modem with AT+CCHO, CGLA, CCHC and CSIM' },
    stdio: { summary: "speak the line-JSON protocol of lpac's stdio driver on standard input and output" },
    eid: { value: 'EID', summary: '32 digits; default: the first of the testbed' },
    config: { value: 'FILE', summary: 'configuration in YAML or JSON: seed, euicc' },
    variant: { value: 'NAME', summary: 'a habit of real cards (docs/euicc-coverage.md)', multiple: true },
    latency: { value: 'NAME', summary: 'silicon: as slow as real cards were measured' },
    specification: { value: 'VERSION', summary: 'of SGP.32: 1.2 (default) or 1.0.1' },
    personality: { value: 'NAME', summary: 'consumer: an eUICC of SGP.22 only' },
    pcap: { value: 'FILE', summary: 'write the APDUs as a capture that Wireshark reads' },
    trace: { value: 'FILE', summary: 'write them as newline-delimited JSON' },
  },
  async run(args) {
    const offer = doorOf(args)
    const eid = textOf(args, 'eid') ?? eidOf('acme', 1)
    if (!isEid(eid)) throw new UsageError(`card: ${eid} is not an EID of 32 digits.`)
    const { seed, euicc } = configOf(args)
    const factory = await createFactory({ seed, now: Date.now() })
    const card = createCard({ state: factory.card(eid, cardSettings(euicc)), entropy: systemEntropy })
    const slowed = withLatency(card, { latency: euicc.latency, delay: sleep })
    await offer(withApduLog(slowed, { pcap: textOf(args, 'pcap'), trace: textOf(args, 'trace') }))
    return 0
  },
}

const configOf = (args: Arguments): Config =>
  readConfig({
    file: textOf(args, 'config'),
    environment: process.env,
    flags: {
      'euicc.variants': args.flags['variant'],
      'euicc.latency': textOf(args, 'latency'),
      'euicc.personality': textOf(args, 'personality'),
      'euicc.specification': textOf(args, 'specification'),
    },
  })

/** Offers the card until the peer or a signal ends it. */
type Door = (card: CardChannel) => Promise<void>

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
