/** What tells the release candidates apart; everything else is the same. */
import type { ErrorCode } from '../../http/errors.ts'

export interface Version {
  readonly id: string
  readonly basePath: string
  readonly version: string
  /** EID and ICCID are each known and not a pair. */
  readonly mismatch: ErrorCode & ('IDENTIFIER_MISMATCH' | 'ESIM_PROFILE_MANAGEMENT.IDENTIFIER_MISMATCH')
  /** Whether a download may name the ICCID that it expects. */
  readonly downloadNamesIccid: boolean
}

export const rc1 = {
  id: 'esim-profile-management@0.1.0-rc.1',
  basePath: '/esim-profile-management/v0.1rc1',
  version: '0.1.0-rc.1',
  mismatch: 'IDENTIFIER_MISMATCH',
  downloadNamesIccid: true,
} as const satisfies Version

export const rc2 = {
  id: 'esim-profile-management@0.1.0-rc.2',
  basePath: '/esim-profile-management/v0.1rc2',
  version: '0.1.0-rc.2',
  mismatch: 'ESIM_PROFILE_MANAGEMENT.IDENTIFIER_MISMATCH',
  downloadNamesIccid: false,
} as const satisfies Version
