/** Faults of the SM-DP+. */
import { concatOctets, encode, type Schema } from '../../../protocol/ber/index.ts'
import { type ErrorRow, errorOf, es9plusErrors, type StatusCode, statusText } from '../../../protocol/codes/index.ts'
import { RemoteProfileProvisioningResponse } from '../../../protocol/sgp22/index.ts'
import type { HttpAnswer } from '../../ports/index.ts'
import { type Exchange, type Fault, fault } from '../fault.ts'
import { isAsn1, jsonBody, withMembers, withOctets } from '../messages.ts'
import { changeAt, flipBit } from '../tlv.ts'
import { bit, delayMs, httpStatus } from './shared.ts'

type Refused = 'AuthenticateClient' | 'GetBoundProfilePackage' | 'InitiateAuthentication'

const alternatives = {
  InitiateAuthentication: ['initiateAuthenticationResponse', 'initiateAuthenticationError', 'initiateAuthentication'],
  AuthenticateClient: ['authenticateClientResponseEs9', 'authenticateClientError', 'authenticateClient'],
  GetBoundProfilePackage: ['getBoundProfilePackageResponse', 'getBoundProfilePackageError', 'getBoundProfilePackage'],
} as const

/** functionExecutionStatus Failed, in the binding of the request. */
function refuse(operation: Refused, { message }: Exchange, status: StatusCode): HttpAnswer {
  const headers = { 'x-admin-protocol': 'gsma/rsp/v2.5.0' }
  if (!isAsn1(message)) {
    const statusCodeData = { ...status, message: statusText(status) }
    const header = { functionExecutionStatus: { status: 'Failed', statusCodeData } }
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/json;charset=UTF-8' },
      body: jsonBody({ header }),
    }
  }
  const [kind, alternative, name] = alternatives[operation]
  const value = { kind, value: { kind: alternative, value: errorOf<ErrorRow>(es9plusErrors['2.5'][name], status) } }
  const body = encode(RemoteProfileProvisioningResponse as Schema<unknown>, value)
  return { status: 200, headers: { ...headers, 'content-type': 'application/x-gsma-rsp-asn1' }, body }
}

interface Refusal {
  readonly summary: string
  readonly operation: Refused
  readonly status: StatusCode
  readonly source: string
}

/** An SM-DP+ that refuses a function. The session at the real one is left to expire. */
const refusal = ({ summary, operation, status, source }: Refusal): Fault =>
  fault({
    summary,
    place: { hop: 'SM-DP+', message: `ES9+.${operation}` },
    parameters: {},
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      details: `subject ${status.subjectCode}, reason ${status.reasonCode}`,
      sentence: 'The download fails, and the details name subject and reason code.',
    },
    source,
    layer: { at: 'server', apply: async (exchange) => refuse(operation, exchange, status) },
  })

const failedDownload = (sentence: string, details?: string) =>
  ({
    procedure: 'download',
    plan: {},
    shows: 'failed',
    code: 'ESIM_DOWNLOAD_FAILED',
    ...(details !== undefined && { details }),
    sentence,
  }) as const

const place = (operation: string) => ({ hop: 'SM-DP+', message: `ES9+.${operation}` }) as const

export const smdpFaults = {
  'smdp/matching-id-refused': refusal({
    summary: 'The SM-DP+ knows no order of this MatchingID.',
    operation: 'AuthenticateClient',
    status: { subjectCode: '8.2.6', reasonCode: '3.8' },
    source: 'SGP.22 v2.5, 5.6.3',
  }),
  'smdp/eid-refused': refusal({
    summary: 'The order is for another eUICC.',
    operation: 'AuthenticateClient',
    status: { subjectCode: '8.1.1', reasonCode: '3.8' },
    source: 'SGP.22 v2.5, 5.6.3; lpac#239',
  }),
  'smdp/profile-not-released': refusal({
    summary: 'The profile is not released.',
    operation: 'AuthenticateClient',
    status: { subjectCode: '8.2', reasonCode: '1.2' },
    source: 'SGP.22 v2.5, 5.6.3',
  }),
  'smdp/order-expired': refusal({
    summary: 'The download order has expired.',
    operation: 'AuthenticateClient',
    status: { subjectCode: '8.8.5', reasonCode: '4.10' },
    source: 'SGP.22 v2.5, 5.6.3',
  }),
  'smdp/retries-exceeded': refusal({
    summary: 'The download was tried too often.',
    operation: 'AuthenticateClient',
    status: { subjectCode: '8.8.5', reasonCode: '6.4' },
    source: 'SGP.22 v2.5, 5.6.3',
  }),
  'smdp/confirmation-code-missing': refusal({
    summary: 'The SM-DP+ wants a confirmation code that the eUICC was not given.',
    operation: 'GetBoundProfilePackage',
    status: { subjectCode: '8.2.7', reasonCode: '2.2' },
    source: 'SGP.22 v2.5, 5.6.2',
  }),
  'smdp/confirmation-code-refused': refusal({
    summary: 'The confirmation code is wrong.',
    operation: 'GetBoundProfilePackage',
    status: { subjectCode: '8.2.7', reasonCode: '3.8' },
    source: 'SGP.22 v2.5, 5.6.2',
  }),
  'smdp/confirmation-code-retries-exceeded': refusal({
    summary: 'The confirmation code was wrong too often.',
    operation: 'GetBoundProfilePackage',
    status: { subjectCode: '8.2.7', reasonCode: '6.4' },
    source: 'SGP.22 v2.5, 5.6.2',
  }),
  'smdp/rebinding-refused': refusal({
    summary: 'The profile is bound to another one-time key already.',
    operation: 'GetBoundProfilePackage',
    status: { subjectCode: '8.2', reasonCode: '3.7' },
    source: 'SGP.22 v2.5, 5.6.2',
  }),
  'smdp/version-unsupported': refusal({
    summary: 'The SM-DP+ does not support the version of the eUICC.',
    operation: 'InitiateAuthentication',
    status: { subjectCode: '8.8.3', reasonCode: '3.1' },
    source: 'SGP.22 v2.5, 5.6.1',
  }),
  'smdp/ci-unsupported': refusal({
    summary: 'The SM-DP+ has no certificate below a CI that the eUICC trusts.',
    operation: 'InitiateAuthentication',
    status: { subjectCode: '8.8.4', reasonCode: '3.7' },
    source: 'SGP.22 v2.5, 5.6.1',
  }),
  'smdp/wrong-certificate': fault({
    summary: 'The signature of CERT.DPauth is wrong: nobody below the CI has issued it.',
    place: place('InitiateAuthentication'),
    parameters: {},
    outcome: failedDownload('The eUICC refuses the server with invalidCertificate.', 'invalidCertificate'),
    source: 'SGP.22 v2.5, 5.7.13; SGP.26, invalid certificates',
    layer: {
      at: 'server',
      apply: async ({ next }) =>
        withOctets(await next(), 'serverCertificate', (octets) => flipBit(octets, octets.length * 8 - 1)),
    },
  }),
  'smdp/bad-server-signature': fault({
    summary: 'One bit of serverSignature1 is wrong.',
    place: place('InitiateAuthentication'),
    parameters: { bit },
    outcome: failedDownload('The eUICC refuses the server with invalidSignature.', 'invalidSignature'),
    source: 'SGP.22 v2.5, 5.7.13',
    layer: {
      at: 'server',
      apply: async ({ next }, parameters) =>
        withOctets(await next(), 'serverSignature1', (octets) =>
          changeAt(octets, [0x5f37], (signature) => flipBit(signature, parameters.bit)),
        ),
    },
  }),
  'smdp/other-transaction-id': fault({
    summary: 'The answer names another transaction than the one that was signed.',
    place: place('*'),
    parameters: {},
    outcome: failedDownload('The IPA stops the download.'),
    source: 'SGP.22 v2.5, 3.0.1',
    layer: {
      at: 'server',
      apply: async ({ next }) =>
        withMembers(await next(), ({ transactionId }) =>
          transactionId === undefined ? {} : { transactionId: 'FFFFFFFF' },
        ),
    },
  }),
  'smdp/other-metadata': fault({
    summary: 'AuthenticateClient offers another profile than the package then contains.',
    place: place('AuthenticateClient'),
    parameters: {},
    outcome: failedDownload('The IPA stops the download before the eUICC has anything of it.'),
    source: 'SGP.22 v2.5, 3.1.3: ProfileMetadata',
    layer: {
      at: 'server',
      apply: async ({ next }) =>
        withOctets(await next(), 'profileMetadata', (octets) =>
          changeAt(octets, [0xbf25, 0x91], () => new TextEncoder().encode('another')),
        ),
    },
  }),
  'smdp/bad-mac': fault({
    summary: 'One bit of the MAC of the first protected profile segment is wrong.',
    place: place('GetBoundProfilePackage'),
    parameters: { bit },
    outcome: failedDownload('The eUICC ends the installation and signs why.', 'scp03tSecurityError'),
    source: 'SGP.22 v2.5, 2.5.4 and 2.6.4.2',
    layer: {
      at: 'server',
      apply: async ({ next }, parameters) =>
        withOctets(await next(), 'boundProfilePackage', (octets) =>
          changeAt(octets, [0xbf36, 0xa3, 0x86], (segment) =>
            concatOctets(segment.subarray(0, -8), flipBit(segment.subarray(-8), parameters.bit)),
          ),
        ),
    },
  }),
  'smdp/oversized-segment': fault({
    summary: 'A profile segment is longer than a segment may be.',
    place: place('GetBoundProfilePackage'),
    parameters: {
      octets: {
        type: 'integer',
        minimum: 1,
        maximum: 65_536,
        default: 2048,
        description: 'added to the first segment',
      },
    },
    outcome: failedDownload('The eUICC ends the installation.'),
    source: 'SGP.22 v2.5, 2.5.4: 1020 octets; some servers send 1036',
    layer: {
      at: 'server',
      apply: async ({ next }, { octets: length }) =>
        withOctets(await next(), 'boundProfilePackage', (octets) =>
          changeAt(octets, [0xbf36, 0xa3, 0x86], (segment) => concatOctets(segment, new Uint8Array(length))),
        ),
    },
  }),
  'smdp/no-header': fault({
    summary: 'The answer has no functionExecutionStatus.',
    place: place('*'),
    parameters: {},
    outcome: failedDownload('The IPA cannot read the answer and stops the download.'),
    source: 'SGP.22 v2.5, 6.5.1.4',
    layer: {
      at: 'server',
      apply: async ({ next }) => withMembers(await next(), () => ({ header: undefined })),
    },
  }),
  'smdp/status': fault({
    summary: 'ES9+ answers with an HTTP error.',
    place: place('*'),
    parameters: { status: httpStatus(503) },
    outcome: failedDownload('The IPA tries again with growing pauses, and gives up.'),
    source: 'RFC 9110, 15.6',
    layer: { at: 'server', apply: async (_exchange, { status }) => ({ status, headers: {}, body: new Uint8Array() }) },
  }),
  'smdp/slow': fault({
    summary: 'The SM-DP+ takes its time.',
    place: place('*'),
    parameters: { delayMs: delayMs(20_000) },
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'success',
      sentence: 'The download takes longer and succeeds.',
    },
    source: 'Shopify/toxiproxy: latency',
    layer: {
      at: 'server',
      async apply({ next }, parameters, { delay }) {
        await delay(parameters.delayMs)
        return next()
      },
    },
  }),
  'smdp/tls-down': fault({
    summary: 'The door of ES9+ resets every connection, those that are open too.',
    place: place('*'),
    parameters: {},
    outcome: failedDownload('The IPA tries again with growing pauses, and gives up.'),
    source: 'Shopify/toxiproxy: down',
    layer: { at: 'door', doors: ['es9plus'], apply: () => ({ state: 'closed' }) },
  }),
  'smdp/tls-wrong-certificate': fault({
    summary: 'The door of ES9+ shows the certificate of the EUM, which is neither for its name nor for TLS.',
    place: place('*'),
    parameters: {},
    outcome: failedDownload('The IPA does not talk to a server that it cannot trust.'),
    source: 'SGP.22 v2.5, 2.6.6: TLS',
    layer: { at: 'door', doors: ['es9plus'], apply: () => ({ state: 'wrong-certificate' }) },
  }),
  'smdp/profile-with-ppr1': fault({
    summary: 'Orders are for profiles whose owner forbids to disable them (PPR1).',
    place: { hop: 'SM-DP+', message: 'ES2+.DownloadOrder' },
    parameters: {},
    outcome: {
      procedure: 'disable',
      plan: {},
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      details: 'disallowedByPolicy',
      sentence: 'The card refuses, and the profile stays enabled.',
    },
    source: 'SGP.22 v2.5, 2.9.1',
    layer: { at: 'order', apply: () => ({ profilePolicyRules: ['ppr1'] }) },
  }),
  'smdp/profile-with-ppr2': fault({
    summary: 'Orders are for profiles whose owner forbids to delete them (PPR2).',
    place: { hop: 'SM-DP+', message: 'ES2+.DownloadOrder' },
    parameters: {},
    outcome: {
      procedure: 'delete',
      plan: {},
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      details: 'disallowedByPolicy',
      sentence: 'The card refuses, and the profile stays.',
    },
    source: 'SGP.22 v2.5, 2.9.1',
    layer: { at: 'order', apply: () => ({ profilePolicyRules: ['ppr2'] }) },
  }),
}
