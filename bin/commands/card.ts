import { ATR, createCard, systemEntropy } from '../../emulator/euicc/index.ts'
import { insertIntoVpcd, listenForAt, serveLineJson } from '../../emulator/reader/index.ts'
import { createFactory, eidOf } from '../../emulator/testbed/index.ts'
import { type Command, textOf, UsageError } from '../command.ts'
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
    const { seed } = readConfig({ environment: process.env })
    const factory = await createFactory({ seed, now: Date.now() })
    const card = createCard({ state: factory.card(textOf(args, 'eid') ?? eidOf('acme', 1)), entropy: systemEntropy })
    if (args.flags['stdio'] === true) {
      await serveLineJson(card, process.stdin, process.stdout)
      return 0
    }
    const [vpcd, at] = [textOf(args, 'vpcd'), textOf(args, 'at')]
    if (vpcd !== undefined) {
      const onState = (state: string) => process.stderr.write(`${state} ${vpcd}\n`)
      const takeOut = insertIntoVpcd({ ...addressOf(vpcd), card, atr: ATR, onState })
      await untilSignal()
      takeOut()
      return 0
    }
    if (at === undefined) throw new UsageError('card: say where it is to be offered: --vpcd, --at or --stdio.')
    const { host, port } = addressOf(at)
    const server = await listenForAt(card, host, port)
    process.stderr.write(`AT commands at ${host}:${server.port}\n`)
    await untilSignal()
    await server.close()
    return 0
  },
}

function addressOf(text: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text)
  if (!match) throw new UsageError(`card: ${text} is not HOST:PORT.`)
  return { host: match[1] as string, port: Number(match[2]) }
}
