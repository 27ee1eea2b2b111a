/** A line to a port of this machine that can be cut. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface UnsteadyLine {
  readonly port: number
  /** Ends every connection, and lets no other one through until it is mended. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function openLine(target: number): Promise<UnsteadyLine> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy()
    const other = connect(target, '127.0.0.1')
    for (const [one, next] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => next.destroy()).on('close', () => sockets.delete(one))
      one.pipe(next)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      endAll()
    },
    mend() {
      isCut = false
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        endAll()
      }),
  }
}
