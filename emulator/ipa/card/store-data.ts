import { isSuccess, statusWords } from '../../../protocol/codes/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import { type ApduAnswer, exchange } from './apdu.ts'

/** A logical channel on which the ISD-R is selected. */
export interface IsdrChannel {
  readonly channel: CardChannel
  /** 0 to 19. */
  readonly logicalChannel: number
  /** Octets of data in one STORE DATA, 1 to 255. */
  readonly blockSize: number
}

const STORE_DATA = 0xe2
const lastBlock = 0x91
const moreBlocks = 0x11
const blockLimit = 256
const tooLong = { statusWord: statusWords.wrongLength, status: 'more than 256 blocks' }

/**
 * STORE DATA: SGP.22 v2.x, 5.7.2, tables 47 and 48. One command in as many blocks as it needs. A block before the last is answered with an empty
 * 9000; anything else ends the command and is its answer.
 */
export async function storeData(isdr: IsdrChannel, command: Uint8Array): Promise<ApduAnswer> {
  const blocks = Math.ceil(command.length / isdr.blockSize)
  if (blocks > blockLimit) return { data: new Uint8Array(), ...tooLong }
  for (let number = 0; number < blocks - 1; number++) {
    const answer = await exchange(isdr.channel, block(isdr, command, number))
    if (!isSuccess(answer.statusWord ?? 0) || answer.data.length > 0) return answer
  }
  return exchange(isdr.channel, block(isdr, command, blocks - 1))
}

function block({ logicalChannel, blockSize }: IsdrChannel, command: Uint8Array, number: number): Uint8Array {
  const end = Math.min((number + 1) * blockSize, command.length)
  const data = command.subarray(number * blockSize, end)
  const apdu = new Uint8Array(data.length + 6)
  apdu[0] = proprietaryClass(logicalChannel)
  apdu[1] = STORE_DATA
  apdu[2] = end < command.length ? moreBlocks : lastBlock
  apdu[3] = number
  apdu[4] = data.length
  apdu.set(data, 5)
  return apdu
}

/** 80 to 83 for channels 0 to 3, C0 to CF for 4 to 19. */
const proprietaryClass = (logicalChannel: number): number =>
  logicalChannel < 4 ? 0x80 | logicalChannel : 0xc0 | (logicalChannel - 4)
