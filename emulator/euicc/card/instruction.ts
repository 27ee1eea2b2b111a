/** What every instruction of the card is: a function from the state and the command to a reply. */
import type { StatusWord } from '../../../protocol/codes/index.ts'
import type { Entropy } from '../entropy.ts'
import type { EventDraft } from '../events.ts'
import { type EuiccState, withChannels } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import { type Channel, withChannel } from './channels.ts'

export interface Reply {
  readonly state: EuiccState
  /** By name, or the number of those that carry one. */
  readonly statusWord: StatusWord | number
  readonly data?: Uint8Array
  readonly events?: readonly EventDraft[]
}

export interface Context {
  readonly state: EuiccState
  /** The channel of the class octet, which is open. */
  readonly channel: Channel
  readonly entropy: Entropy
}

export interface Instruction {
  readonly name: string
  /** Which classes it has. */
  readonly classes: 'interindustry' | 'proprietary' | 'both'
  run(context: Context, apdu: CommandApdu): Reply
}

export const reply = (state: EuiccState, statusWord: StatusWord | number, data?: Uint8Array): Reply =>
  data ? { state, statusWord, data } : { state, statusWord }

/** Replaces what is selected on the channel of the command. */
export function onChannel(state: EuiccState, { channel: number }: CommandApdu, channel: Channel): EuiccState {
  return withChannels(state, withChannel(state.volatile.channels, number, channel))
}
