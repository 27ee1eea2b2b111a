/** A card as it leaves its maker, and what stands in it. */
import { toHex } from '../../protocol/ber/index.ts'
import { createProduct, type ProductOptions } from './product.ts'
import { isEnabled } from './profiles.ts'
import { afterReset, changedMemory, type EuiccState, emptyMemory, type Profile } from './state.ts'
import { hasVariant } from './variants.ts'

export interface EuiccOptions extends ProductOptions {
  /** 32 digits. */
  readonly eid: string
  readonly defaultDpAddress?: string
}

export function createEuicc({ eid, defaultDpAddress, ...options }: EuiccOptions): EuiccState {
  const product = createProduct(options)
  const changes = {
    ...(defaultDpAddress !== undefined && { defaultDpAddress, factoryDpAddress: defaultDpAddress }),
    ...(hasVariant({ product }, 'sequenceFromZero') && { lastSeqNumber: -1 }),
  }
  const memory = Object.keys(changes).length > 0 ? changedMemory(emptyMemory, changes) : emptyMemory
  return { eid, product, memory, volatile: afterReset, sequence: 0 }
}

/** A profile as the device in the control API shows it. */
export interface ProfileView {
  readonly iccid: string
  /** Hexadecimal. */
  readonly isdpAid: string
  readonly state: 'enabled' | 'disabled'
  readonly fallbackAttribute: boolean
  readonly fallbackAllowed: boolean
  readonly profileClass: string
  readonly serviceProviderName: string
  readonly profileName: string
}

export const profilesOf = (state: EuiccState): readonly ProfileView[] =>
  state.memory.profiles.map((profile) => viewOf(state, profile))

function viewOf({ memory }: EuiccState, profile: Profile): ProfileView {
  const { profileClass, serviceProviderName, profileName, fallbackAllowed = false } = profile.metadata
  return {
    iccid: profile.iccid,
    isdpAid: toHex(profile.isdpAid),
    state: isEnabled(memory, profile) ? 'enabled' : 'disabled',
    fallbackAttribute: memory.fallback === profile.iccid,
    fallbackAllowed,
    profileClass,
    serviceProviderName,
    profileName,
  }
}
