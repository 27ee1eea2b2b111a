/**
 * The profiles of an eUICC as it told them itself. listProfileInfo replaces them, the result of another operation is applied where it says
 * enough; where it does not, they are stale and the eIM asks with a listProfileInfo of its own.
 */
import { toHex } from '../../protocol/ber/index.ts'
import type { EuiccResultData, ProfileInfo } from '../../protocol/sgp32/index.ts'
import type { Profile, PsmoOrder } from './model.ts'
import { outcomeOf } from './outcomes.ts'
import type { Inventory } from './state.ts'

type Edit = (profiles: readonly Profile[], iccid: string) => readonly Profile[]

const edits: Readonly<Record<string, Edit>> = {
  enable: (profiles, iccid) =>
    profiles.map((profile) => ({ ...profile, state: profile.iccid === iccid ? 'enabled' : 'disabled' })),
  disable: (profiles, iccid) =>
    profiles.map((profile) => (profile.iccid === iccid ? { ...profile, state: 'disabled' } : profile)),
  delete: (profiles, iccid) => profiles.filter((profile) => profile.iccid !== iccid),
  setFallbackAttribute: (profiles, iccid) =>
    profiles.map((profile) => ({ ...profile, fallbackAttribute: profile.iccid === iccid })),
  unsetFallbackAttribute: (profiles) => profiles.map((profile) => ({ ...profile, fallbackAttribute: false })),
}

export interface ExecutedPackage {
  readonly order: readonly PsmoOrder[]
  readonly results: readonly EuiccResultData[]
  readonly sequenceNumber: number
  readonly now: number
}

/** What the results of a verified package say. An operation that the eUICC refused shows that it is not as we thought: it is asked. */
export function applyPackage(before: Inventory, { order, results, sequenceNumber, now }: ExecutedPackage): Inventory {
  if (sequenceNumber <= before.sequenceNumber) return { ...before, stale: true }
  const start = { profiles: before.profiles, stale: before.stale }
  const { profiles, stale } = results.reduce((known, result, i) => applyResult(known, order[i], result), start)
  return toInventory(before, { profiles, stale, sequenceNumber, now })
}

interface Known {
  readonly profiles: readonly Profile[]
  readonly stale: boolean
}

function applyResult(known: Known, operation: PsmoOrder | undefined, result: EuiccResultData): Known {
  if (result.kind === 'listProfileInfoResult' && result.value.kind === 'profileInfoListOk')
    return isWhole(operation) ? { profiles: result.value.value.flatMap(toProfile), stale: false } : known
  const outcome = outcomeOf(result)
  const [name, parameters] = Object.entries(operation ?? {})[0] ?? []
  if (outcome.result !== 'ok' || outcome.operation !== name) return { ...known, stale: true }
  return applyEdit(known, name, (parameters as { readonly iccid?: string } | undefined)?.iccid)
}

/** Not a list of some profiles, or of some of what there is to say of each. */
const isWhole = (operation: PsmoOrder | undefined): boolean =>
  operation !== undefined &&
  'listProfileInfo' in operation &&
  operation.listProfileInfo.searchCriteria === undefined &&
  operation.listProfileInfo.tagList === undefined

function applyEdit({ profiles, stale }: Known, operation: string, iccid = ''): Known {
  const edit = edits[operation]
  const unknown = iccid !== '' && !profiles.some((profile) => profile.iccid === iccid)
  return edit ? { profiles: edit(profiles, iccid), stale: stale || unknown } : { profiles, stale }
}

export interface ProfileEvent {
  readonly operation: 'install' | 'enable' | 'disable' | 'delete'
  readonly iccid: string
  readonly isdpAid?: Uint8Array
  readonly sequenceNumber: number
}

/** What a verified notification says. One that is older than the inventory says nothing new. */
export function applyEvent(before: Inventory, event: ProfileEvent | undefined, now: number): Inventory {
  if (!event || event.sequenceNumber <= before.sequenceNumber) return before
  const { operation, iccid, sequenceNumber } = event
  const isNew = operation === 'install' && !before.profiles.some((profile) => profile.iccid === iccid)
  const known = isNew
    ? { profiles: [...before.profiles, installed(event)], stale: true }
    : applyEdit(before, operation, iccid)
  return toInventory(before, { ...known, sequenceNumber, now })
}

/** Metadata of a new profile is not in its installation result. */
const installed = ({ iccid, isdpAid }: ProfileEvent): Profile => ({
  iccid,
  state: 'disabled',
  fallbackAttribute: false,
  fallbackAllowed: false,
  ...(isdpAid && { isdpAid: toHex(isdpAid) }),
})

interface Learnt extends Known {
  readonly sequenceNumber: number
  readonly now: number
}

/** Profiles that did not change stay the same object. */
function toInventory(before: Inventory, { profiles, stale, sequenceNumber, now }: Learnt): Inventory {
  const unchanged = JSON.stringify(profiles) === JSON.stringify(before.profiles)
  return {
    profiles: unchanged ? before.profiles : profiles,
    sequenceNumber,
    stale,
    ...(stale ? before.at !== undefined && { at: before.at } : { at: now }),
  }
}

function toProfile(info: ProfileInfo): readonly Profile[] {
  const { iccid, profileState, isdpAid, serviceProviderName, profileName, profileClass } = info
  if (iccid === undefined) return []
  return [
    {
      iccid,
      state: profileState === 'enabled' ? 'enabled' : 'disabled',
      fallbackAttribute: info.fallbackAttribute,
      fallbackAllowed: info.fallbackAllowed ?? false,
      ...(isdpAid && { isdpAid: toHex(isdpAid) }),
      ...(serviceProviderName !== undefined && { serviceProviderName }),
      ...(profileName !== undefined && { profileName }),
      ...(profileClass !== undefined && { profileClass }),
    },
  ]
}
