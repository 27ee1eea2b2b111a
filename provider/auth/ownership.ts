/** Which tenant owns which eUICC. The first row that covers an EID decides. */
export interface DeviceOwner {
  readonly tenant: string
  readonly eid?: string
  readonly eidFrom?: string
  readonly eidTo?: string
}

export type Owns = (tenant: string, eid: string) => boolean

/** EIDs all have 32 digits, so the order of their texts is the order of their numbers. */
const covers = ({ eid, eidFrom = '', eidTo = '' }: DeviceOwner, candidate: string): boolean =>
  eid === undefined ? eidFrom <= candidate && candidate <= eidTo : eid === candidate

export const createOwnership =
  (rows: readonly DeviceOwner[]): Owns =>
  (tenant, eid) =>
    rows.find((row) => covers(row, eid))?.tenant === tenant
