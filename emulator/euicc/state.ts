/**
 * What a card holds: plain immutable data. A step makes a new state that shares what did not change, so a card at rest costs little. What is
 * made anew with most commands has all its components always, and is copied by one literal: objects of one shape are several times as fast.
 */
import type { ValueOf } from '../../protocol/ber/index.ts'
import { isdPNumbers } from '../../protocol/codes/index.ts'
import type { Curve } from '../../protocol/crypto/index.ts'
import type { ConfigureISDPRequest, NotificationMetadata } from '../../protocol/sgp22/index.ts'
import type {
  EimConfigurationData,
  EuiccPackageResult,
  PendingNotification,
  StoreMetadataRequest,
} from '../../protocol/sgp32/index.ts'
import { type Channels, noChannels } from './card/channels.ts'
import type { PlacedFiles } from './card/files.ts'
import type { Authentication, Codes } from './card/secrets.ts'
import type { StoredCrl } from './crls.ts'
import type { EuiccProduct } from './product.ts'
import type { Interruption, OneTimePrivateKey, RspSession } from './session.ts'

export interface EuiccState {
  readonly eid: string
  readonly product: EuiccProduct
  readonly memory: Memory
  readonly volatile: Volatile
  /** Number of the last event. */
  readonly sequence: number
}

/** What survives a loss of power. */
export interface Memory {
  readonly profiles: readonly Profile[]
  /** ICCID of the enabled profile: there cannot be two. */
  readonly enabled?: string | undefined
  /** ICCID of the profile with the fallback attribute: there cannot be two. */
  readonly fallback?: string | undefined
  readonly defaultDpAddress?: string | undefined
  /** What a memory reset sets it to. */
  readonly factoryDpAddress?: string | undefined
  readonly eims: readonly AssociatedEim[]
  /** Association tokens are never used again; 0 stands for none. */
  readonly lastAssociationToken: number
  readonly immediateEnable: ImmediateEnable
  readonly rollback?: RollbackAuthorisation | undefined
  /** ICCID of the profile that ReturnFromFallback goes back to. */
  readonly beforeFallback?: string | undefined
  /** ICCID of the profile that DisableEmergencyProfile goes back to. */
  readonly beforeEmergency?: string | undefined
  /** ICCID of the operational profile that was enabled before the first test profile: the disabling of the last one goes back to it. */
  readonly beforeTest?: string | undefined
  /** Of notifications and eUICC Package Results alike. Never used again. */
  readonly lastSeqNumber: number
  readonly notifications: readonly StoredNotification[]
  readonly packageResults: readonly StoredPackageResult[]
  /** Of downloads that were put off: a package already bound to one can still be installed. */
  readonly oneTimeKeys: readonly StoredOneTimeKey[]
  readonly crls: readonly StoredCrl[]
  /** An installation that a reset has ended and that is still to be reported. */
  readonly interrupted?: Interruption | undefined
  /** Number in the AID of the ISD-P made last. */
  readonly lastIsdp: number
}

export interface Profile {
  readonly iccid: string
  readonly isdpAid: Uint8Array
  readonly metadata: StoreMetadataRequest
  readonly nickname?: string
  readonly dpProprietaryData?: ValueOf<typeof ConfigureISDPRequest>['dpProprietaryData'] | undefined
  /** Under which CI it was downloaded: its notifications are signed with the key certified there. */
  readonly ciPkId: Uint8Array
  readonly files: PlacedFiles
  /** Absent: it has none. */
  readonly codes?: Codes | undefined
  readonly authentication?: Authentication | undefined
  /** HTTP parameters of the profile header: what GetConnectivityParameters gives. */
  readonly connectivityParameters?: Uint8Array | undefined
  /** Octets of non-volatile memory. */
  readonly size: number
  /** By the maker of the card, not by a download. */
  readonly isPreLoaded?: true
}

export interface AssociatedEim {
  /** Without its counter; an association token that the card generated is in it. */
  readonly configuration: EimConfigurationData
  /** Of the last package that was accepted. */
  readonly counterValue: number
}

export interface ImmediateEnable {
  readonly allowed: boolean
  readonly smdpOid?: string
  readonly smdpAddress?: string
}

/** SGP.32 v1.2, 3.3.2: what ProfileRollback goes back to and answers for. */
export interface RollbackAuthorisation {
  readonly iccid: string
  readonly eimId: string
  readonly counterValue: number
  readonly eimTransactionId?: string
  /** Of the package, for cards of SGP.32 v1.0.1, which sign it with the result. */
  readonly eimSignature?: Uint8Array
  /** Of the eUICC Package Result that a rollback replaces. */
  readonly seqNumber: number
}

export interface StoredNotification {
  readonly metadata: NotificationMetadata
  readonly notification: PendingNotification
}

export interface StoredPackageResult {
  readonly seqNumber: number
  readonly result: EuiccPackageResult
}

export interface StoredOneTimeKey extends OneTimePrivateKey {
  readonly curve: Curve
  /** Of the SM-DP+ for which it was made. */
  readonly smdpOid: string
}

/** What a reset or a loss of power forgets. */
export interface Volatile {
  readonly channels: Channels
  /** What GET RESPONSE fetches. */
  readonly pending?: Uint8Array | undefined
  /** Value of the TERMINAL CAPABILITY template. */
  readonly terminalCapability?: Uint8Array | undefined
  readonly session?: RspSession | undefined
  /** PINs of the enabled profile. */
  readonly verified?: readonly string[] | undefined
  /** The toolkit is still busy with a switch. */
  readonly isSettling?: boolean | undefined
  /** What the card asks of the terminal: until it is done the switch of profiles waits. */
  readonly refresh?: Refresh | undefined
}

/** A switch that a function has decided on. */
export interface Switch {
  /** The function. */
  readonly cause: string
  /** ICCID of the profile that is enabled; absent: none is. */
  readonly to?: string
  /** ICCIDs that are remembered from now on. */
  readonly remembers?: Pick<Memory, 'beforeFallback' | 'beforeEmergency'>
  /** No notifications. */
  readonly isSilent?: boolean
  readonly endsRollback?: true
}

/** REFRESH is outstanding. */
export interface Refresh {
  readonly command: Uint8Array
  readonly isFetched: boolean
  readonly switch: Switch
  /** Signed already: what they tell comes true with the switch. */
  readonly notifications: readonly StoredNotification[]
}

export const emptyMemory: Memory = copyOf({
  profiles: [],
  eims: [],
  lastAssociationToken: 0,
  immediateEnable: { allowed: false },
  lastSeqNumber: 0,
  notifications: [],
  packageResults: [],
  oneTimeKeys: [],
  crls: [],
  lastIsdp: isdPNumbers.min - 1,
})

function copyOf(memory: Memory): Memory {
  return {
    profiles: memory.profiles,
    enabled: memory.enabled,
    fallback: memory.fallback,
    defaultDpAddress: memory.defaultDpAddress,
    factoryDpAddress: memory.factoryDpAddress,
    eims: memory.eims,
    lastAssociationToken: memory.lastAssociationToken,
    immediateEnable: memory.immediateEnable,
    rollback: memory.rollback,
    beforeFallback: memory.beforeFallback,
    beforeEmergency: memory.beforeEmergency,
    beforeTest: memory.beforeTest,
    lastSeqNumber: memory.lastSeqNumber,
    notifications: memory.notifications,
    packageResults: memory.packageResults,
    oneTimeKeys: memory.oneTimeKeys,
    crls: memory.crls,
    interrupted: memory.interrupted,
    lastIsdp: memory.lastIsdp,
  }
}

export const changedMemory = (memory: Memory, changes: Partial<Memory>): Memory =>
  Object.assign(copyOf(memory), changes)

export const withoutRollback = (memory: Memory): Memory =>
  memory.rollback === undefined ? memory : changedMemory(memory, { rollback: undefined })

/** The same card with another memory. */
export function holding({ eid, product, volatile, sequence }: EuiccState, memory: Memory): EuiccState {
  return { eid, product, memory, volatile, sequence }
}

export const withMemory = (state: EuiccState, changes: Partial<Memory>): EuiccState =>
  holding(state, changedMemory(state.memory, changes))

export const afterReset: Volatile = volatileWith({ channels: noChannels }, {})

function volatileWith(volatile: Volatile, changes: Partial<Volatile>): Volatile {
  const { channels, pending, session, refresh, verified, isSettling, terminalCapability } = volatile
  return Object.assign({ channels, pending, session, refresh, verified, isSettling, terminalCapability }, changes)
}

export const withVolatile = (state: EuiccState, changes: Partial<Volatile>): EuiccState =>
  recalling(state, volatileWith(state.volatile, changes))

/** The same card with another volatile memory. */
const recalling = ({ eid, product, memory, sequence }: EuiccState, volatile: Volatile): EuiccState => ({
  eid,
  product,
  memory,
  volatile,
  sequence,
})

// What every command changes: Object.assign takes twice as long as a literal.
export function withChannels(state: EuiccState, channels: Channels): EuiccState {
  const { pending, session, refresh, verified, isSettling, terminalCapability } = state.volatile
  return recalling(state, { channels, pending, session, refresh, verified, isSettling, terminalCapability })
}

export function restarted({ eid, product, memory, sequence }: EuiccState): EuiccState {
  return { eid, product, memory, volatile: afterReset, sequence }
}

/** `undefined` ends the session. */
export function withSession(state: EuiccState, session: RspSession | undefined): EuiccState {
  const { channels, pending, refresh, verified, isSettling, terminalCapability } = state.volatile
  return recalling(state, { channels, pending, session, refresh, verified, isSettling, terminalCapability })
}

export const profileWith = (memory: Memory, iccid: string | undefined): Profile | undefined =>
  memory.profiles.find((profile) => profile.iccid === iccid)

/** Octets of non-volatile memory that no profile takes. */
export const freeMemory = ({ memory, product }: EuiccState): number =>
  memory.profiles.reduce((free, { size }) => free - size, product.limits.nonVolatileMemory)
