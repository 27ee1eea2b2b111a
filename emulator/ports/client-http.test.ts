import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpClient } from './index.ts'

interface Told {
  /** Requests as they came, connection by connection. */
  readonly seen: string[][]
  readonly url: string
}

/** A server that says to each request, which ends where its connection pauses, what `answer` does with it. */
async function serve(answer: (socket: Socket, request: string) => void): Promise<Told> {
  const seen: string[][] = []
  const server: Server = createServer((socket) => {
    const requests: string[] = []
    seen.push(requests)
    socket.on('error', () => {})
    socket.on('data', (part) => {
      requests.push(String(part))
      answer(socket, String(part))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'
const message = { method: 'POST', headers: { 'content-type': 'x/y' }, body: Buffer.from('abc') }

test('requests one after the other share a connection, those at the same time do not', async () => {
  const { seen, url } = await serve((socket) => socket.write(ok))
  const send = createHttpClient()
  await send(url, message)
  await send(url, message)
  expect(seen.map(({ length }) => length)).toEqual([2])
  await Promise.all([send(url, message), send(url, message)])
  expect(seen.map(({ length }) => length)).toEqual([3, 1])
})

test.each([
  ['that the server ends', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx'],
  ['on which more came than was asked for', `${ok}${ok}`],
])('a connection %s is not used again', async (_what, text) => {
  const { seen, url } = await serve((socket) => socket.write(text))
  const send = createHttpClient()
  await send(url, message)
  await send(url, message)
  expect(seen.map(({ length }) => length)).toEqual([1, 1])
})

test('an answer without a length ends with its connection', async () => {
  const { url } = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nabc'))
  expect(await createHttpClient()(url, message)).toMatchObject({ body: Buffer.from('abc') })
})

test('a server that says nothing is given up when its time has passed', async () => {
  const { url } = await serve(() => {})
  const host = new URL(url).host
  await expect(createHttpClient({ timeoutMs: 20 })(url, message)).rejects.toThrow(`No answer from ${host} within 20 ms`)
  const after = (ms: number, call: () => void) => {
    if (ms === 5_000) setImmediate(call)
    return () => {}
  }
  await expect(createHttpClient({ timeoutMs: 5_000, after })(url, message)).rejects.toThrow('within 5000 ms')
})
