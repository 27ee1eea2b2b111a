/** What the platform knows, seen through ownership. */
import type { Owns } from '../auth/ownership.ts'
import type { ProfilesService } from '../services.ts'
import type { RspPlatform } from './platform.ts'

const unknown = { kind: 'unknown' } as const

export const createProfiles = (platform: RspPlatform, owns: Owns): ProfilesService => {
  const onEuicc: ProfilesService['onEuicc'] = async (tenant, eid) => {
    const euicc = owns(tenant, eid) ? await platform.euicc(eid) : undefined
    return euicc ? { kind: 'found', value: euicc.profiles.map((profile) => ({ ...profile, eid })) } : unknown
  }

  const find: ProfilesService['find'] = async (tenant, { eid, iccid }) => {
    const profile = await platform.profile(iccid)
    if (!profile || !owns(tenant, profile.eid)) return unknown
    if (eid === undefined || eid === profile.eid) return { kind: 'found', value: profile }
    return (await onEuicc(tenant, eid)).kind === 'found' ? { kind: 'not-a-pair' } : unknown
  }

  return {
    onEuicc,
    find,
    async select(tenant, { eid, iccid }) {
      if (iccid !== undefined) {
        const found = await find(tenant, { iccid, ...(eid !== undefined && { eid }) })
        return found.kind === 'found' ? { kind: 'found', value: [found.value] } : found
      }
      return eid === undefined ? unknown : onEuicc(tenant, eid)
    },
  }
}
