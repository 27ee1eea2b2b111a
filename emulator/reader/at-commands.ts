/** AT commands that carry APDUs (3GPP TS 27.007: 8.17 CSIM, 8.45 CCHO, 8.46 CCHC, 8.43 CGLA). */
import { fromHex, toHex } from '../../protocol/ber/index.ts'
import type { CardChannel } from '../ports/index.ts'
import { closeLogicalChannel, onChannel, openLogicalChannel } from './logical-channel.ts'

interface AtCommand {
  readonly pattern: RegExp
  /** Information lines before OK; undefined: ERROR. */
  readonly run: (card: CardChannel, groups: readonly string[]) => Promise<readonly string[] | undefined>
}

const nothing = async () => []

async function exchange(card: CardChannel, length: string, hex: string, channel?: number): Promise<string | undefined> {
  if (Number(length) !== hex.length) return undefined
  const command = fromHex(hex)
  const response = toHex(
    await card.transmit(channel === undefined ? command : onChannel(command, channel)),
  ).toUpperCase()
  return `${response.length},"${response}"`
}

const commands: readonly AtCommand[] = [
  { pattern: /^AT(?:E[01])?$/i, run: nothing },
  { pattern: /^AT\+(?:CCHO|CCHC|CGLA|CSIM)=\?$/i, run: nothing },
  {
    pattern: /^AT\+CCHO="([0-9A-F]+)"$/i,
    async run(card, [aid = '']) {
      const channel = await openLogicalChannel(card, fromHex(aid))
      return channel === undefined ? undefined : [`+CCHO: ${channel}`]
    },
  },
  {
    pattern: /^AT\+CCHC=(\d+)$/i,
    run: async (card, [channel]) => ((await closeLogicalChannel(card, Number(channel))) ? ['+CCHC'] : undefined),
  },
  {
    pattern: /^AT\+CGLA=(\d+),(\d+),"([0-9A-F]+)"$/i,
    async run(card, [channel, length = '', hex = '']) {
      const answer = await exchange(card, length, hex, Number(channel))
      return answer === undefined ? undefined : [`+CGLA: ${answer}`]
    },
  },
  {
    pattern: /^AT\+CSIM=(\d+),"([0-9A-F]+)"$/i,
    async run(card, [length = '', hex = '']) {
      const answer = await exchange(card, length, hex)
      return answer === undefined ? undefined : [`+CSIM: ${answer}`]
    },
  },
]

/** The lines that answer one command line, the last being OK or ERROR. An empty line has no answer. */
export async function answerAtCommand(card: CardChannel, line: string): Promise<readonly string[]> {
  const text = line.trim()
  if (text === '') return []
  for (const { pattern, run } of commands) {
    const match = pattern.exec(text)
    if (!match) continue
    const lines = await run(card, match.slice(1)).catch(() => undefined)
    return lines ? [...lines, 'OK'] : ['ERROR']
  }
  return ['ERROR']
}
