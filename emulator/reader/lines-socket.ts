import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { CardChannel } from '../ports/index.ts'
import { answerAtCommand } from './at-commands.ts'
import { answerLine } from './line-json.ts'

/** Serves a card over a pair of streams, one JSON object a line. Resolves when the input ends, or the output is heard by nobody. */
export async function serveLineJson(card: CardChannel, input: Readable, output: Writable): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  output.once('error', () => lines.close())
  for await (const line of lines) {
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
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    void serveAt(card, socket)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** All lines of an answer in one piece: a program that waits for OK would wait for a delayed acknowledgement, too. */
async function serveAt(card: CardChannel, socket: Socket): Promise<void> {
  for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
    const answers = await answerAtCommand(card, line)
    if (answers.length > 0) socket.write(answers.map((answer) => `\r\n${answer}\r\n`).join(''))
  }
}
