/** How an installation can end: SGP.22 v2.5, 2.5.6. */
import { encode } from '../../../protocol/ber/index.ts'
import { EUICCResponse, type PEStatus } from '../../../protocol/saip/index.ts'
import type { ErrorResult } from '../../../protocol/sgp22/index.ts'

export type BppCommandId = ErrorResult['bppCommandId']
export type ErrorReason = ErrorResult['errorReason']

/** What a command of the package refuses, apart from the command itself. */
export interface Refusal {
  readonly refused: ErrorReason
  /** Id of the check. */
  readonly check: string
  readonly simaResponse?: Uint8Array
  /** Of the profile, when it is known only from the command that is refused. */
  readonly iccid?: string
}

export const refusal = (check: string, refused: ErrorReason): Refusal => ({ check, refused })

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value

/** An element that cannot be processed. Only lack of memory has a reason of its own. */
export function elementRefusal(check: string, status: PEStatus): Refusal {
  const refused =
    status.status === 'not-enough-memory'
      ? 'installFailedDueToInsufficientMemoryForProfile'
      : 'installFailedDueToPEProcessingError'
  const simaResponse = encode(EUICCResponse, { peStatus: [status], profileInstallationAborted: true })
  return { check, refused, simaResponse }
}
