/** Roles of certificates: SGP.22 v2.5, 4.5.2.1 (variant O of SGP.26), each with what its certificate must say. */
import type { KeyUsage } from './x509.ts'

interface RoleRow {
  /** id-rspRole, in certificatePolicies. */
  readonly policy: string
  readonly keyUsage: KeyUsage
  readonly cA: boolean
  readonly extKeyUsage?: string
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

export const roles = {
  CI: { policy: '2.23.146.1.2.1.0', keyUsage: 'keyCertSign', cA: true },
  EUICC: { policy: '2.23.146.1.2.1.1', keyUsage: 'digitalSignature', cA: false },
  EUM: { policy: '2.23.146.1.2.1.2', keyUsage: 'keyCertSign', cA: true },
  DPtls: { policy: '2.23.146.1.2.1.3', keyUsage: 'digitalSignature', cA: false, extKeyUsage: SERVER_AUTH },
  DPauth: { policy: '2.23.146.1.2.1.4', keyUsage: 'digitalSignature', cA: false },
  DPpb: { policy: '2.23.146.1.2.1.5', keyUsage: 'digitalSignature', cA: false },
  DStls: { policy: '2.23.146.1.2.1.6', keyUsage: 'digitalSignature', cA: false, extKeyUsage: SERVER_AUTH },
  DSauth: { policy: '2.23.146.1.2.1.7', keyUsage: 'digitalSignature', cA: false },
} as const satisfies Record<string, RoleRow>
export type Role = keyof typeof roles

export const roleRow = (role: Role): RoleRow => roles[role]
