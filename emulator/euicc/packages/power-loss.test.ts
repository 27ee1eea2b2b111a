import { expect, test } from 'vitest'
import { encode } from '../../../protocol/ber/index.ts'
import { type Eco, EuiccPackageRequest, type EuiccPackageSigned, type Psmo } from '../../../protocol/sgp32/index.ts'
import { reset } from '../card/transmit.ts'
import type { Memory } from '../state.ts'
import { associatedCard, configurationOf, ecos, installedProfile, packageOf, psmos } from '../testing/eim.ts'
import { ICCID, ICCID_2 } from '../testing/profiles.ts'

const profiles = [installedProfile(ICCID, {}, 0x10), installedProfile(ICCID_2, {}, 0x11)]
const other = configurationOf({ eimId: 'other.example.com' })

const psmo: { readonly [K in Psmo['kind']]: Extract<Psmo, { kind: K }>['value'] } = {
  enable: { iccid: ICCID_2, rollbackFlag: true },
  disable: { iccid: ICCID },
  delete: { iccid: ICCID_2 },
  listProfileInfo: {},
  getRAT: {},
  configureImmediateEnable: { immediateEnableFlag: true },
  setFallbackAttribute: { iccid: ICCID_2 },
  unsetFallbackAttribute: {},
  setDefaultDpAddress: { defaultDpAddress: 'smdp.example.com' },
}

const eco: { readonly [K in Eco['kind']]: Extract<Eco, { kind: K }>['value'] } = {
  addEim: other,
  deleteEim: { eimId: configurationOf().eimId },
  updateEim: { eimId: configurationOf().eimId, eimFqdn: 'eim.example.net' },
  listEim: {},
}

const packages: readonly (readonly [kind: string, content: EuiccPackageSigned['euiccPackage']])[] = [
  ...Object.entries(psmo).map(([kind, value]) => [kind, psmos({ kind, value } as Psmo)] as const),
  ...Object.entries(eco).map(([kind, value]) => [kind, ecos({ kind, value } as Eco)] as const),
]

test.each(packages)(
  'power lost after any APDU of a package with %s leaves the card as before or as after',
  (_, content) => {
    const card = associatedCard({ profiles, enabled: ICCID, fallback: ICCID_2 })
    const before = card.state.memory
    const memories: Memory[] = []
    const transmit = card.transmit.bind(card)
    card.transmit = (apdu) => {
      const answer = transmit(apdu)
      memories.push(reset(card.state).memory)
      return answer
    }
    card.storeData(encode(EuiccPackageRequest, packageOf(content)), 16)
    const after = card.state.memory
    const last = memories.findIndex((memory) => memory !== before)
    expect(last).toBeGreaterThan(5)
    expect(memories.slice(0, last).every((memory) => memory === before)).toBe(true)
    expect(memories.slice(last).every((memory) => memory === after)).toBe(true)
    expect(after.packageResults).toHaveLength(1)
    const [eim] = after.eims.filter(({ configuration }) => configuration.eimId === configurationOf().eimId)
    expect(eim?.counterValue ?? 11).toBe(11)
  },
)
