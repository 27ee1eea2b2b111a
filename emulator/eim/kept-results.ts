/** Answers to the question for the results that an eUICC keeps: RetrieveNotificationsList of SGP.32 v1.2, 5.9.11, by way of IpaEuiccData. */
import type { EuiccPackageResult } from '../../protocol/sgp32/index.ts'
import type { Tools } from './delivery.ts'
import { receivePackageResult } from './package-results.ts'
import { exchangeOf, type Reception } from './reception.ts'
import { settle } from './settle.ts'
import type { EuiccState, Turn } from './state.ts'

/** That of the package which was refused as a replay ends it, when it can be believed; else the refusal does. */
export function receiveKeptResults(
  state: EuiccState,
  results: readonly EuiccPackageResult[],
  tools: Tools,
): Turn<Reception> {
  const { exchange: asked } = state
  if (!asked?.replayed || !asked.result) throw new Error(`nothing was replayed at ${state.eid}`)
  const before: EuiccState = { ...state, exchange: { ...asked.replayed, package: asked.package } }
  const kept = results.find((one) => isOf(before, one))
  const turn = kept && receivePackageResult(before, kept, tools)
  if (turn && turn.answer.acknowledged.length > 0) return turn
  const { exchange = asked, ...rest } = turn?.state ?? before
  const after = { ...rest, inventory: { ...rest.inventory, stale: true } }
  const settled = settle(after, { state: after, exchange, result: asked.result, acknowledged: [] }, tools)
  return { ...settled, answer: { ...turn?.answer, ...settled.answer } }
}

const isOf = (before: EuiccState, result: EuiccPackageResult): boolean =>
  result.kind === 'euiccPackageResultSigned' &&
  exchangeOf(before, result.value.euiccPackageResultDataSigned.value) !== undefined
