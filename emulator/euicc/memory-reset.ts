/** What a memory reset deletes: SGP.22 v2.5, 5.7.19; SGP.32 v1.2, 5.9.5. PPRs are not looked at, and an enabled profile goes, too. */
import type { EuiccMemoryResetRequest } from '../../protocol/sgp32/index.ts'
import { disable, isEnabled, remove, type Transition } from './profiles.ts'
import { changedMemory, type Memory, type Profile } from './state.ts'

export type ResetOption = EuiccMemoryResetRequest['resetOptions'][number]

/** Which profiles an option is about. */
const deletions = {
  deleteOperationalProfiles: ({ metadata }) => metadata.profileClass === 'operational',
  deleteFieldLoadedTestProfiles: ({ metadata, isPreLoaded }) => metadata.profileClass === 'test' && !isPreLoaded,
  deletePreLoadedTestProfiles: ({ metadata, isPreLoaded }) => metadata.profileClass === 'test' && isPreLoaded === true,
  deleteProvisioningProfiles: ({ metadata }) => metadata.profileClass === 'provisioning',
} satisfies Partial<Record<ResetOption, (profile: Profile) => boolean>>

type Deletion = keyof typeof deletions
const isDeletion = (option: ResetOption): option is Deletion => option in deletions

export interface ProfileReset extends Transition {
  readonly result: 'ok' | 'nothingToDelete'
}

/**
 * Deletes the profiles and sets the default SM-DP+ address back. What a rollback or ReturnFromFallback would go back to is forgotten with the
 * profiles. Unverified: that an address alone, or no such option at all, is ok.
 */
export function resetProfiles(before: Memory, options: readonly ResetOption[]): ProfileReset {
  const wanted = options.filter(isDeletion)
  const doomed = before.profiles.filter((profile) => wanted.some((option) => deletions[option](profile)))
  const resetsAddress = options.includes('resetDefaultSmdpAddress')
  let transition: Transition = { memory: resetsAddress ? withFactoryAddress(before) : before, happened: [], due: [] }
  for (const profile of doomed) transition = after(transition, profile)
  const result = doomed.length > 0 || resetsAddress || wanted.length === 0 ? 'ok' : 'nothingToDelete'
  return { ...transition, memory: doomed.length > 0 ? withoutReturns(transition.memory) : transition.memory, result }
}

/** Receivers learn that a profile is gone, not that it was disabled for it. Unverified. */
function after({ memory, happened, due }: Transition, profile: Profile): Transition {
  const disabled = isEnabled(memory, profile) ? disable(memory) : { memory, happened: [] }
  const removed = remove(disabled.memory, profile)
  return {
    memory: removed.memory,
    happened: [...happened, ...disabled.happened, ...removed.happened],
    due: [...due, ...removed.due],
  }
}

const withFactoryAddress = (memory: Memory): Memory =>
  changedMemory(memory, { defaultDpAddress: memory.factoryDpAddress })

const withoutReturns = (memory: Memory): Memory =>
  changedMemory(memory, { rollback: undefined, beforeFallback: undefined })
