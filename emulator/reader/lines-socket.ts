import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { CardChannel } from '../ports/index.ts'
import { answerAtCommand } from './at-commands.ts'
import { answerLine } from './line-json.ts'

/** Serves a card over a pair of streams, one JSON object a line. Resolves when the input ends. */
export async function serveLineJson(card: CardChannel, input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const answer = await answerLine(card, line)
    if (answer !== undefined) output.write(`${answer}\n`)
  }
}

export interface AtServer {
  readonly port: number
  close(): Promise<void>
}

/** A modem's AT port over TCP with the card behind it. One connection at a time has the card to itself in practice; none is refused. */
export async function listenForAt(card: CardChannel, host: string, port: number): Promise<AtServer> {
  const server = createServer(async (socket) => {
    socket.on('error', () => {})
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }))
      for (const answer of await answerAtCommand(card, line)) socket.write(`\r\n${answer}\r\n`)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
