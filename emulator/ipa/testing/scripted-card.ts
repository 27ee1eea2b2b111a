/** A card for tests that answers each ES10 function from a script. Notifications and eUICC Package Results are kept and removed as a card does. */
import {
  concatOctets,
  decode,
  encode,
  explicit,
  fromHex,
  sequenceOf,
  slice,
  toHex,
} from '../../../protocol/ber/index.ts'
import {
  EUICCInfo1,
  EuiccConfiguredAddressesResponse,
  GetEuiccChallengeResponse,
  GetEuiccDataResponse,
  NotificationSentRequest,
  NotificationSentResponse,
} from '../../../protocol/sgp22/index.ts'
import {
  type EimConfigurationData,
  EUICCInfo2,
  GetEimConfigurationDataResponse,
  RetrieveNotificationsListRequest,
} from '../../../protocol/sgp32/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import { authenticated, ciPKId, eid, eimId, euiccInfo2, prepared, sessionCancelled } from './messages.ts'

/** Response TLV or status word. */
type Reply = Uint8Array | number
type Answerer = Reply | ((request: Uint8Array) => Reply)

const functions = {
  bf20: 'GetEUICCInfo1',
  bf21: 'PrepareDownload',
  bf22: 'GetEUICCInfo2',
  bf2b: 'RetrieveNotificationsList',
  bf2d: 'GetProfilesInfo',
  bf2e: 'GetEUICCChallenge',
  bf30: 'RemoveNotificationFromList',
  bf38: 'AuthenticateServer',
  bf3c: 'GetEuiccConfiguredAddresses',
  bf3e: 'GetEID',
  bf41: 'CancelSession',
  bf43: 'GetRAT',
  bf51: 'LoadEuiccPackage',
  bf55: 'GetEimConfigurationData',
  bf56: 'GetCerts',
  bf57: 'AddInitialEim',
  bf58: 'ProfileRollback',
  bf5a: 'ImmediateEnable',
  bf5d: 'ExecuteFallbackMechanism',
  bf5e: 'ReturnFromFallback',
  bf64: 'EuiccMemoryReset',
} as const
type FunctionName = (typeof functions)[keyof typeof functions] | 'segment'

export type CardScript = Partial<Record<FunctionName, Answerer>>

export interface ScriptedCard extends CardChannel {
  script: CardScript
  eims: readonly EimConfigurationData[]
  /** PendingNotification and EuiccPackageResult TLVs by sequence number. */
  readonly notifications: Map<number, Uint8Array>
  readonly results: Map<number, Uint8Array>
  /** Functions called, with their requests. */
  readonly calls: { readonly name: FunctionName; readonly request: Uint8Array }[]
  resets: number
}

export const pollableEim: EimConfigurationData = {
  eimId,
  eimFqdn: 'eim.test',
  associationToken: 7,
  eimSupportedProtocol: ['eimRetrieveHttps'],
}

export function scriptedCard(script: CardScript = {}): ScriptedCard {
  const card: ScriptedCard = {
    script,
    eims: [pollableEim],
    notifications: new Map(),
    results: new Map(),
    calls: [],
    resets: 0,
    async reset() {
      card.resets += 1
    },
    async transmit([cla = 0, ins, p1, ...rest]) {
      if (ins !== 0xe2) return fromHex(ins === 0x70 ? '019000' : '9000')
      if (cla !== 0x81) return fromHex('6881')
      pending.push(...rest.slice(2, -1))
      if (p1 === 0x11) return fromHex('9000')
      const reply = perform(card, Uint8Array.from(pending.splice(0)))
      return typeof reply === 'number' ? Uint8Array.of(reply >> 8, reply & 0xff) : concatOctets(reply, fromHex('9000'))
    },
  }
  const pending: number[] = []
  return card
}

function perform(card: ScriptedCard, request: Uint8Array): Reply {
  const tag = toHex(request.subarray(0, 2)) as keyof typeof functions
  const name = functions[tag] ?? 'segment'
  card.calls.push({ name, request })
  const answerer = card.script[name] ?? defaults[name]
  if (answerer === undefined) throw new Error(`the script has no answer to ${name}`)
  return typeof answerer === 'function' ? answerer(request, card) : answerer
}

const NotificationList = explicit(0xbf2b, sequenceOf(0xa0, slice()))
const PackageResultList = explicit(0xbf2b, sequenceOf(0xa2, slice()))

const defaults: Partial<Record<FunctionName, Reply | ((request: Uint8Array, card: ScriptedCard) => Reply)>> = {
  GetEID: encode(GetEuiccDataResponse, { eidValue: eid }),
  GetEUICCInfo1: encode(EUICCInfo1, {
    svn: '2.5.0',
    euiccCiPKIdListForVerification: [ciPKId],
    euiccCiPKIdListForSigning: [ciPKId],
  }),
  GetEUICCInfo2: encode(EUICCInfo2, euiccInfo2),
  GetEUICCChallenge: encode(GetEuiccChallengeResponse, { euiccChallenge: new Uint8Array(16) }),
  GetEimConfigurationData: (_, { eims }) => encode(GetEimConfigurationDataResponse, { eimConfigurationDataList: eims }),
  GetEuiccConfiguredAddresses: encode(EuiccConfiguredAddressesResponse, { rootDsAddress: 'smds.test' }),
  AuthenticateServer: authenticated,
  PrepareDownload: prepared,
  CancelSession: sessionCancelled,
  // rollbackNotAllowed
  ProfileRollback: fromHex('bf5803020101'),
  // immediateEnableNotAvailable
  ImmediateEnable: fromHex('bf5a03800101'),
  // fallbackNotAvailable
  ExecuteFallbackMechanism: fromHex('bf5d03800106'),
  ReturnFromFallback: fromHex('bf5e03800106'),
  RetrieveNotificationsList: retrieve,
  RemoveNotificationFromList: remove,
}

function retrieve(request: Uint8Array, { notifications, results }: ScriptedCard): Uint8Array {
  const { searchCriteria } = decode(RetrieveNotificationsListRequest, request)
  return searchCriteria?.kind === 'euiccPackageResults'
    ? encode(PackageResultList, [...results.values()])
    : encode(NotificationList, [...notifications.values()])
}

function remove(request: Uint8Array, { notifications, results }: ScriptedCard): Uint8Array {
  const { seqNumber } = decode(NotificationSentRequest, request)
  const found = notifications.delete(seqNumber) || results.delete(seqNumber)
  return encode(NotificationSentResponse, { deleteNotificationStatus: found ? 'ok' : 'nothingToDelete' })
}
