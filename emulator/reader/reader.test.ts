import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../protocol/ber/index.ts'
import type { CardChannel } from '../ports/index.ts'
import { insertIntoVpcd, listenAsVpcd, listenForAt, serveLineJson } from './index.ts'
import { onChannel } from './logical-channel.ts'
import { controlOf, createFrameSplitter, vpcdFrame } from './vpcd.ts'

const AID = 'a0000005591010ffffffff8900000100'

/** A card by its rows: command to response, everything else is unknown. */
function scriptedCard(rows: Record<string, string>) {
  const seen: string[] = []
  const card: CardChannel = {
    async transmit(command) {
      seen.push(toHex(command))
      return fromHex(rows[toHex(command)] ?? '6d00')
    },
    async reset() {
      seen.push('reset')
    },
  }
  return { card, seen }
}

const isdR = { '0070000001': '019000', [`01a4040010${AID}`]: '6127', '81e2910003bf3e00': '6115', '00708001': '9000' }

test('frames are cut out of any sequence of chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 50 }),
      (payloads, step) => {
        const stream = Buffer.concat(payloads.map(vpcdFrame))
        const split = createFrameSplitter()
        const found: Uint8Array[] = []
        for (let at = 0; at < stream.length; at += step) found.push(...split(stream.subarray(at, at + step)))
        expect(found.map(toHex)).toEqual(payloads.map(toHex))
      },
    ),
  )
})

test('a payload of one octet is a control code', () => {
  expect([0, 1, 2, 4, 9].map((code) => controlOf(Uint8Array.of(code)))).toEqual([
    'powerOff',
    'powerOn',
    'reset',
    'getAtr',
    'unknown',
  ])
  expect(controlOf(fromHex('00a4'))).toBeUndefined()
})

test('a card in a virtual reader answers its ATR, resets without an answer, and commands in order', async () => {
  const { card, seen } = scriptedCard({ '00a40000': '9000', '00b00000': 'aa9000' })
  const reader = await listenAsVpcd('127.0.0.1', 0)
  const arriving = reader.card()
  const takeOut = insertIntoVpcd({ host: '127.0.0.1', port: reader.port, card, atr: fromHex('3b00') })
  const inserted = await arriving
  expect(toHex(await inserted.atr())).toBe('3b00')
  await inserted.reset()
  const answers = await Promise.all([inserted.transmit(fromHex('00a40000')), inserted.transmit(fromHex('00b00000'))])
  expect(answers.map(toHex)).toEqual(['9000', 'aa9000'])
  expect(seen).toEqual(['reset', '00a40000', '00b00000'])
  takeOut()
  await expect(inserted.transmit(fromHex('00a40000'))).rejects.toThrow('taken out')
  await reader.close()
})

test('a card is put back when the reader comes back', async () => {
  const first = await listenAsVpcd('127.0.0.1', 0)
  const arriving = first.card()
  const takeOut = insertIntoVpcd({
    host: '127.0.0.1',
    port: first.port,
    card: scriptedCard({}).card,
    atr: fromHex('3b01'),
    retryMs: 1,
  })
  await arriving
  await first.close()
  const second = await listenAsVpcd('127.0.0.1', first.port)
  expect(toHex(await (await second.card()).atr())).toBe('3b01')
  takeOut()
  await second.close()
})

async function lines(card: CardChannel, requests: readonly unknown[]): Promise<unknown[]> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.end(requests.map((request) => (typeof request === 'string' ? request : JSON.stringify(request))).join('\n'))
  await serveLineJson(card, input, output)
  return String(output.read() ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).payload)
}

const apdu = (func: string, param: unknown = null) => ({ type: 'apdu', payload: { func, param } })

test('the line-JSON driver opens a channel on an application, exchanges and closes', async () => {
  const { card, seen } = scriptedCard(isdR)
  const requests = [
    apdu('connect'),
    apdu('logic_channel_open', AID),
    apdu('transmit', '81E2910003BF3E00'),
    apdu('logic_channel_close', 1),
  ]
  expect(await lines(card, requests)).toEqual([{ ecode: 0 }, { ecode: 1 }, { ecode: 0, data: '6115' }, { ecode: 0 }])
  expect(seen[0]).toBe('reset')
})

test('the card is given up when nobody hears its answers any more', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const served = serveLineJson(scriptedCard({}).card, input, output)
  output.destroy(new Error('write EPIPE'))
  await served
})

test('a channel to be closed is named in hexadecimal text or by its number', async () => {
  const { card } = scriptedCard({ '00708001': '9000', '0070800a': '9000' })
  const requests = ['01', 1, '0a', 10, 'x', null].map((channel) => apdu('logic_channel_close', channel))
  expect(await lines(card, requests)).toEqual([0, 0, 0, 0, -1, -1].map((ecode) => ({ ecode })))
})

test('what the driver cannot do is a negative code, and lines that ask nothing have no answer', async () => {
  const { card } = scriptedCard({})
  const requests = [
    apdu('logic_channel_open', AID),
    apdu('transmit', 'xy'),
    apdu('toString'),
    { type: 'progress' },
    '{',
    'null',
  ]
  expect(await lines(card, requests)).toEqual([{ ecode: -1 }, { ecode: -1 }, { ecode: -1 }])
})

test('AT commands carry the same exchange over TCP', async () => {
  const server = await listenForAt(scriptedCard(isdR).card, '127.0.0.1', 0)
  const socket = connect(server.port, '127.0.0.1')
  const heard: string[] = []
  socket.on('data', (chunk) => heard.push(String(chunk)))
  socket.end(
    [
      'ATE0',
      `AT+CCHO="${AID}"`,
      'AT+CGLA=1,16,"80E2910003BF3E00"',
      'AT+CGLA=1,4,"80E2910003BF3E00"',
      'AT+CCHC=1',
      'AT+COPS?',
      '',
    ].join('\r'),
  )
  await once(socket, 'close')
  expect(heard.join('').split('\r\n').filter(Boolean)).toEqual([
    'OK',
    '+CCHO: 1',
    'OK',
    '+CGLA: 4,"6115"',
    'OK',
    'ERROR',
    '+CCHC',
    'OK',
    'ERROR',
  ])
  await server.close()
})

test('the lines that answer one AT command are sent in one piece, and a closed server ends its connections', async () => {
  const server = await listenForAt(scriptedCard(isdR).card, '127.0.0.1', 0)
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`AT+CCHO="${AID}"\r`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toBe('\r\n+CCHO: 1\r\n\r\nOK\r\n')
  await Promise.all([once(socket, 'close'), server.close()])
})

test('a command is moved to another channel by its class octet', () => {
  expect(['00a4', '80e2'].flatMap((hex) => [1, 5].map((channel) => toHex(onChannel(fromHex(hex), channel))))).toEqual([
    '01a4',
    '41a4',
    '81e2',
    'c1e2',
  ])
})
