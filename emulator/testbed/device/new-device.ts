import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import type { EuiccState } from '../../euicc/index.ts'
import type { Owner } from '../owners.ts'

export interface NewDevice {
  readonly eid: string
  readonly owner: Owner
  /** Of card, IPA and the eIM's knowledge of both. Absent: as each of them is configured. */
  readonly specification?: Sgp32Version
}

/** A card's memory, not what it is like: that is as it is configured. */
export interface KeptDevice extends NewDevice, Pick<EuiccState, 'memory' | 'sequence'> {}

/** A device did not become what was wanted: a fault has struck, or we are wrong. */
export class NotMade extends Error {
  readonly eid: string

  constructor(eid: string, message: string) {
    super(message)
    this.eid = eid
  }
}
