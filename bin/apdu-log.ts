/** What goes to a card and comes back, written to files while it happens: pcapng for Wireshark, or newline-delimited JSON. */
import { openSync, writeSync } from 'node:fs'
import type { CardChannel } from '../emulator/ports/index.ts'
import { type ApduExchange, pcapngHeader, pcapngPacket } from '../emulator/trace/index.ts'
import { toHex } from '../protocol/ber/index.ts'
import { UsageError } from './command.ts'

export interface ApduLogFiles {
  readonly pcap?: string | undefined
  readonly trace?: string | undefined
}

type Writer = (exchange: ApduExchange) => void

/** The card, each exchange written as soon as it is over. Throws UsageError for a file that cannot be written. */
export function withApduLog(card: CardChannel, { pcap, trace }: ApduLogFiles): CardChannel {
  const writers: Writer[] = []
  if (pcap !== undefined) writers.push(toPcapng(pcap))
  const log = trace === undefined ? undefined : open(trace)
  if (log !== undefined) writers.push((exchange) => writeSync(log, exchangeLine(exchange)))
  if (writers.length === 0) return card
  return {
    async transmit(command) {
      const at = Date.now()
      const response = await card.transmit(command)
      for (const write of writers) write({ at, command, response })
      return response
    },
    async reset() {
      if (log !== undefined) writeSync(log, `${JSON.stringify({ step: 'reset', at: Date.now() })}\n`)
      await card.reset()
    },
  }
}

/** A step as in the recording of a device, without the chance of the card. */
const exchangeLine = ({ at, command, response }: ApduExchange): string =>
  `${JSON.stringify({ step: 'apdu', at, command: toHex(command), response: toHex(response) })}\n`

function toPcapng(file: string): Writer {
  const capture = open(file)
  writeSync(capture, pcapngHeader())
  return (exchange) => void writeSync(capture, pcapngPacket(exchange))
}

function open(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}
