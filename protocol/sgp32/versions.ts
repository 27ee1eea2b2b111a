import { choice, DecodeError, decode, mapped, type Schema, type TaggedSchema } from '../ber/index.ts'
import { AddInitialEimResponse } from './eim-configuration.ts'
import * as eimPackages from './eim-packages.ts'
import * as es10b from './es10b.ts'
import * as esipa from './esipa.ts'
import * as packages from './packages.ts'
import * as old from './v1-0-1.ts'

/** Versions of SGP.32 on the wire. Roles work with the values of v1.2; a codec has the octets of its version for them. */
export const sgp32Versions = ['1.2', '1.0.1'] as const
export type Sgp32Version = (typeof sgp32Versions)[number]

/** The messages whose octets differ. A value that a version has no octets for is a RangeError. */
export interface Sgp32Codec {
  readonly version: Sgp32Version
  readonly AddInitialEimResponse: TaggedSchema<AddInitialEimResponse>
  readonly EsipaMessageFromEimToIpa: Schema<esipa.EsipaMessageFromEimToIpa>
  readonly EsipaMessageFromIpaToEim: Schema<esipa.EsipaMessageFromIpaToEim>
  readonly EuiccPackage: Schema<packages.EuiccPackage>
  readonly EuiccPackageResult: TaggedSchema<packages.EuiccPackageResult>
  readonly EuiccPackageResultDataSigned: TaggedSchema<packages.EuiccPackageResultDataSigned>
  readonly GetEimPackageRequest: TaggedSchema<esipa.GetEimPackageRequest>
  readonly GetEimPackageResponse: TaggedSchema<esipa.GetEimPackageResponse>
  readonly HandleNotificationEsipa: TaggedSchema<esipa.HandleNotificationEsipa>
  readonly ImmediateEnableRequest: TaggedSchema<es10b.ImmediateEnableRequest>
  readonly ImmediateEnableResponse: TaggedSchema<es10b.ImmediateEnableResponse>
  readonly IpaEuiccDataRequest: TaggedSchema<eimPackages.IpaEuiccDataRequest>
  readonly IpaEuiccDataResponse: TaggedSchema<eimPackages.IpaEuiccDataResponse>
  readonly ProvideEimPackageResult: TaggedSchema<esipa.ProvideEimPackageResult>
  readonly ProvideEimPackageResultResponse: TaggedSchema<esipa.ProvideEimPackageResultResponse>
  readonly Psmo: Schema<packages.Psmo>
  readonly TransferEimPackageRequest: TaggedSchema<esipa.TransferEimPackageRequest>
  readonly TransferEimPackageResponse: TaggedSchema<esipa.TransferEimPackageResponse>
}

/** The tags of IpaEuiccData in a tagList, v1.0.1 and v1.2; what is not here has the same in both. */
const TAG = {
  old: { defaultSmdpAddress: 0x80, ipaCapabilities: 0x88, notificationsList: 0xbf2b },
  new: { defaultSmdpAddress: 0x81, ipaCapabilities: 0xa8, notificationsList: 0xa0, euiccPackageResultList: 0xa2 },
} as const

const dataRequest = {
  read({ tagList, euiccCiPKId, searchCriteria }: old.IpaEuiccDataRequest): eimPackages.IpaEuiccDataRequest {
    const list = searchCriteria?.kind === 'euiccPackageResults' ? 'euiccPackageResultList' : 'notificationsList'
    return {
      tagList: tagList.map((tag) => newTag(tag, list)),
      ...(euiccCiPKId && { euiccCiPKIdentifierToBeUsed: euiccCiPKId }),
      ...(searchCriteria &&
        searchCriteria.kind !== 'euiccPackageResults' && { searchCriteriaNotification: searchCriteria }),
    }
  },
  write: (request: eimPackages.IpaEuiccDataRequest): old.IpaEuiccDataRequest => ({
    tagList: [...new Set(request.tagList.map(oldTag))],
    ...(request.euiccCiPKIdentifierToBeUsed && { euiccCiPKId: request.euiccCiPKIdentifierToBeUsed }),
    ...oldCriteria(request),
  }),
}

/** A tag that means something in v1.2 only must not do so in a list of v1.0.1. */
const onlyNew: ReadonlySet<number> = new Set([
  TAG.new.defaultSmdpAddress,
  TAG.new.notificationsList,
  TAG.new.euiccPackageResultList,
])
const NO_COMPONENT = 0x9f7f

function newTag(tag: number, list: 'notificationsList' | 'euiccPackageResultList'): number {
  if (tag === TAG.old.notificationsList) return TAG.new[list]
  if (tag === TAG.old.defaultSmdpAddress) return TAG.new.defaultSmdpAddress
  if (tag === TAG.old.ipaCapabilities) return TAG.new.ipaCapabilities
  return onlyNew.has(tag) ? NO_COMPONENT : tag
}

function oldTag(tag: number): number {
  if (tag === TAG.new.notificationsList || tag === TAG.new.euiccPackageResultList) return TAG.old.notificationsList
  if (tag === TAG.new.defaultSmdpAddress) return TAG.old.defaultSmdpAddress
  return tag === TAG.new.ipaCapabilities ? TAG.old.ipaCapabilities : tag
}

/** One list and one criterion. */
function oldCriteria({
  tagList,
  searchCriteriaNotification: notification,
  searchCriteriaEuiccPackageResult: result,
}: eimPackages.IpaEuiccDataRequest): Pick<old.IpaEuiccDataRequest, 'searchCriteria'> {
  const wantsResults = tagList.includes(TAG.new.euiccPackageResultList)
  if (wantsResults && tagList.includes(TAG.new.notificationsList))
    throw new RangeError('SGP.32 v1.0.1 asks for notifications or for eUICC Package Results, not for both')
  if (wantsResults) return { searchCriteria: result ?? { kind: 'euiccPackageResults', value: true } }
  return notification ? { searchCriteria: notification } : {}
}

type Lists = Pick<eimPackages.IpaEuiccData, 'notificationsList' | 'euiccPackageResultList'>

/** What v1.0.1 has one list with alternatives for. */
function newLists(list: old.RetrieveNotificationsListResponse | undefined): Lists {
  switch (list?.kind) {
    case 'notificationList':
      return { notificationsList: list.value }
    case 'euiccPackageResultList':
      return { euiccPackageResultList: list.value }
    case 'notificationAndEprList':
      return {
        notificationsList: list.value.notificationList,
        euiccPackageResultList: list.value.euiccPackageResultList,
      }
    default:
      return {}
  }
}

function oldLists({ notificationsList: notificationList, euiccPackageResultList }: Lists): old.IpaEuiccData {
  if (notificationList && euiccPackageResultList) {
    const value = { notificationList, euiccPackageResultList }
    return { notificationsList: { kind: 'notificationAndEprList', value } }
  }
  if (notificationList) return { notificationsList: { kind: 'notificationList', value: notificationList } }
  return euiccPackageResultList
    ? { notificationsList: { kind: 'euiccPackageResultList', value: euiccPackageResultList } }
    : {}
}

const dataResponse = {
  read({ kind, value }: old.IpaEuiccDataResponse): eimPackages.IpaEuiccDataResponse {
    if (kind === 'ipaEuiccDataError')
      return { kind: 'ipaEuiccDataResponseError', value: { ipaEuiccDataErrorCode: value } }
    const { notificationsList, ...data } = value
    return { kind: 'ipaEuiccData', value: { ...data, ...newLists(notificationsList) } }
  },
  write({ kind, value }: eimPackages.IpaEuiccDataResponse): old.IpaEuiccDataResponse {
    if (kind === 'ipaEuiccDataResponseError')
      return { kind: 'ipaEuiccDataError', value: oldDataError(value.ipaEuiccDataErrorCode) }
    const { notificationsList, euiccPackageResultList, eimTransactionId: _unknown, ...data } = value
    const lists = {
      ...(notificationsList && { notificationsList }),
      ...(euiccPackageResultList && { euiccPackageResultList }),
    }
    return { kind: 'ipaEuiccData', value: { ...data, ...oldLists(lists) } }
  },
}

const oldDataError = (code: string) =>
  code === 'incorrectTagList' || code === 'euiccCiPKIdNotFound' ? code : 'undefinedError'

const triggerResult = {
  read({ profileDownloadTriggerResultData: data, ...transaction }: old.ProfileDownloadTriggerResult) {
    const value: eimPackages.ProfileDownloadTriggerResult = {
      ...transaction,
      profileDownloadTriggerResultData:
        data.kind === 'profileInstallationResult'
          ? data
          : { kind: data.kind, value: { profileDownloadErrorReason: 'undefinedError', ...data.value } },
    }
    return value
  },
  write({ profileDownloadTriggerResultData: data, ...transaction }: eimPackages.ProfileDownloadTriggerResult) {
    if (data.kind === 'profileInstallationResult') return { ...transaction, profileDownloadTriggerResultData: data }
    const { profileDownloadErrorReason: _unknown, ...error } = data.value
    return { ...transaction, profileDownloadTriggerResultData: { kind: data.kind, value: error } }
  },
}

type EimPackageResult = esipa.ProvideEimPackageResult['eimPackageResult']

const packageResult = {
  read(result: old.ProvideEimPackageResult): EimPackageResult {
    switch (result.kind) {
      case 'euiccPackageResult':
        return result
      case 'ePRAndNotifications': {
        const { notificationsList: notificationList = [] } = newLists(result.value.notificationList)
        return { kind: result.kind, value: { ...result.value, notificationList } }
      }
      case 'ipaEuiccDataResponse':
        return { kind: result.kind, value: dataResponse.read(result.value) }
      case 'profileDownloadTriggerResult':
        return { kind: result.kind, value: triggerResult.read(result.value) }
      case 'eimPackageError':
        return { kind: 'eimPackageResultResponseError', value: { eimPackageResultErrorCode: result.value } }
    }
  },
  write(result: EimPackageResult): old.ProvideEimPackageResult {
    switch (result.kind) {
      case 'euiccPackageResult':
        return result
      case 'ePRAndNotifications': {
        const notificationList = { kind: 'notificationList', value: result.value.notificationList } as const
        return { kind: result.kind, value: { ...result.value, notificationList } }
      }
      case 'ipaEuiccDataResponse':
        return { kind: result.kind, value: dataResponse.write(result.value) }
      case 'profileDownloadTriggerResult':
        return { kind: result.kind, value: triggerResult.write(result.value) }
      case 'eimPackageResultResponseError':
        return { kind: 'eimPackageError', value: result.value.eimPackageResultErrorCode }
    }
  },
}

const ProvideEimPackageResult = mapped(old.ProvideEimPackageResult, {
  read: (result): esipa.ProvideEimPackageResult => ({ eimPackageResult: packageResult.read(result) }),
  write: ({ eimPackageResult }) => packageResult.write(eimPackageResult),
})

const ProvideEimPackageResultResponse = mapped(old.ProvideEimPackageResultResponse, {
  read: ({ eimAcknowledgements: value }): esipa.ProvideEimPackageResultResponse =>
    value ? { kind: 'eimAcknowledgements', value } : { kind: 'emptyResponse', value: {} },
  write: ({ kind, value }) => (kind === 'eimAcknowledgements' ? { eimAcknowledgements: value } : {}),
})

const GetEimPackageRequest = mapped(old.GetEimPackageRequest, {
  read: (value): esipa.GetEimPackageRequest => value,
  write: ({ stateChangeCause: _unknown, ...value }) => value,
})

const GetEimPackageResponse = mapped(old.GetEimPackageResponse, {
  read: (response): esipa.GetEimPackageResponse =>
    response.kind === 'ipaEuiccDataRequest'
      ? { kind: response.kind, value: dataRequest.read(response.value) }
      : response,
  write(response) {
    if (response.kind === 'ipaEuiccDataRequest')
      return { kind: response.kind, value: dataRequest.write(response.value) }
    if (response.kind === 'eimPackageError' && response.value !== 'noEimPackageAvailable')
      return { kind: response.kind, value: 'undefinedError' as const }
    return response as old.GetEimPackageResponse
  },
})

const HandleNotificationEsipa = mapped(old.HandleNotificationEsipa, {
  read({ kind, value }): esipa.HandleNotificationEsipa {
    if (kind === 'pendingNotification' || kind === 'taggedPendingNotification')
      return { kind: 'pendingNotification', value }
    return { kind: 'provideEimPackageResult', value: { eimPackageResult: packageResult.read(value) } }
  },
  write({ kind, value }): old.HandleNotificationEsipa {
    if (kind === 'pendingNotification') return { kind: 'taggedPendingNotification', value }
    return { kind: 'taggedProvideEimPackageResult', value: packageResult.write(value.eimPackageResult) }
  },
})

const TransferEimPackageRequest = mapped(old.TransferEimPackageRequest, {
  read: (request): esipa.TransferEimPackageRequest =>
    request.kind === 'ipaEuiccDataRequest' ? { kind: request.kind, value: dataRequest.read(request.value) } : request,
  write: (request): old.TransferEimPackageRequest =>
    request.kind === 'ipaEuiccDataRequest' ? { kind: request.kind, value: dataRequest.write(request.value) } : request,
})

const TransferEimPackageResponse = mapped(old.TransferEimPackageResponse, {
  read(response): esipa.TransferEimPackageResponse {
    if (response.kind === 'eimPackageReceived' || response.kind === 'eimPackageError') return response
    return packageResult.read(response) as esipa.TransferEimPackageResponse
  },
  write(response): old.TransferEimPackageResponse {
    if (response.kind === 'eimPackageReceived' || response.kind === 'eimPackageError') return response
    return packageResult.write(response) as old.TransferEimPackageResponse
  },
})

/** Without a flag the device resets the card itself. Unverified. */
const ImmediateEnableRequest = mapped(old.ImmediateEnableRequest, {
  read: (): es10b.ImmediateEnableRequest => ({ refreshFlag: false }),
  write: () => ({}),
})

const ImmediateEnableResponse = mapped(es10b.ImmediateEnableResponse, {
  read: (response) => response,
  write: ({ immediateEnableResult: result }): es10b.ImmediateEnableResponse => ({
    immediateEnableResult: result === 'catBusy' ? 'undefinedError' : result,
  }),
})

export const sgp32Codecs: Readonly<Record<Sgp32Version, Sgp32Codec>> = {
  '1.2': {
    version: '1.2',
    AddInitialEimResponse,
    EsipaMessageFromEimToIpa: esipa.EsipaMessageFromEimToIpa,
    EsipaMessageFromIpaToEim: esipa.EsipaMessageFromIpaToEim,
    EuiccPackage: packages.EuiccPackage,
    EuiccPackageResult: packages.EuiccPackageResult,
    EuiccPackageResultDataSigned: packages.EuiccPackageResultDataSigned,
    GetEimPackageRequest: esipa.GetEimPackageRequest,
    GetEimPackageResponse: esipa.GetEimPackageResponse,
    HandleNotificationEsipa: esipa.HandleNotificationEsipa,
    ImmediateEnableRequest: es10b.ImmediateEnableRequest,
    ImmediateEnableResponse: es10b.ImmediateEnableResponse,
    IpaEuiccDataRequest: eimPackages.IpaEuiccDataRequest,
    IpaEuiccDataResponse: eimPackages.IpaEuiccDataResponse,
    ProvideEimPackageResult: esipa.ProvideEimPackageResult,
    ProvideEimPackageResultResponse: esipa.ProvideEimPackageResultResponse,
    Psmo: packages.Psmo,
    TransferEimPackageRequest: esipa.TransferEimPackageRequest,
    TransferEimPackageResponse: esipa.TransferEimPackageResponse,
  },
  '1.0.1': {
    version: '1.0.1',
    AddInitialEimResponse: old.AddInitialEimResponse,
    EsipaMessageFromEimToIpa: choice('EsipaMessageFromEimToIpa', {
      ...esipa.sessionResponses,
      transferEimPackageRequest: TransferEimPackageRequest,
      getEimPackageResponse: GetEimPackageResponse,
      provideEimPackageResultResponse: ProvideEimPackageResultResponse,
    }),
    EsipaMessageFromIpaToEim: choice('EsipaMessageFromIpaToEim', {
      ...esipa.sessionRequests,
      handleNotificationEsipa: HandleNotificationEsipa,
      transferEimPackageResponse: TransferEimPackageResponse,
      getEimPackageRequest: GetEimPackageRequest,
      provideEimPackageResult: ProvideEimPackageResult,
    }),
    EuiccPackage: old.EuiccPackage as Schema<packages.EuiccPackage>,
    EuiccPackageResult: old.EuiccPackageResult,
    EuiccPackageResultDataSigned: old.EuiccPackageResultDataSigned,
    GetEimPackageRequest,
    GetEimPackageResponse,
    HandleNotificationEsipa,
    ImmediateEnableRequest,
    ImmediateEnableResponse,
    IpaEuiccDataRequest: mapped(old.IpaEuiccDataRequest, dataRequest),
    IpaEuiccDataResponse: mapped(old.IpaEuiccDataResponse, dataResponse),
    ProvideEimPackageResult,
    ProvideEimPackageResultResponse,
    Psmo: old.Psmo as Schema<packages.Psmo>,
    TransferEimPackageRequest,
    TransferEimPackageResponse,
  },
}

type MessageName = 'EsipaMessageFromEimToIpa' | 'EsipaMessageFromIpaToEim'

/** The version that a message of ESipa is of which cannot be read as one of `spoken`; undefined when it is of none. */
export function otherVersionOf(name: MessageName, octets: Uint8Array, spoken: Sgp32Version): Sgp32Version | undefined {
  return sgp32Versions.find((version) => version !== spoken && isReadable(sgp32Codecs[version][name], octets))
}

function isReadable(schema: Schema<unknown>, octets: Uint8Array): boolean {
  try {
    decode(schema, octets, { rules: 'BER' })
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

/** What is said of a peer with another version. */
export const otherVersionText = (peer: Sgp32Version, own: Sgp32Version): string =>
  `peer speaks ${sgp32VersionNames[peer]}, this side ${sgp32VersionNames[own]}`

/** v1.0.1 stands for all of v1.0.x, which have the same octets. */
export const sgp32VersionNames: Readonly<Record<Sgp32Version, string>> = {
  '1.2': 'SGP.32 v1.2',
  '1.0.1': 'SGP.32 v1.0.x',
}
