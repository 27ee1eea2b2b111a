/** The card as a function: a state and a command APDU give a state, a response APDU and what happened. */
import { concatOctets, DecodeError } from '../../../protocol/ber/index.ts'
import { moreData, statusWords, wrongLe } from '../../../protocol/codes/index.ts'
import type { Entropy } from '../entropy.ts'
import { type CardEvent, type EventDraft, numberedEvent } from '../events.ts'
import { interruptionOf } from '../install/installation-result.ts'
import { commitRefresh } from '../refresh.ts'
import { type EuiccState, restarted, withMemory, withVolatile } from '../state.ts'
import { hasVariant } from '../variants.ts'
import { type CommandApdu, parseApdu } from './apdu.ts'
import { authenticate } from './authenticate.ts'
import { onMf } from './channels.ts'
import { readBinary, readRecord, searchRecord, updateBinary, updateRecord } from './content.ts'
import { type Instruction, type Reply, reply } from './instruction.ts'
import { manageChannel } from './manage-channel.ts'
import { pinInstructions } from './pin-commands.ts'
import { announced, envelope, fetchCommand, terminalResponse } from './proactive.ts'
import { select } from './select.ts'
import { storeData } from './store-data.ts'
import { getData, status, terminalCapability, terminalProfile } from './terminal.ts'

export interface Step {
  readonly state: EuiccState
  /** Data and status word. */
  readonly response: Uint8Array
  readonly events: readonly CardEvent[]
}

const GET_RESPONSE = 0xc0

const instructions: ReadonlyMap<number, Instruction> = new Map([
  [0x10, terminalProfile],
  [0x12, fetchCommand],
  [0x14, terminalResponse],
  ...pinInstructions,
  [0x70, manageChannel],
  [0x88, authenticate],
  [0xa2, searchRecord],
  [0xa4, select],
  [0xaa, terminalCapability],
  [0xb0, readBinary],
  [0xb2, readRecord],
  [0xc2, envelope],
  [0xca, getData],
  [0xd6, updateBinary],
  [0xdc, updateRecord],
  [0xe2, storeData],
  [0xf2, status],
])

/** Nothing that a terminal sends makes it throw. */
export function transmit(state: EuiccState, command: Uint8Array, entropy: Entropy): Step {
  const apdu = parseApdu(command)
  if ('refusal' in apdu) {
    const events = [{ type: 'malformed', cause: 'APDU', detail: apdu.refusal } as const]
    return answer({ state, statusWord: apdu.refusal, events })
  }
  if (apdu.ins === GET_RESPONSE) return answer(announced(getResponse(state, apdu)))
  const result = dispatch(withoutPending(state), apdu, entropy)
  return answer(announced(deliver(withFilesOf(state, result), apdu)))
}

/** Loss of power or a reset of the card: channels, sessions and half-sent commands are gone; a switch that waited for REFRESH takes effect. */
export const reset = (state: EuiccState): EuiccState => restart(state).state

/** A reset, with what it did. */
export function restart(before: EuiccState): Pick<Step, 'state' | 'events'> {
  const { state, events = [] } = commitRefresh(before)
  const interrupted = interruptionOf(before)
  return numbered(restarted(interrupted ? withMemory(state, { interrupted }) : state), events)
}

function dispatch(state: EuiccState, apdu: CommandApdu, entropy: Entropy): Reply {
  const channel = state.volatile.channels[apdu.channel]
  if (!channel) return reply(state, state.product.policy.channelNotOpen)
  const instruction = instructions.get(apdu.ins)
  if (!instruction) return reply(state, 'instructionNotSupported')
  const { classes, name } = instruction
  if (classes !== 'both' && (classes === 'proprietary') !== apdu.proprietary) return reply(state, 'classNotSupported')
  try {
    return instruction.run({ state, channel, entropy }, apdu)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { ...reply(state, 'incorrectData'), events: [{ type: 'malformed', cause: name, detail: error.message }] }
  }
}

/**
 * As over T=0: what a command with data answers waits for GET RESPONSE; a command without data answers at once, when its Le is large enough.
 */
function deliver(result: Reply, { data: sent, le }: CommandApdu): Reply {
  const { state, data = NOTHING, statusWord, events = NO_EVENTS } = result
  if (data.length === 0) return result
  if (statusWord !== 'ok') return { state, statusWord, events }
  if (sent.length > 0 && data.length <= 256 && hasVariant(state, 'dataAtOnce')) return result
  if (sent.length > 0) return { state: withPending(state, data), statusWord: moreData(data.length), events }
  if (le === undefined || le < data.length) return { state, statusWord: wrongLe(data.length), events }
  return result
}

/** GET RESPONSE: ISO/IEC 7816-4, 11.8.1. In any class: some terminals send it in the one of STORE DATA. */
function getResponse(state: EuiccState, { le = 256 }: CommandApdu): Reply {
  const { pending } = state.volatile
  if (!pending) return reply(state, 'conditionsNotSatisfied')
  const rest = pending.subarray(le)
  const next = rest.length > 0 ? withPending(state, rest) : withoutPending(state)
  return reply(next, rest.length > 0 ? moreData(rest.length) : 'ok', pending.subarray(0, le))
}

/** Another profile has other files and codes: what was selected and verified of the one before is not any more. */
function withFilesOf(before: EuiccState, result: Reply): Reply {
  const { state } = result
  if (before.memory.enabled === state.memory.enabled) return result
  const channels = state.volatile.channels.map((channel) => channel && (channel.domain ? channel : onMf))
  return { ...result, state: withVolatile(state, { channels, verified: undefined }) }
}

const withPending = (state: EuiccState, pending: Uint8Array): EuiccState => withVolatile(state, { pending })

const withoutPending = (state: EuiccState): EuiccState =>
  state.volatile.pending === undefined ? state : withVolatile(state, { pending: undefined })

const NOTHING = new Uint8Array()
const NO_EVENTS: readonly never[] = []

function answer({ state, statusWord, data = NOTHING, events = NO_EVENTS }: Reply): Step {
  const number = typeof statusWord === 'number' ? statusWord : statusWords[statusWord]
  const response = withStatusWord(data, number)
  if (events.length === 0) return { state, response, events: NO_EVENTS }
  const after = numbered(state, events)
  return { state: after.state, response, events: after.events }
}

function withStatusWord(data: Uint8Array, number: number): Uint8Array {
  const trailer = new Uint8Array(2)
  trailer[0] = number >> 8
  trailer[1] = number
  return data.length > 0 ? concatOctets(data, trailer) : trailer
}

function numbered(state: EuiccState, events: readonly EventDraft[]): Pick<Step, 'state' | 'events'> {
  const { eid, product, memory, volatile, sequence } = state
  return {
    state: { eid, product, memory, volatile, sequence: sequence + events.length },
    events: events.map((event, i) => numberedEvent(event, eid, sequence + i + 1)),
  }
}
