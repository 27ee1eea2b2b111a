/**
 * profileDownloadError: SGP.32 v1.2, 2.11.2.3. errorResponse is the answer that ended the download: of ES9+ in its JSON binding, or a message of
 * ES9+, ESipa or ES10b in DER. Unverified: what other IPAs put there.
 */
import { decode, toHex } from '../../protocol/ber/index.ts'
import { statusText } from '../../protocol/codes/index.ts'
import { identify, type ProfileDownloadTriggerResult } from '../../protocol/sgp32/index.ts'
import type { PackageResult } from './model.ts'

type TriggerResultData = ProfileDownloadTriggerResult['profileDownloadTriggerResultData']
type ProfileDownloadError = Extract<TriggerResultData, { readonly kind: 'profileDownloadError' }>['value']

export const downloadError = (error: ProfileDownloadError): PackageResult => ({
  kind: 'profileDownloadError',
  reason: error.profileDownloadErrorReason,
  ...(error.errorResponse && (statusCodes(error.errorResponse) ?? { detail: detailOf(error.errorResponse) })),
})

/** statusCodeData: SGP.22 v2.5, 6.5.1.4. */
function statusCodes(octets: Uint8Array) {
  const { subjectCode, reasonCode, message } = member(parse(octets), [
    'header',
    'functionExecutionStatus',
    'statusCodeData',
  ])
  if (typeof subjectCode !== 'string' || typeof reasonCode !== 'string') return undefined
  const detail = typeof message === 'string' ? message : statusText({ subjectCode, reasonCode })
  return { subjectCode, reasonCode, detail }
}

function parse(octets: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(octets))
  } catch {
    return undefined
  }
}

function member(json: unknown, path: readonly string[]): Readonly<Record<string, unknown>> {
  const [name, ...rest] = path
  const record = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  return name === undefined ? record : member(record[name], rest)
}

/** Message and error by name: `AuthenticateServerResponse: invalidCertificate`. */
function detailOf(octets: Uint8Array): string {
  const type = identify(octets, 'response')
  if (!type) return toHex(octets)
  const error = lastName(decode(type.schema as never, octets, { rules: 'BER' }))
  return error === undefined ? type.name : `${type.name}: ${error}`
}

/** Error codes stand at the end of their message. */
function lastName(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  return lastName(Object.values(value).at(-1))
}
