import { completeEid } from '../../protocol/identifiers/index.ts'

/** Tenants of the reference provider, and the digits by which their devices are told apart: EIN 89049032, then two digits of the owner. */
export const owners = { acme: '01', globex: '02' } as const

export type Owner = keyof typeof owners

const EIN = '89049032'

/** EID number `index` of an owner, from 1. */
export const eidOf = (owner: Owner, index: number): string =>
  completeEid(EIN + owners[owner] + String(index).padStart(20, '0'))

/** The number in an EID of `eidOf`. */
export const indexOf = (eid: string): number => Number(eid.slice(EIN.length + 2, -2))

/** All EIDs of an owner lie between these, both inclusive. */
export const eidRange = (owner: Owner): { from: string; to: string } => ({
  from: `${EIN}${owners[owner]}${'0'.repeat(22)}`,
  to: `${EIN}${owners[owner]}${'9'.repeat(22)}`,
})
