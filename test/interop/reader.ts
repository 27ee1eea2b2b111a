import { createCard, type EuiccState, systemEntropy } from '../../emulator/euicc/index.ts'
import { fromHex, toHex } from '../../protocol/ber/index.ts'

export const ISDR = 'a0000005591010ffffffff8900000100'

/** A card behind the port that every door uses. All hexadecimal. */
export function reader(state: EuiccState) {
  const card = createCard({ state, entropy: systemEntropy })
  const send = async (apdu: string) => toHex(await card.transmit(fromHex(apdu)))
  /** STORE DATA on a channel in blocks without Le, as programs send it: what each block was answered with. */
  const storeData = async (request: Uint8Array, { blockSize = 255, channel = 0 } = {}): Promise<string[]> => {
    const answers: string[] = []
    const count = Math.ceil(request.length / blockSize)
    for (let i = 0; i < count; i++) {
      const block = request.subarray(i * blockSize, (i + 1) * blockSize)
      const header = Uint8Array.of(0x80 | channel, 0xe2, i === count - 1 ? 0x91 : 0x11, i, block.length)
      answers.push(await send(toHex(header) + toHex(block)))
    }
    return answers
  }
  /** All that waits behind 61xx. */
  const fetchAnswer = async (first: string, cla = '00'): Promise<string> => {
    let data = ''
    let answer = first
    while (/61..$/.test(answer)) {
      data += answer.slice(0, -4)
      answer = await send(`${cla}c00000${answer.slice(-2)}`)
    }
    return data + answer
  }
  return { card, send, storeData, fetchAnswer }
}

export type Reader = ReturnType<typeof reader>

/** What a program sends, and what it goes on with. */
export type Conversation = readonly (readonly [command: string, answer: RegExp])[]

/** The commands that were answered otherwise, with their answers. */
export async function unexpected({ send }: Pick<Reader, 'send'>, conversation: Conversation): Promise<string[]> {
  const wrong: string[] = []
  for (const [command, expected] of conversation) {
    const answer = await send(command)
    if (!expected.test(answer)) wrong.push(`${command} -> ${answer}`)
  }
  return wrong
}
