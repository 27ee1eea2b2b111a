/** Subject and reason codes of functionExecutionStatus: SGP.22 v2.5, 5.2.6. Codes are text: 3.10 is not 3.1. */
export interface StatusCode {
  readonly subjectCode: string
  readonly reasonCode: string
}

/** Unverified: 8.2.8, 8.2.9 and 8.31.2 are known from one implementation. */
export const subjects = {
  '1': 'Generic',
  '1.2': 'Function Requester',
  '1.6': 'Function',
  '8': 'eUICC Remote Provisioning',
  '8.1': 'eUICC',
  '8.1.1': 'EID',
  '8.1.2': 'EUM Certificate',
  '8.1.3': 'eUICC Certificate',
  '8.2': 'Profile',
  '8.2.1': 'Profile ICCID',
  '8.2.5': 'Profile Type',
  '8.2.6': 'Matching ID',
  '8.2.7': 'Confirmation Code',
  '8.2.8': 'Profile Policy Rules',
  '8.2.9': 'Profile Metadata',
  '8.8': 'SM-DP+',
  '8.8.1': 'SM-DP+ Address',
  '8.8.2': 'Security configuration',
  '8.8.3': 'Specification Version Number',
  '8.8.4': 'SM-DP+ Certificate',
  '8.8.5': 'Download order',
  '8.9': 'SM-DS',
  '8.9.1': 'SM-DS Address',
  '8.9.2': 'Security configuration',
  '8.9.3': 'Specification Version Number',
  '8.9.4': 'SM-DS Certificate',
  '8.9.5': 'Event Record',
  '8.10.1': 'TransactionId',
  '8.11.1': 'CI Public Key',
  '8.31.2': 'eIM TransactionId',
} as const

/** Unverified: the texts of 3.4 and 4.1 are left out, no second source gives them. */
export const reasons = {
  '1.2': 'Not Allowed',
  '2.1': 'Invalid',
  '2.2': 'Mandatory Element Missing',
  '2.3': 'Conditional Element Missing',
  '3.1': 'Unsupported',
  '3.3': 'Already in Use',
  '3.5': 'Invalid Transition',
  '3.6': 'Related Objects Exists',
  '3.7': 'Unavailable',
  '3.8': 'Refused',
  '3.9': 'Unknown',
  '3.10': 'Invalid Association',
  '3.11': 'Value has Changed',
  '4.2': 'Execution Error',
  '4.3': 'Stopped on Warning',
  '4.8': 'Insufficient Memory',
  '4.10': 'Time to Live Expired',
  '5.1': 'Inaccessible',
  '6.1': 'Verification Failed',
  '6.3': 'Expired',
  '6.4': 'Maximum number of retries exceeded',
} as const

/** Subject and reason in words, for messages and traces: `EID: Refused`. */
export function statusText({ subjectCode, reasonCode }: StatusCode): string {
  const subject = (subjects as Readonly<Record<string, string>>)[subjectCode] ?? subjectCode
  const reason = (reasons as Readonly<Record<string, string>>)[reasonCode] ?? reasonCode
  return `${subject}: ${reason}`
}
