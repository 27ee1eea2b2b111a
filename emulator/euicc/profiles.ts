/** What can happen to the profiles on a card: SGP.22 v2.5, 3.2. Preconditions are checked by those who ask. */
import type { CardEventType } from './events.ts'
import type { DueNotification } from './notifications.ts'
import { type Memory, type Profile, profileWith } from './state.ts'

export interface Transition {
  readonly memory: Memory
  readonly happened: readonly { readonly type: CardEventType; readonly iccid: string }[]
  readonly due: readonly DueNotification[]
}

/** Disables the enabled profile first. */
export function enable(memory: Memory, profile: Profile): Transition {
  const before = disable(memory)
  return {
    memory: { ...before.memory, enabled: profile.iccid },
    happened: [...before.happened, { type: 'profile-enabled', iccid: profile.iccid }],
    due: [...before.due, { event: 'notificationEnable', profile }],
  }
}

/** Disables the enabled profile, if there is one. */
export function disable(memory: Memory): Transition {
  const profile = profileWith(memory, memory.enabled)
  if (!profile) return { memory, happened: [], due: [] }
  const { enabled: _disabled, ...rest } = memory
  return {
    memory: rest,
    happened: [{ type: 'profile-disabled', iccid: profile.iccid }],
    due: [{ event: 'notificationDisable', profile }],
  }
}

/** The fallback attribute and what refers to the profile go with it. */
export function remove(memory: Memory, profile: Profile): Transition {
  const { iccid } = profile
  const { fallback, beforeFallback, ...rest } = memory
  return {
    memory: {
      ...rest,
      profiles: memory.profiles.filter((other) => other !== profile),
      ...(fallback !== undefined && fallback !== iccid && { fallback }),
      ...(beforeFallback !== undefined && beforeFallback !== iccid && { beforeFallback }),
    },
    happened: [
      ...(fallback === iccid ? [{ type: 'fallback-attribute-unset' as const, iccid }] : []),
      { type: 'profile-deleted', iccid },
    ],
    due: [{ event: 'notificationDelete', profile }],
  }
}

/** Takes the attribute from the profile that has it. */
export function setFallback(memory: Memory, iccid: string): Transition {
  const before = unsetFallback(memory)
  return {
    memory: { ...before.memory, fallback: iccid },
    happened: [...before.happened, { type: 'fallback-attribute-set', iccid }],
    due: [],
  }
}

export function unsetFallback(memory: Memory): Transition {
  const { fallback, ...rest } = memory
  return fallback === undefined
    ? { memory, happened: [], due: [] }
    : { memory: rest, happened: [{ type: 'fallback-attribute-unset', iccid: fallback }], due: [] }
}

export const isEnabled = ({ enabled }: Memory, profile: Profile | undefined): boolean =>
  profile !== undefined && profile.iccid === enabled

/** PPR1: disabling is not allowed; PPR2: deletion is not allowed. SGP.22 v2.5, 2.9.1. */
export const isForbiddenBy = (profile: Profile | undefined, rule: 'ppr1' | 'ppr2'): boolean =>
  profile?.metadata.profilePolicyRules?.includes(rule) ?? false
