/** Results of packages in the onomondo dialect: contrib/rest_api_response_schema.json of onomondo-eim. */
import { concatOctets, encode, sequenceOf, slice, toHex } from '../../../protocol/ber/index.ts'
import { iccidToOctets } from '../../../protocol/identifiers/index.ts'
import { IpaCapabilities } from '../../../protocol/sgp32/index.ts'
import type { AuthorisationRule, EuiccData, ListedProfile, OperationResult, Package, PackageResult } from '../model.ts'
import type { Outcome } from './resources.ts'

type Row = Readonly<Record<string, unknown>>

const upper = (hex: string): string => hex.toUpperCase()
const swapped = (iccid: string): string => upper(toHex(iccidToOctets(iccid)))
const present = (members: Row): Row =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const profile = ({ iccid, isdpAid, icon, fallbackAttribute, fallbackAllowed, ...rest }: ListedProfile): Row =>
  present({
    iccid: iccid && swapped(iccid),
    isdpAid: isdpAid && upper(isdpAid),
    ...rest,
    icon: icon && upper(icon),
  })

const rule = ({ pprIds, allowedOperators, consentRequired }: AuthorisationRule): Row => ({
  pprUpdateControl: pprIds.includes('pprUpdateControl'),
  ppr1: pprIds.includes('ppr1'),
  ppr2: pprIds.includes('ppr2'),
  allowedOperators: allowedOperators.map((operator) =>
    Object.fromEntries(Object.entries(operator).map(([name, hex]) => [name, upper(hex)])),
  ),
  consentRequired,
})

/** Operations whose result is more than a word. */
const operations: Readonly<Record<string, (result: OperationResult) => Row>> = {
  listProfileInfo: ({ profiles }) => ({
    listProfileInfoResult: profiles
      ? { finalResult: 'successResult', profileInfoList: profiles.map(profile) }
      : { finalResult: 'errorResult' },
  }),
  getRAT: ({ rules = [] }) => ({ getRATResult: rules.map(rule) }),
  addEim: ({ result, associationToken }) => ({
    addEimResult: present({ addEimResultCode: result, associationToken }),
  }),
  listEim: ({ eims }) => ({
    listEimResult: eims ? { finalResult: 'successResult', eimIdList: eims } : { finalResult: 'errorResult' },
  }),
  processingTerminated: ({ result }) => ({ processingTerminated: result }),
}

const operation = (result: OperationResult): Row =>
  operations[result.operation]?.(result) ?? { [`${result.operation}Result`]: result.result }

/** The name in SGP.32 v1.0, where the order was given by that name. */
function asOrdered(row: Row, order: unknown): Row {
  const said = row['configureImmediateEnableResult']
  return said !== undefined && JSON.stringify(order).includes('"configureAutoEnable"')
    ? { configureAutoEnableResult: said }
    : row
}

const hexOf = (base64: string): string => upper(Buffer.from(base64, 'base64').toString('hex'))

/** RetrieveNotificationsListResponse. */
function notifications(list: readonly string[]): string {
  const elements = list.map((one) => new Uint8Array(Buffer.from(one, 'base64')))
  return upper(toHex(encode(sequenceOf(0xbf2b, slice()), [encode(sequenceOf(0xa0, slice()), elements)])))
}

/** Octets are the hexadecimal of their DER, what is text or a number stays. */
function data({ notificationsList, euiccPackageResultList, ipaCapabilities, ...rest }: EuiccData): Row {
  const { defaultSmdpAddress, rootSmdsAddress, associationToken, ...octets } = rest
  return present({
    defaultSmdpAddress,
    rootSmdsAddress,
    associationToken,
    ...Object.fromEntries(Object.entries(octets).map(([name, base64]) => [name, hexOf(base64)])),
    ipaCapabilities: ipaCapabilities && upper(toHex(encode(IpaCapabilities, ipaCapabilities))),
    notificationsList: notificationsList && notifications(notificationsList),
    euiccPackageResultList:
      euiccPackageResultList &&
      upper(toHex(concatOctets(...euiccPackageResultList.map((one) => new Uint8Array(Buffer.from(one, 'base64')))))),
  })
}

/** By the message that ended a download, where the IPA has told which it was. */
const procedureErrors: Readonly<Record<string, string>> = {
  AuthenticateServerResponse: 'authenticateResponseError',
  PrepareDownloadResponse: 'downloadResponseError',
  InitiateAuthenticationResponseEsipa: 'initiateAuthenticationError',
  AuthenticateClientResponseEsipa: 'authenticateClientError',
  GetBoundProfilePackageResponseEsipa: 'getBoundProfilePackageError',
}

function downloadError(detail = ''): Row {
  const [message = ''] = detail.split(':')
  if (message === 'CancelSessionResponse') return { cancelSessionResult: 'ok' }
  return { procedureError: procedureErrors[message] ?? 'undefinedError' }
}

function outcomeOfResult(result: PackageResult, order: unknown): Outcome {
  switch (result.kind) {
    case 'euiccPackageResult':
      return result.results.map((row) => asOrdered(operation(row), order))
    case 'euiccPackageError':
      return [{ euiccPackageErrorCode: result.error }]
    case 'profileInstallationResult':
      return [
        {
          profileInstallationResult:
            result.outcome === 'success'
              ? { finalResult: 'successResult', iccid: swapped(result.iccid) }
              : { finalResult: 'errorResult' },
        },
      ]
    case 'profileDownloadError':
      return [downloadError(result.detail)]
    case 'ipaEuiccData':
      return [{ euiccDataResult: { edrResult: 'ok', euiccData: data(result.data) } }]
    case 'ipaEuiccDataError':
      return [{ euiccDataResult: { edrResult: result.error } }]
    case 'packageError':
      return [result.error in timeOuts ? { procedureError: timeOuts[result.error] } : { eimPackageError: result.error }]
  }
}

/** Errors of the eIM itself: nobody came for the package, or nobody answered it. */
const timeOuts: Readonly<Record<string, string>> = { notFetched: 'noshowOrder', notAnswered: 'stuckOrder' }

export interface Progress {
  readonly status: 'new' | 'work' | 'done'
  readonly outcome: Outcome
}

const statuses = { queued: 'new', delivered: 'work', done: 'done', cancelled: 'done' } as const

/** `found`: what the package will be done with. An order is done as soon as its result is there, whatever the eIM goes on asking. */
export function progressOf(
  { state, result, order }: Package,
  found: PackageResult | undefined,
  ordered: unknown,
): Progress {
  const told = result ?? found
  if (told) return { status: 'done', outcome: outcomeOfResult(told, ordered ?? order) }
  if (state === 'cancelled') return { status: 'done', outcome: [{ procedureError: 'abortedOrder' }] }
  return { status: statuses[state], outcome: [] }
}
