import { concatOctets } from '../../../protocol/ber/index.ts'
import { statusWords } from '../../../protocol/codes/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import { messageOf } from '../answer.ts'

/** A response APDU after all of it was fetched. */
export interface ApduAnswer {
  readonly data: Uint8Array
  /** Absent when the card gave none. */
  readonly statusWord?: number
  /** The status word in hex; without one, what happened instead. */
  readonly status: string
}

/** Rounds of up to 256 octets for one command. A card that goes on behind them is broken. */
const roundLimit = 1024

/** Sends one command APDU and fetches all of its answer: GET RESPONSE on 61xx, the same command with the right Le on 6Cxx. */
export async function exchange(channel: CardChannel, command: Uint8Array): Promise<ApduAnswer> {
  const parts: Uint8Array[] = []
  let next = command
  for (let round = 0; round < roundLimit; round++) {
    let answer: Uint8Array
    try {
      answer = await channel.transmit(next)
    } catch (error) {
      return { data: NOTHING, status: messageOf(error) }
    }
    if (answer.length < 2) return { data: NOTHING, status: 'an answer without a status word' }
    const end = answer.length - 2
    const sw1 = answer[end] ?? 0
    const sw2 = answer[end + 1] ?? 0
    if (end > 0) parts.push(answer.subarray(0, end))
    if (sw1 === 0x61) next = getResponse(command, sw2)
    else if (sw1 === 0x6c && next.at(-1) !== sw2) next = withLe(next, sw2)
    else return answerOf(joined(parts), (sw1 << 8) | sw2)
  }
  return { data: NOTHING, status: 'the answer does not end' }
}

const NOTHING = new Uint8Array()

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = NOTHING] = parts
  return parts.length > 1 ? concatOctets(...parts) : first
}

/** Nearly every block of a command is answered with this. */
const done: ApduAnswer = { data: NOTHING, statusWord: statusWords.ok, status: '9000' }

const answerOf = (data: Uint8Array, statusWord: number): ApduAnswer =>
  data.length === 0 && statusWord === statusWords.ok
    ? done
    : { data, statusWord, status: statusWord.toString(16).padStart(4, '0') }

/** The interindustry class of the same logical channel: 0X for 0 to 3, 4X for 4 to 19. */
function getResponse(command: Uint8Array, length: number): Uint8Array {
  const cla = command[0] ?? 0
  return Uint8Array.of(cla & 0x40 ? 0x40 | (cla & 0x0f) : cla & 0x03, 0xc0, 0x00, 0x00, length)
}

function withLe(command: Uint8Array, length: number): Uint8Array {
  const again = command.slice()
  again[again.length - 1] = length
  return again
}
