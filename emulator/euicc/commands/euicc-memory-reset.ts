import {
  EuiccMemoryResetRequest as ConsumerRequest,
  EuiccMemoryResetResponse as ConsumerResponse,
} from '../../../protocol/sgp22/index.ts'
import {
  EuiccMemoryResetRequest,
  EuiccMemoryResetRequestV1_0_1,
  EuiccMemoryResetResponse,
  EuiccMemoryResetResponseV1_0_1,
} from '../../../protocol/sgp32/index.ts'
import type { Entropy } from '../entropy.ts'
import { tell } from '../es10c.ts'
import type { EventDraft } from '../events.ts'
import { type ResetOption, resetProfiles } from '../memory-reset.ts'
import { isEmergencyActive } from '../profiles.ts'
import { toolkitIdle } from '../refresh.ts'
import { changedMemory, type EuiccState, holding } from '../state.ts'
import { command, type Effect } from './command.ts'

const name = 'EuiccMemoryReset'

interface Facts {
  readonly state: EuiccState
  readonly options: readonly ResetOption[]
}

const gather = (state: EuiccState, { resetOptions }: { readonly resetOptions: readonly ResetOption[] }): Facts => ({
  state,
  options: resetOptions,
})

const noEmergency = {
  id: 'no-emergency',
  holds: ({ state }: Facts) => !isEmergencyActive(state.memory),
}

/** One that finds nothing changes nothing. */
const somethingToDelete = {
  id: 'something-to-delete',
  holds: ({ state, options }: Facts) => resetProfiles(state.memory, options).result === 'ok',
}

/** ES10c.eUICCMemoryReset: SGP.22 v2.5, 5.7.19. Unverified: the code while the emergency profile is enabled, which SGP.22 does not know. */
export const euiccMemoryReset = command({
  name: 'eUICCMemoryReset',
  request: ConsumerRequest,
  response: ConsumerResponse,
  facts: gather,
  checks: [
    { ...noEmergency, otherwise: (): ConsumerResponse => ({ resetResult: 'undefinedError' }) },
    { ...toolkitIdle, otherwise: (): ConsumerResponse => ({ resetResult: 'catBusy' }) },
    { ...somethingToDelete, otherwise: (): ConsumerResponse => ({ resetResult: 'nothingToDelete' }) },
  ],
  run: (state, { options }, entropy): Effect<ConsumerResponse> => ({
    ...tell(state, resetProfiles(state.memory, options), { cause: 'eUICCMemoryReset', entropy }),
    answer: { resetResult: 'ok' },
  }),
})

/** ES10b.eUICCMemoryReset: SGP.32 v1.2, 5.9.5. Results of packages stay. Unverified: the latter. */
export const euiccMemoryResetIot = command({
  name,
  request: EuiccMemoryResetRequest,
  response: EuiccMemoryResetResponse,
  facts: gather,
  checks: [
    { ...noEmergency, otherwise: (): EuiccMemoryResetResponse => ({ resetResult: 'ecallActive' }) },
    { ...toolkitIdle, otherwise: (): EuiccMemoryResetResponse => ({ resetResult: 'catBusy' }) },
  ],
  run: resetAll,
})

/** ES10b.eUICCMemoryReset: SGP.32 v1.0.1, 5.9.5, under the tag of ES10c. */
export const euiccMemoryResetV1_0_1 = command({
  name,
  request: EuiccMemoryResetRequestV1_0_1,
  response: EuiccMemoryResetResponseV1_0_1,
  facts: gather,
  checks: [{ ...toolkitIdle, otherwise: (): EuiccMemoryResetResponseV1_0_1 => ({ resetResult: 'catBusy' }) }],
  run: resetAll as (...args: Parameters<typeof resetAll>) => Effect<EuiccMemoryResetResponseV1_0_1>,
})

/**
 * Three results, each for its own options; a part that finds nothing does not stop the others. Without its eIM nobody is left whom the result
 * of a rollback could be for.
 */
function resetAll(state: EuiccState, { options }: Facts, entropy: Entropy): Effect<EuiccMemoryResetResponse> {
  const { result: resetResult, ...transition } = resetProfiles(state.memory, options)
  const profilesReset = tell(state, transition, { cause: name, entropy })
  const { eims } = state.memory
  const resetsEims = options.includes('resetEimConfigData')
  const resetsImmediateEnable = options.includes('resetImmediateEnableConfig')
  const memory = changedMemory(profilesReset.state.memory, {
    ...(resetsImmediateEnable && { immediateEnable: { allowed: false } }),
    ...(resetsEims && state.product.policy.packageResultsAtReset === 'deleted' && { packageResults: [] }),
    ...(resetsEims && { eims: [], rollback: undefined }),
  })
  const eimEvents = (resetsEims ? eims : []).map(
    ({ configuration: { eimId } }): EventDraft => ({ type: 'eim-deleted', cause: name, eimId }),
  )
  return {
    state: holding(profilesReset.state, memory),
    answer: {
      resetResult,
      ...(resetsEims && { resetEimResult: eims.length > 0 ? 'ok' : 'nothingToDelete' }),
      ...(resetsImmediateEnable && { resetImmediateEnableConfigResult: 'ok' }),
    },
    events: [...(profilesReset.events ?? []), ...eimEvents],
  }
}
