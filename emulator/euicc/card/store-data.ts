/** STORE DATA to the ISD-R: SGP.22 v2.5, 5.7.2; GlobalPlatform Card Specification 2.3, 11.11. */
import { concatOctets } from '../../../protocol/ber/index.ts'
import { executeFunction } from '../isdr.ts'
import type { CommandApdu } from './apdu.ts'
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
    const { state, channel } = context
    if (channel.domain !== 'ISD-R') return reply(state, 'conditionsNotSatisfied')
    if (apdu.p1 !== MORE_BLOCKS && apdu.p1 !== LAST_BLOCK) return reply(state, 'incorrectParameters')
    const before = apdu.p2 === 0 ? { next: 0, octets: new Uint8Array() } : channel.blocks
    if (before?.next !== apdu.p2) return reply(withBlocks(context, apdu), state.product.policy.blockOutOfSequence)
    const octets = concatOctets(before.octets, apdu.data)
    if (apdu.p1 === MORE_BLOCKS) return reply(withBlocks(context, apdu, { next: apdu.p2 + 1, octets }), 'ok')
    return execute({ ...context, state: withBlocks(context, apdu) }, octets)
  },
}

function execute({ state, entropy }: Context, octets: Uint8Array): Reply {
  const { answer, ...effect } = executeFunction(state, octets, entropy)
  return answer instanceof Uint8Array ? { ...effect, statusWord: 'ok', data: answer } : { ...effect, ...answer }
}

function withBlocks({ state, channel }: Context, apdu: CommandApdu, blocks?: { next: number; octets: Uint8Array }) {
  if (blocks) return onChannel(state, apdu, { ...channel, blocks })
  if (!channel.blocks) return state
  const { blocks: _before, ...rest } = channel
  return onChannel(state, apdu, rest)
}
