/** The settings of the programs beside this file, and what stands between them and the test. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { CardChannel, HttpHandler } from '../../emulator/ports/index.ts'

export type EimStorage =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'embedded'; readonly folder: string }

export interface EimProgram {
  /** Of the PKI, with the time when it was made. */
  readonly seed: string
  readonly now: number
  readonly eimId: string
  /** With the port that IPAs are told. */
  readonly fqdn: string
  readonly esipaPort: number
  readonly northboundPort: number
  readonly storage: EimStorage
}

export interface IpaProgram {
  readonly cards: readonly { readonly url: string; readonly memory: string }[]
  /** PEM. */
  readonly ca: string
  readonly pauseMs: number
}

/** A card that outlives whoever talks to it. A command that it has got is carried out, whether anybody waits for its answer or not. */
export const cardDoor =
  (cards: ReadonlyMap<string, CardChannel>): HttpHandler =>
  async ({ path, body }) => {
    const [, eid = '', call] = path.split('/')
    const card = cards.get(eid)
    if (!card) return { status: 404, headers: {}, body: new Uint8Array() }
    if (call === 'apdu') return { status: 200, headers: {}, body: await card.transmit(body) }
    await card.reset()
    return { status: 200, headers: {}, body: new Uint8Array() }
  }

export interface Address {
  readonly port: number
  close(): Promise<void>
}

/** One address in front of several: each connection goes to the next one that is there. */
export const createBalancer = async (host: string, ports: readonly number[]): Promise<Address> => {
  const open = new Set<Socket>()
  let turn = 0
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
  }
  const pass = (client: Socket, attempt: number): void => {
    const server = connect({ host, port: ports[turn++ % ports.length] ?? 0 })
    keep(server)
    const next = () => (attempt < ports.length ? pass(client, attempt + 1) : client.destroy())
    server.once('error', next).once('connect', () => {
      server.off('error', next)
      client.pipe(server).pipe(client)
      server.on('close', () => client.destroy())
      client.on('close', () => server.destroy())
    })
  }
  const balancer = createServer((client) => {
    keep(client)
    pass(client, 1)
  })
  await new Promise<void>((resolve) => balancer.listen(0, host, resolve))
  return {
    port: (balancer.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => balancer.close(resolve))
    },
  }
}
