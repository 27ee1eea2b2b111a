/** STORE DATA to the ISD-R: SGP.22 v2.5, 5.7.2; GlobalPlatform Card Specification 2.3, 11.11. */
import type { Entropy } from '../entropy.ts'
import type { EventDraft } from '../events.ts'
import { executeFunction } from '../isdr.ts'
import type { EuiccState } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import { type Blocks, joined, withBlock, withBlocks } from './channels.ts'
import { type Context, type Instruction, onChannel, type Reply, reply } from './instruction.ts'

const MORE_BLOCKS = 0x11
const LAST_BLOCK = 0x91

/**
 * Blocks of any size, numbered from 0 for each function and for each segment of a bound profile package. Block 0 always begins anew.
 * Only the last block is answered with data.
 */
export const storeData: Instruction = {
  name: 'STORE DATA',
  classes: 'proprietary',
  run(context, apdu) {
    const { state, channel, entropy } = context
    if (channel.domain !== 'ISD-R') return reply(state, state.product.policy.storeDataElsewhere)
    if (apdu.p1 !== MORE_BLOCKS && apdu.p1 !== LAST_BLOCK) return reply(state, 'incorrectParameters')
    const isFirst = apdu.p2 === 0
    if (!isFirst && channel.blocks?.next !== apdu.p2)
      return reply(waiting(context, apdu), state.product.policy.blockOutOfSequence)
    const blocks = withBlock(isFirst ? undefined : channel.blocks, apdu.data)
    if (apdu.p1 === MORE_BLOCKS) return reply(waiting(context, apdu, blocks), 'ok')
    return execute(waiting(context, apdu), joined(blocks), entropy)
  },
}

function execute(before: EuiccState, octets: Uint8Array, entropy: Entropy): Reply {
  const { state, answer, events = NO_EVENTS } = executeFunction(before, octets, entropy)
  return answer instanceof Uint8Array
    ? { state, statusWord: 'ok', data: answer, events }
    : { state, statusWord: answer.statusWord, events }
}

const NO_EVENTS: readonly EventDraft[] = []

const waiting = ({ state, channel }: Context, apdu: CommandApdu, blocks?: Blocks): EuiccState =>
  channel.blocks === blocks ? state : onChannel(state, apdu, withBlocks(channel, blocks))
