/** What can happen to the profiles on a card: SGP.22 v2.5, 3.2. Preconditions are checked by those who ask. */
import type { CardEventType } from './events.ts'
import type { DueNotification } from './notifications.ts'
import { changedMemory, type Memory, type Profile, profileWith } from './state.ts'

export interface Transition {
  readonly memory: Memory
  readonly happened: readonly { readonly type: CardEventType; readonly iccid: string }[]
  readonly due: readonly DueNotification[]
}

/** Disables the enabled profile first. */
export function enable(memory: Memory, profile: Profile): Transition {
  const before = disable(memory)
  const beforeTest = isTest(profile) ? profileBeforeTest(memory) : undefined
  return {
    memory: changedMemory(before.memory, { enabled: profile.iccid, beforeTest }),
    happened: [...before.happened, { type: 'profile-enabled', iccid: profile.iccid }],
    due: [...before.due, { event: 'notificationEnable', profile }],
  }
}

/** Disables the enabled profile, if there is one. */
export function disable(memory: Memory): Transition {
  const profile = profileWith(memory, memory.enabled)
  if (!profile) return { memory, happened: [], due: [] }
  return {
    memory: changedMemory(memory, { enabled: undefined, beforeTest: undefined }),
    happened: [{ type: 'profile-disabled', iccid: profile.iccid }],
    due: [{ event: 'notificationDisable', profile }],
  }
}

/** Disables the enabled profile; a test profile gives way to the operational one that was there before: SGP.22 v2.5, 3.2.2. */
export function leave(memory: Memory): Transition {
  const next = profileWith(memory, profileAfterLeaving(memory))
  return next ? enable(memory, next) : disable(memory)
}

/** ICCID of the profile that is enabled when the enabled one is left. */
export const profileAfterLeaving = (memory: Memory): string | undefined =>
  isTest(profileWith(memory, memory.enabled)) ? memory.beforeTest : undefined

const profileBeforeTest = (memory: Memory): string | undefined =>
  isTest(profileWith(memory, memory.enabled)) ? memory.beforeTest : memory.enabled

export const isTest = (profile: Profile | undefined): boolean => profile?.metadata.profileClass === 'test'

/** The fallback attribute and what refers to the profile go with it. */
export function remove(memory: Memory, profile: Profile): Transition {
  const { iccid } = profile
  const other = (referred: string | undefined) => (referred === iccid ? undefined : referred)
  return {
    memory: changedMemory(memory, {
      profiles: memory.profiles.filter((kept) => kept !== profile),
      fallback: other(memory.fallback),
      beforeFallback: other(memory.beforeFallback),
      beforeEmergency: other(memory.beforeEmergency),
      beforeTest: other(memory.beforeTest),
    }),
    happened: [
      ...(memory.fallback === iccid ? [{ type: 'fallback-attribute-unset' as const, iccid }] : []),
      { type: 'profile-deleted', iccid },
    ],
    due: [{ event: 'notificationDelete', profile }],
  }
}

/** Takes the attribute from the profile that has it. */
export function setFallback(memory: Memory, iccid: string): Transition {
  const before = unsetFallback(memory)
  return {
    memory: changedMemory(before.memory, { fallback: iccid }),
    happened: [...before.happened, { type: 'fallback-attribute-set', iccid }],
    due: [],
  }
}

export function unsetFallback(memory: Memory): Transition {
  const { fallback } = memory
  return fallback === undefined
    ? { memory, happened: [], due: [] }
    : {
        memory: changedMemory(memory, { fallback: undefined }),
        happened: [{ type: 'fallback-attribute-unset', iccid: fallback }],
        due: [],
      }
}

export const isEnabled = ({ enabled }: Memory, profile: Profile | undefined): boolean =>
  profile !== undefined && profile.iccid === enabled

/** The emergency profile is enabled: SGP.32 v1.2, 5.9.22. */
export const isEmergencyActive = (memory: Memory): boolean => isEmergency(profileWith(memory, memory.enabled))

export const isEmergency = (profile: Profile | undefined): boolean => profile?.metadata.ecallIndication === true

/** PPR1: disabling is not allowed; PPR2: deletion is not allowed. SGP.22 v2.5, 2.9.1. */
export const isForbiddenBy = (profile: Profile | undefined, rule: 'ppr1' | 'ppr2'): boolean =>
  profile?.metadata.profilePolicyRules?.includes(rule) ?? false
