import { wrongLe } from '../../../protocol/codes/index.ts'
import { type EuiccState, withChannels } from '../state.ts'
import { CHANNELS, freeChannel, isOpen, opened, withChannel } from './channels.ts'
import { type Instruction, reply } from './instruction.ts'

/** MANAGE CHANNEL: ETSI TS 102 221, 11.1.17. P1 00 opens, 80 closes; P2 00 lets the card choose. */
export const manageChannel: Instruction = {
  name: 'MANAGE CHANNEL',
  classes: 'interindustry',
  run({ state }, { p1, p2, channel, le }) {
    const { channels } = state.volatile
    if (p1 === 0x80) return close(state, p2)
    if (p1 !== 0x00 || p2 >= CHANNELS) return reply(state, 'incorrectParameters')
    const number = p2 === 0 ? freeChannel(channels) : p2
    if (number === undefined) return reply(state, state.product.policy.noFreeChannel)
    if (isOpen(channels, number)) return reply(state, 'logicalChannelNotSupported')
    const next = withChannels(state, opened(channels, number, channel))
    if (p2 !== 0) return reply(next, 'ok')
    return le === undefined ? reply(state, wrongLe(1)) : reply(next, 'ok', Uint8Array.of(number))
  },
}

function close(state: EuiccState, number: number) {
  const { channels } = state.volatile
  if (number === 0) return reply(state, 'incorrectParameters')
  if (!isOpen(channels, number)) return reply(state, state.product.policy.channelNotOpen)
  return reply(withChannels(state, withChannel(channels, number, undefined)), 'ok')
}
