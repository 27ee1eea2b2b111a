/**
 * The line-JSON APDU protocol that lpac's stdio driver speaks, from the card's side: one request object a line, one answer object a line.
 * Source: observed with lpac 2.3.
 */
import { fromHex, toHex } from '../../protocol/ber/index.ts'
import type { CardChannel } from '../ports/index.ts'
import { closeLogicalChannel, openLogicalChannel } from './logical-channel.ts'

interface Answer {
  readonly ecode: number
  readonly data?: string
}

const refused: Answer = { ecode: -1 }

/** Functions of the driver. The parameter is hexadecimal text or absent; a channel may be a number, too. */
const functions: Readonly<Record<string, (card: CardChannel, parameter: unknown) => Promise<Answer>>> = {
  async connect(card) {
    await card.reset()
    return { ecode: 0 }
  },
  async disconnect(card) {
    await card.reset()
    return { ecode: 0 }
  },
  async logic_channel_open(card, aid) {
    const channel = await openLogicalChannel(card, fromHex(String(aid)))
    return channel === undefined ? refused : { ecode: channel }
  },
  async logic_channel_close(card, channel) {
    return (await closeLogicalChannel(
      card,
      typeof channel === 'string' ? Number.parseInt(channel, 16) : Number(channel),
    ))
      ? { ecode: 0 }
      : refused
  },
  async transmit(card, command) {
    return { ecode: 0, data: toHex(await card.transmit(fromHex(String(command)))) }
  },
}

/** The answer to one line; undefined when the line asks nothing of the card (progress, results, other output). */
export async function answerLine(card: CardChannel, line: string): Promise<string | undefined> {
  const request = parse(line)
  if (request?.type !== 'apdu') return undefined
  const { func, param } = request.payload ?? {}
  const run = typeof func === 'string' && Object.hasOwn(functions, func) ? functions[func] : undefined
  const payload = run ? await run(card, param).catch(() => refused) : refused
  return JSON.stringify({ type: 'apdu', payload })
}

function parse(line: string): { type?: unknown; payload?: { func?: unknown; param?: unknown } } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
