/** The real card behind vpcd's wire format and behind a modem's AT commands. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { ATR } from '../../emulator/euicc/index.ts'
import { newCard } from '../../emulator/euicc/testing/cards.ts'
import { insertIntoVpcd, listenForAt } from '../../emulator/reader/index.ts'
import { createFrameSplitter, vpcdControls, vpcdFrame } from '../../emulator/reader/vpcd.ts'
import { fromHex, toHex } from '../../protocol/ber/index.ts'
import { ISDR, reader } from './reader.ts'

const { powerOff, powerOn, reset, getAtr } = vpcdControls

/** A virtual reader that writes length and payload apart, as Debian's does, with the card in it. */
async function virtualReader() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const takeOut = insertIntoVpcd({ host: '127.0.0.1', port, card: reader(newCard()).card, atr: ATR })
  const [socket] = (await once(server, 'connection')) as [Socket]
  const split = createFrameSplitter()
  const heard: Uint8Array[] = []
  const chunks: Uint8Array[] = []
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    heard.push(...split(chunk))
    socket.emit('heard')
  })
  const tell = (payload: Uint8Array) => {
    const frame = vpcdFrame(payload)
    socket.write(frame.subarray(0, 2))
    socket.write(frame.subarray(2))
  }
  const ask = async (payload: Uint8Array) => {
    tell(payload)
    while (heard.length === 0) await once(socket, 'heard')
    return toHex(heard.shift() ?? new Uint8Array())
  }
  const close = async () => {
    takeOut()
    server.close()
    await once(server, 'close')
  }
  const control = (code: number) => tell(Uint8Array.of(code))
  return { control, ask, send: (hex: string) => ask(fromHex(hex)), chunks, close }
}

it('vpcd: power off, power on and reset have no answer and leave no channel open, the ATR has', async () => {
  const { control, ask, send, close } = await virtualReader()
  for (const code of [powerOff, powerOn, reset]) {
    expect(await send('0070000001')).toBe('019000')
    expect(await send(`01a4040010${ISDR}`)).toMatch(/^61..$/)
    for (let storm = 0; storm < 6; storm++) control(code)
    expect(await ask(Uint8Array.of(getAtr))).toBe(toHex(ATR))
    expect(await send('81e2910006bf3e035c015a')).toBe('6881')
  }
  await close()
})

it('vpcd: an answer comes in one piece, length and payload together', async () => {
  const { send, chunks, close } = await virtualReader()
  const answers = []
  for (const command of ['0070000001', `01a4040010${ISDR}`, '81e2910006bf3e035c015a', '81c0000015'])
    answers.push(await send(command))
  expect(chunks.map(({ length }) => length)).toEqual(answers.map((answer) => 2 + answer.length / 2))
  await close()
})

/** One connection to the modem: a command, and its answer lines up to OK or ERROR. */
async function modem() {
  const server = await listenForAt(reader(newCard()).card, '127.0.0.1', 0)
  const socket = connect(server.port, '127.0.0.1')
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const at = async (command: string): Promise<string[]> => {
    socket.write(`${command}\r`)
    const answer: string[] = []
    while (!['OK', 'ERROR'].includes(answer.at(-1) ?? '')) {
      const { value = 'ERROR' } = await lines.next()
      if (value !== '') answer.push(value)
    }
    return answer
  }
  const close = async () => {
    socket.end()
    await server.close()
  }
  return { at, close }
}

const EID_ANSWER = 'BF3E125A10890490321234512345123456789012359000'

it('AT+CCHO, CGLA and CCHC: the modem opens the channel and sets the class', async () => {
  const { at, close } = await modem()
  expect(await at(`AT+CCHO="${ISDR.toUpperCase()}"`)).toEqual(['+CCHO: 1', 'OK'])
  expect(await at('AT+CGLA=1,22,"80E2910006BF3E035C015A"')).toEqual(['+CGLA: 4,"6115"', 'OK'])
  expect(await at('AT+CGLA=1,10,"80C0000015"')).toEqual([`+CGLA: 46,"${EID_ANSWER}"`, 'OK'])
  expect(await at('AT+CCHC=1')).toEqual(['+CCHC', 'OK'])
  expect(await at('AT+CCHC=1')).toEqual(['ERROR'])
  await close()
})

it('AT+CSIM: the program does all of it', async () => {
  const { at, close } = await modem()
  expect(await at('AT+CSIM=10,"0070000001"')).toEqual(['+CSIM: 6,"019000"', 'OK'])
  expect(await at(`AT+CSIM=42,"01A4040010${ISDR.toUpperCase()}"`)).toEqual([expect.stringMatching(/"61..",?/), 'OK'])
  expect(await at('AT+CSIM=22,"81E2910006BF3E035C015A"')).toEqual(['+CSIM: 4,"6115"', 'OK'])
  expect(await at('AT+CSIM=10,"81C0000015"')).toEqual([`+CSIM: 46,"${EID_ANSWER}"`, 'OK'])
  await close()
})
