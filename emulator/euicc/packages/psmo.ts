/** Profile state management operations: SGP.32 v1.2, 2.11.1.1.3 and 3.4. */
import type { Psmo } from '../../../protocol/sgp32/index.ts'
import { addressFits, withDefaultDpAddress } from '../addresses.ts'
import { proven } from '../check.ts'
import { configuredImmediateEnable } from '../immediate-enable.ts'
import { areTagsTaken, listProfiles } from '../profile-info.ts'
import * as profiles from '../profiles.ts'
import { changedMemory, type Profile, profileWith } from '../state.ts'
import { changedRun, type Operation, type Outcome, operation, type PackageRun } from './run.ts'

type Operand<K extends Psmo['kind']> = Extract<Psmo, { kind: K }>['value']

interface OnProfile {
  readonly run: PackageRun
  readonly profile: Profile | undefined
  readonly enabled: Profile | undefined
}

const onProfile = (run: PackageRun, { iccid }: { readonly iccid: string }): OnProfile => ({
  run,
  profile: profileWith(run.memory, iccid),
  enabled: profileWith(run.memory, run.memory.enabled),
})

const profileExists = {
  id: 'profile-exists',
  holds: ({ profile }: OnProfile) => profile !== undefined,
  otherwise: 'iccidOrAidNotFound',
} as const

const toolkitIdle = {
  id: 'toolkit-idle',
  holds: ({ run }: OnProfile) => !run.isBusy,
  otherwise: 'catBusy',
} as const

const isFirst = (run: PackageRun, ...kinds: readonly string[]) => !run.done.some((kind) => kinds.includes(kind))

function happen(run: PackageRun, { memory, happened, due }: profiles.Transition): PackageRun {
  return changedRun(run, { memory, events: [...run.events, ...happened], due: [...run.due, ...due] })
}

/** 3.4.1. PPR1 protects the enabled profile. What ReturnFromFallback would go back to is forgotten. */
const enable = operation({
  result: 'enableResult',
  facts: (run: PackageRun, operand: Operand<'enable'>) => {
    const { profile, enabled } = onProfile(run, operand)
    return { run, profile, enabled, operand }
  },
  checks: [
    { id: 'first-enable-of-package', holds: ({ run }) => isFirst(run, 'enable'), otherwise: 'undefinedError' },
    profileExists,
    {
      id: 'profile-disabled',
      holds: ({ run, profile }) => !profiles.isEnabled(run.memory, profile),
      otherwise: 'profileNotInDisabledState',
    },
    {
      id: 'profile-to-roll-back-to',
      holds: ({ run, operand, enabled }) => !operand.rollbackFlag || (enabled?.iccid ?? run.disabled) !== undefined,
      otherwise: 'rollbackNotAvailable',
    },
    {
      id: 'disabling-allowed',
      holds: ({ enabled }) => !profiles.isForbiddenBy(enabled, 'ppr1'),
      otherwise: 'disallowedByPolicy',
    },
    toolkitIdle,
  ],
  execute(run, { profile, enabled, operand }) {
    const next = happen(run, profiles.enable(run.memory, proven(profile, profileExists.id)))
    const memory = changedMemory(next.memory, { beforeFallback: undefined })
    const rollbackTo = operand.rollbackFlag ? (enabled?.iccid ?? run.disabled) : run.rollbackTo
    return { run: changedRun(next, { memory, rollbackTo }), value: 'ok' }
  },
})

/** 3.4.2. */
const disable = operation({
  result: 'disableResult',
  facts: (run: PackageRun, operand: Operand<'disable'>) => onProfile(run, operand),
  checks: [
    {
      id: 'first-switch-of-package',
      holds: ({ run }) => isFirst(run, 'enable', 'disable'),
      otherwise: 'undefinedError',
    },
    profileExists,
    {
      id: 'profile-enabled',
      holds: ({ run, profile }) => profiles.isEnabled(run.memory, profile),
      otherwise: 'profileNotInEnabledState',
    },
    {
      id: 'disabling-allowed',
      holds: ({ profile }) => !profiles.isForbiddenBy(profile, 'ppr1'),
      otherwise: 'disallowedByPolicy',
    },
    toolkitIdle,
  ],
  execute(run, { profile }) {
    const { iccid } = proven(profile, profileExists.id)
    return { run: changedRun(happen(run, profiles.leave(run.memory)), { disabled: iccid }), value: 'ok' }
  },
})

/** 3.4.3. */
const deleteProfile = operation({
  result: 'deleteResult',
  facts: (run: PackageRun, operand: Operand<'delete'>) => onProfile(run, operand),
  checks: [
    profileExists,
    {
      id: 'profile-disabled',
      holds: ({ run, profile }) => !profiles.isEnabled(run.memory, profile) && profile?.iccid !== run.marked,
      otherwise: 'profileNotInDisabledState',
    },
    {
      id: 'not-the-rollback-profile',
      holds: ({ run, profile }) => profile?.iccid !== run.rollbackTo,
      otherwise: 'rollbackNotAvailable',
    },
    {
      id: 'not-the-profile-before-fallback',
      holds: ({ run: { memory }, profile }) => !isBeforeActiveFallback(memory, profile),
      otherwise: 'returnFallbackProfile',
    },
    {
      id: 'deletion-allowed',
      holds: ({ profile }) => !profiles.isForbiddenBy(profile, 'ppr2'),
      otherwise: 'disallowedByPolicy',
    },
  ],
  execute: (run, { profile }) => ({
    run: happen(run, profiles.remove(run.memory, proven(profile, profileExists.id))),
    value: 'ok',
  }),
})

const isBeforeActiveFallback = ({ enabled, fallback, beforeFallback }: PackageRun['memory'], profile?: Profile) =>
  fallback !== undefined && fallback === enabled && profile?.iccid === beforeFallback

/** 5.9.14. Not after a change in the same package, which has not taken effect yet. */
const listProfileInfo = operation({
  result: 'listProfileInfoResult',
  facts: (run: PackageRun, operand: Operand<'listProfileInfo'>) => ({ run, operand }),
  checks: [
    {
      id: 'no-change-before',
      holds: ({ run }) => isFirst(run, 'enable', 'disable', 'delete'),
      otherwise: { kind: 'profileInfoListError', value: 'profileChangeOngoing' },
    },
    {
      id: 'tags-known',
      holds: ({ run, operand }) => areTagsTaken(run.product, operand),
      otherwise: { kind: 'profileInfoListError', value: 'incorrectInputValues' },
    },
  ],
  execute: (run, { operand }) => ({
    run,
    value: { kind: 'profileInfoListOk', value: listProfiles(run, operand) },
  }),
})

const getRAT = operation({
  result: 'getRATResult',
  facts: (run: PackageRun, _operand: Operand<'getRAT'>) => run,
  checks: [],
  execute: (run) => ({ run, value: run.product.rulesAuthorisationTable }),
})

/** 3.4.4. */
const configureImmediateEnable = operation({
  result: 'configureImmediateEnableResult',
  facts: (run: PackageRun, operand: Operand<'configureImmediateEnable'>) => ({ run, operand }),
  checks: [
    {
      id: 'address-fits',
      holds: ({ run, operand }) => addressFits(run.product, operand.defaultSmdpAddress ?? ''),
      otherwise: 'insufficientMemory',
    },
  ],
  execute: (run, { operand }) => ({
    run: changedRun(run, {
      memory: changedMemory(run.memory, { immediateEnable: configuredImmediateEnable(run, operand) }),
    }),
    value: 'ok',
  }),
})

/** 3.4.6. A profile that has the attribute already keeps it, whatever the rows below say. */
const setFallbackAttribute = operation({
  result: 'setFallbackAttributeResult',
  facts: (run: PackageRun, operand: Operand<'setFallbackAttribute'>) => ({
    ...onProfile(run, operand),
    isSet: run.memory.fallback === operand.iccid,
  }),
  checks: [
    profileExists,
    {
      id: 'fallback-allowed',
      holds: ({ profile, isSet }) => isSet || profile?.metadata.fallbackAllowed === true,
      otherwise: 'fallbackNotAllowed',
    },
    {
      id: 'fallback-profile-disabled',
      holds: ({ run, isSet }) => isSet || !isFallbackEnabled(run),
      otherwise: 'fallbackProfileEnabled',
    },
  ],
  execute(run, { profile, isSet }) {
    const { iccid } = proven(profile, profileExists.id)
    return { run: isSet ? run : happen(run, profiles.setFallback(run.memory, iccid)), value: 'ok' }
  },
})

/** 3.4.7. */
const unsetFallbackAttribute = operation({
  result: 'unsetFallbackAttributeResult',
  facts: (run: PackageRun, _operand: Operand<'unsetFallbackAttribute'>) => run,
  checks: [
    {
      id: 'fallback-attribute-set',
      holds: ({ memory }) => memory.fallback !== undefined,
      otherwise: 'noFallbackAttribute',
    },
    { id: 'fallback-profile-disabled', holds: (run) => !isFallbackEnabled(run), otherwise: 'fallbackProfileEnabled' },
  ],
  execute: (run) => ({ run: happen(run, profiles.unsetFallback(run.memory)), value: 'ok' }),
})

const isFallbackEnabled = ({ memory: { fallback, enabled } }: PackageRun) =>
  fallback !== undefined && fallback === enabled

const setDefaultDpAddress = operation({
  result: 'setDefaultDpAddressResult',
  facts: (run: PackageRun, operand: Operand<'setDefaultDpAddress'>) => ({ run, operand }),
  checks: [
    {
      id: 'address-fits',
      holds: ({ run, operand }) => isAddressTaken(run, operand.defaultDpAddress),
      otherwise: { setDefaultDpAddressResult: 'undefinedError' },
    },
  ],
  execute: (run, { operand }) => ({
    run: changedRun(run, { memory: withDefaultDpAddress(run.memory, operand.defaultDpAddress) }),
    value: { setDefaultDpAddressResult: 'ok' },
  }),
})

function isAddressTaken({ product }: PackageRun, address: string): boolean {
  const isTaken = address.length > 0 || product.policy.emptyDpAddressInPackage === 'clears'
  return isTaken && addressFits(product, address)
}

export const psmoOperations: { readonly [K in Psmo['kind']]: Operation<Operand<K>> } = {
  enable,
  disable,
  delete: deleteProfile,
  listProfileInfo,
  getRAT,
  configureImmediateEnable,
  setFallbackAttribute,
  unsetFallbackAttribute,
  setDefaultDpAddress,
}

export const executePsmo = (run: PackageRun, { kind, value }: Psmo): Outcome =>
  psmoOperations[kind](run, value as never, kind)
