import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { CardChannel } from '../ports/index.ts'
import { controlOf, createFrameSplitter, vpcdControls, vpcdFrame } from './vpcd.ts'

export interface VpcdCardOptions {
  readonly host: string
  readonly port: number
  readonly card: CardChannel
  readonly atr: Uint8Array
  /** Time between two attempts to connect. */
  readonly retryMs?: number
  /** Told when the reader is connected and when it is lost. */
  readonly onState?: (state: 'connected' | 'disconnected') => void
}

/**
 * Puts a card into a virtual reader and keeps it there: connects again when the reader goes away. The returned function takes it out.
 * Resets are done in order with the commands around them.
 */
export function insertIntoVpcd(options: VpcdCardOptions): () => void {
  let socket: Socket | undefined
  let timer: NodeJS.Timeout | undefined
  let removed = false
  const attempt = () => {
    socket = connect({ host: options.host, port: options.port, noDelay: true })
    socket.once('connect', () => options.onState?.('connected'))
    socket.on('error', () => {})
    socket.once('close', () => {
      options.onState?.('disconnected')
      if (!removed) timer = setTimeout(attempt, options.retryMs ?? 1000)
    })
    serve(socket, options)
  }
  attempt()
  return () => {
    removed = true
    clearTimeout(timer)
    socket?.destroy()
  }
}

function serve(socket: Socket, { card, atr }: VpcdCardOptions): void {
  const split = createFrameSplitter()
  let queue = Promise.resolve()
  const answer = async (payload: Uint8Array) => {
    const control = controlOf(payload)
    if (control === 'getAtr') socket.write(vpcdFrame(atr))
    else if (control === undefined) socket.write(vpcdFrame(await card.transmit(payload)))
    else if (control !== 'unknown') await card.reset()
  }
  socket.on('data', (chunk) => {
    for (const payload of split(chunk)) queue = queue.then(() => answer(payload)).catch(() => void socket.destroy())
  })
}

export interface VpcdReader {
  readonly port: number
  /** The next card that is put into this reader. */
  card(): Promise<CardChannel & { atr(): Promise<Uint8Array> }>
  close(): Promise<void>
}

/** The reader's side: waits for a card that is not ours and makes it a channel that an IPA can drive. */
export async function listenAsVpcd(host: string, port: number): Promise<VpcdReader> {
  const server = createServer({ noDelay: true })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    card: async () => channelOver(((await once(server, 'connection')) as [Socket])[0]),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function channelOver(socket: Socket): CardChannel & { atr(): Promise<Uint8Array> } {
  const split = createFrameSplitter()
  const waiting: { resolve: (payload: Uint8Array) => void; reject: (reason: Error) => void }[] = []
  socket.on('data', (chunk) => {
    for (const payload of split(chunk)) waiting.shift()?.resolve(payload)
  })
  socket.once('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('The card was taken out of the reader'))
  })
  const ask = (payload: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('The card was taken out of the reader'))
      waiting.push({ resolve, reject })
      socket.write(vpcdFrame(payload))
    })
  return {
    transmit: ask,
    atr: () => ask(Uint8Array.of(vpcdControls.getAtr)),
    reset: async () => void socket.write(vpcdFrame(Uint8Array.of(vpcdControls.reset))),
  }
}
