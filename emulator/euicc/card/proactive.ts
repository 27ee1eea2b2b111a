/** Proactive commands: ETSI TS 102 221, 7.4.2; ETSI TS 102 223, 6. There is one: REFRESH. */
import { decode, octetString, sequence } from '../../../protocol/ber/index.ts'
import { proactiveCommand } from '../../../protocol/codes/index.ts'
import { commitRefresh, withoutRefresh } from '../refresh.ts'
import { afterReset, type EuiccState, withVolatile } from '../state.ts'
import { type Instruction, type Reply, reply } from './instruction.ts'

/** FETCH: ETSI TS 102 221, 11.2.3. Unverified: the status word when nothing waits. */
export const fetchCommand: Instruction = {
  name: 'FETCH',
  classes: 'proprietary',
  run({ state }) {
    const { refresh } = state.volatile
    if (!refresh || refresh.isFetched) return reply(state, state.product.policy.fetchWithoutCommand)
    const fetched = withVolatile(state, { refresh: { ...refresh, isFetched: true } })
    return reply(fetched, 'ok', refresh.command)
  },
}

/** COMPREHENSION-TLVs, each also with its comprehension bit unset. */
const TerminalResponse = sequence(0x30, {
  details: { ...octetString(0x81), tags: [0x81, 0x01] },
  devices: { ...octetString(0x82), tags: [0x82, 0x02] },
  result: { ...octetString(0x83), tags: [0x83, 0x03] },
})

/** TERMINAL RESPONSE: ETSI TS 102 221, 11.2.4; general results: ETSI TS 102 223, 8.12. Results 0X: the command was performed. */
export const terminalResponse: Instruction = {
  name: 'TERMINAL RESPONSE',
  classes: 'proprietary',
  run({ state }, { data }) {
    if (!state.volatile.refresh?.isFetched) return reply(state, 'conditionsNotSatisfied')
    const { result } = decode(TerminalResponse, Uint8Array.of(0x30, 0x81, data.length, ...data), { rules: 'BER' })
    const isPerformed = result[0] !== undefined && result[0] < 0x10
    if (isPerformed) return { statusWord: 'ok', ...committed(state) }
    const events = [{ type: 'refused', cause: 'TERMINAL RESPONSE', check: 'refresh-performed' } as const]
    return { state: withoutRefresh(state), statusWord: 'ok', events }
  },
}

/** A refreshed terminal begins anew: nothing is selected. */
function committed(before: EuiccState): Pick<Reply, 'state' | 'events'> {
  const { state, events = [] } = commitRefresh(before)
  const { terminalCapability } = state.volatile
  return { state: withVolatile(state, { ...afterReset, terminalCapability }), events }
}

/** ENVELOPE: ETSI TS 102 221, 11.2.2. Nothing is registered that it could be for. */
export const envelope: Instruction = {
  name: 'ENVELOPE',
  classes: 'proprietary',
  run: ({ state }) => reply(state, 'ok'),
}

/** Success with a command waiting: 91xx until it is fetched. */
export function announced(result: Reply): Reply {
  const { refresh } = result.state.volatile
  const waits = refresh !== undefined && !refresh.isFetched && result.statusWord === 'ok'
  return waits ? { ...result, statusWord: proactiveCommand(refresh.command.length) } : result
}
