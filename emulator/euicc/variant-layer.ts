/** The functions of the ISD-R with the wire variants of a card around them. */
import type { FunctionResult } from './commands/command.ts'
import { type EuiccState, withVolatile } from './state.ts'
import { hasVariant, isRefused, rewritten } from './variants.ts'

/** A function of the ISD-R as this card performs it. */
export function asThisCard(state: EuiccState, request: Uint8Array, execute: () => FunctionResult): FunctionResult {
  if (state.product.variants.length === 0) return execute()
  if (isRefused(state, request)) return { state, answer: { statusWord: 'incorrectData' } }
  const result = settled(state, execute())
  const { answer } = result
  return answer instanceof Uint8Array ? { ...result, answer: rewritten(state, answer) } : result
}

/** After a switch the toolkit is busy until somebody has been told so. */
function settled(before: EuiccState, result: FunctionResult): FunctionResult {
  if (!hasVariant(before, 'catBusyAfterSwitch')) return result
  const events = result.events ?? []
  const hasSwitched = events.some(({ type }) => type === 'profile-enabled' || type === 'profile-disabled')
  const wasTold = events.some(({ check }) => check === 'toolkit-idle')
  if (!hasSwitched && !wasTold) return result
  const { state } = result
  return { ...result, state: withVolatile(state, { isSettling: hasSwitched }) }
}
