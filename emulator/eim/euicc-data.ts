/** IpaEuiccDataResponse: SGP.32 v1.2, 2.11.2.2. What an IPA says about its eUICC and itself. */
import { encode, type Schema } from '../../protocol/ber/index.ts'
import { Certificate, DeviceInfo, EUICCInfo1 } from '../../protocol/sgp22/index.ts'
import {
  EUICCInfo2,
  EuiccPackageResult,
  type IpaEuiccData,
  type IpaEuiccDataResponse,
  PendingNotification,
} from '../../protocol/sgp32/index.ts'
import type { Tools } from './delivery.ts'
import { receiveKeptResults } from './kept-results.ts'
import type { EuiccData, EuiccDataComponent, PackageResult } from './model.ts'
import { learnIdentity } from './onboarding.ts'
import { exchangeOf, ignore, type Reception } from './reception.ts'
import { settle } from './settle.ts'
import type { EuiccState, Exchange, Turn } from './state.ts'

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
const der =
  <T>(schema: Schema<T>) =>
  (value: T): string =>
    base64(encode(schema, value))
const same = <T>(value: T): T => value

type Shown = {
  readonly [Name in EuiccDataComponent]: (value: NonNullable<IpaEuiccData[Name]>) => NonNullable<EuiccData[Name]>
}

/** How each component is shown: octets as base64 of their DER. */
const components: Shown = {
  notificationsList: (list) => list.map(der(PendingNotification)),
  defaultSmdpAddress: same,
  euiccPackageResultList: (list) => list.map(der(EuiccPackageResult)),
  euiccInfo1: der(EUICCInfo1),
  euiccInfo2: der(EUICCInfo2),
  rootSmdsAddress: same,
  associationToken: same,
  eumCertificate: der(Certificate),
  euiccCertificate: der(Certificate),
  ipaCapabilities: same,
  deviceInfo: der(DeviceInfo),
}

export const euiccDataComponents = Object.keys(components) as readonly EuiccDataComponent[]

/**
 * Nobody signs it as a whole. Notifications and results in it are shown only: the IPA delivers them otherwise, so that none is acknowledged, but for the
 * one result that the eIM itself has asked for.
 */
export function receiveEuiccData(state: EuiccState, response: IpaEuiccDataResponse, tools: Tools): Turn<Reception> {
  const { eimTransactionId } = response.value
  const exchange = exchangeOf(state, { ...(eimTransactionId !== undefined && { eimTransactionId }) })
  if (exchange?.purpose === 'results') return receiveKeptResults(state, resultsIn(response), tools)
  if (!exchange || !isDataRequest(exchange)) return ignore('not-asked')
  const result: PackageResult =
    response.kind === 'ipaEuiccData'
      ? { kind: 'ipaEuiccData', data: toData(response.value) }
      : { kind: 'ipaEuiccDataError', error: response.value.ipaEuiccDataErrorCode }
  const known = response.kind === 'ipaEuiccData' ? learnFrom(state, response.value, tools) : state
  return settle(state, { state: known, exchange, result, acknowledged: [] }, tools)
}

const resultsIn = ({ kind, value }: IpaEuiccDataResponse) =>
  kind === 'ipaEuiccData' ? (value.euiccPackageResultList ?? []) : []

/** Certificates of the eUICC, where a trusted CI vouches for them; what the IPA can do. */
function learnFrom(before: EuiccState, data: IpaEuiccData, { trusted, now }: Tools): EuiccState {
  const { euiccCertificate, eumCertificate, ipaCapabilities, deviceInfo, euiccInfo1, euiccInfo2 } = data
  const ipa = {
    ...before.ipa,
    ...(ipaCapabilities && { capabilities: ipaCapabilities }),
    ...(deviceInfo && { deviceInfo: encode(DeviceInfo, deviceInfo) }),
    ...(euiccInfo1 && { euiccInfo1: encode(EUICCInfo1, euiccInfo1) }),
    ...(euiccInfo2 && { euiccInfo2: encode(EUICCInfo2, euiccInfo2) }),
  }
  const state = { ...before, ipa }
  return euiccCertificate && eumCertificate
    ? learnIdentity(state, { euiccCertificate, eumCertificate }, { trusted, now })
    : state
}

const isDataRequest = ({ purpose, package: { order } }: Exchange): boolean => purpose === 'order' && 'data' in order

const toData = (data: IpaEuiccData): EuiccData =>
  Object.fromEntries(
    euiccDataComponents.flatMap((name) =>
      data[name] === undefined ? [] : [[name, components[name](data[name] as never)]],
    ),
  )
