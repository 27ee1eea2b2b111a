/** ProfileInstallationResult: SGP.22 v2.5, 2.5.6. Signed, kept as a notification, and answered with the last segment. */
import { capture, encode, equalOctets } from '../../../protocol/ber/index.ts'
import { isdPAid } from '../../../protocol/codes/index.ts'
import { EUICCResponse } from '../../../protocol/saip/index.ts'
import { ProfileInstallationResult, ProfileInstallationResultData } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import type { FunctionResult } from '../commands/command.ts'
import type { Entropy } from '../entropy.ts'
import type { EventDraft } from '../events.ts'
import { notifyReceivers, storeNotification } from '../notifications.ts'
import type { Interruption, Prepared, RspSession } from '../session.ts'
import { type EuiccState, holding, type Profile, withMemory, withoutRollback, withSession } from '../state.ts'
import { accessOf } from './access.ts'
import { commandAt } from './bpp-stream.ts'
import type { InstallContext } from './context.ts'
import type { Installation } from './installation.ts'
import type { BppCommandId, Refusal } from './outcome.ts'

export const CAUSE = 'LoadBoundProfilePackage'

type Session = Pick<Prepared, 'transactionId' | 'serverAddress' | 'serverOid' | 'ciPkId'>

type FinalResult = ProfileInstallationResultData['finalResult']

interface Result {
  readonly session: Session
  readonly iccid: string | undefined
  readonly finalResult: FinalResult
}

interface Concluded {
  readonly state: EuiccState
  readonly answer: Uint8Array
  readonly stored: EventDraft
}

function conclude(state: EuiccState, { session, iccid, finalResult }: Result, entropy: Entropy): Concluded {
  const { transactionId, serverAddress, serverOid, ciPkId } = session
  const notificationMetadata = {
    seqNumber: state.memory.lastSeqNumber + 1,
    profileManagementOperation: ['notificationInstall'] as const,
    notificationAddress: serverAddress,
    ...(iccid !== undefined && { iccid }),
  }
  const data = { transactionId, notificationMetadata, smdpOid: serverOid, finalResult }
  const profileInstallationResultData = capture(ProfileInstallationResultData, data)
  const { privateKey } = state.product.credentials.of(state.eid, ciPkId)
  const euiccSignPIR = entropy.sign(privateKey, [profileInstallationResultData.octets])
  const value = { profileInstallationResultData, euiccSignPIR }
  return {
    state: storeNotification(state, notificationMetadata, { kind: 'profileInstallationResult', value }),
    answer: encode(ProfileInstallationResult, value),
    stored: {
      type: 'notification-stored',
      cause: CAUSE,
      seqNumber: notificationMetadata.seqNumber,
      ...(iccid !== undefined && { iccid }),
    },
  }
}

interface Failure extends InstallContext {
  readonly command: BppCommandId
  readonly refusal: Refusal
  readonly entropy: Entropy
}

/** Nothing but the result is left of the profile. */
export function failInstallation({ state, session, installation, command, refusal, entropy }: Failure): FunctionResult {
  const { refused: errorReason, check, simaResponse } = refusal
  const iccid = installation.metadata?.iccid ?? refusal.iccid
  const errorResult = { bppCommandId: command, errorReason, ...(simaResponse && { simaResponse }) }
  const finalResult = { kind: 'errorResult', value: errorResult } as const
  const { answer, stored, ...concluded } = conclude(state, { session, iccid, finalResult }, entropy)
  const named = iccid === undefined ? {} : { iccid }
  return {
    state: withSession(concluded.state, undefined),
    answer,
    events: [{ type: 'installation-failed', cause: CAUSE, check, detail: errorReason, ...named }, stored],
  }
}

/** What a reset ends in the middle. */
export function interruptionOf({ product, volatile: { session } }: EuiccState): Interruption | undefined {
  if (session?.phase !== 'loading' || product.policy.interruptedInstallation === 'forgotten') return undefined
  const { transactionId, serverAddress, serverOid, ciPkId, installation } = session
  const { metadata, tlvs, stream } = installation
  const command = commandAt(stream)
  return {
    ...{ transactionId, serverAddress, serverOid, ciPkId },
    iccid: metadata?.iccid,
    command: command === 'storeMetadata' && tlvs > 0 ? 'storeMetadata2' : command,
  }
}

/** The result of an installation that a reset has ended: signed when the card can. */
export function reportInterruption(state: EuiccState, interrupted: Interruption, entropy: Entropy) {
  const { command, iccid, ...session } = interrupted
  const errorReason = 'installFailedDueToInterruption'
  const finalResult = { kind: 'errorResult', value: { bppCommandId: command, errorReason } } as const
  const { stored, ...concluded } = conclude(state, { session, iccid, finalResult }, entropy)
  const named = iccid === undefined ? {} : { iccid }
  const failed = { type: 'installation-failed', cause: CAUSE, detail: errorReason, ...named } as const
  return { state: withMemory(concluded.state, { interrupted: undefined }), events: [failed, stored] }
}

/** The profile is there, disabled. The session stays for ImmediateEnable. */
export function completeInstallation(context: InstallContext, entropy: Entropy): FunctionResult {
  const { state, session, installation } = context
  const profile = profileOf(context)
  const { iccid } = profile
  const aid = profile.isdpAid
  const { statuses } = installation.elements
  const simaResponse =
    statuses.length === 0 ? ALL_OK : encode(EUICCResponse, { peStatus: [...statuses, { status: 'ok' }] })
  const finalResult = { kind: 'successResult', value: { aid, simaResponse } } as const
  const concluded = conclude(
    installed(withRollbackPolicy(state), session, profile),
    { session, iccid, finalResult },
    entropy,
  )
  const due = [{ event: 'notificationInstall', profile, except: session.serverAddress }] as const
  const notified = notifyReceivers(concluded.state, due, { entropy, cause: CAUSE })
  return {
    state: withSession(notified.state, installedSession(session, iccid)),
    answer: concluded.answer,
    events: [{ type: 'profile-installed', cause: CAUSE, iccid }, concluded.stored, ...notified.events],
  }
}

function withRollbackPolicy(state: EuiccState): EuiccState {
  const isKept = state.product.policy.rollbackAfterInstallation === 'kept'
  return isKept ? state : holding(state, withoutRollback(state.memory))
}

const ALL_OK = encode(EUICCResponse, { peStatus: [{ status: 'ok' }] })

/** What is left of a session when its package is loaded. */
function installedSession(session: Prepared, iccid: string): RspSession {
  const { transactionId, serverAddress, serverRole, serverCertificate, serverOid, ciPkId, euiccSignature1 } = session
  return {
    phase: 'installed',
    iccid,
    transactionId,
    serverAddress,
    serverRole,
    serverCertificate,
    serverOid,
    ciPkId,
    euiccSignature1,
  }
}

function installed(state: EuiccState, { oneTimeKey }: Prepared, profile: Profile): EuiccState {
  const { profiles, lastIsdp, oneTimeKeys } = state.memory
  return withMemory(state, {
    profiles: [...profiles, profile],
    lastIsdp: lastIsdp + 1,
    oneTimeKeys: oneTimeKeys.filter(({ point }) => !equalOctets(point, oneTimeKey.point)),
  })
}

function profileOf({ state, session, installation }: InstallContext): Profile {
  const { dpProprietaryData, elements } = installation
  const metadata = proven(installation.metadata, 'metadata-stored')
  const { codes, authentication } = accessOf(elements.done, elements.files)
  return {
    iccid: metadata.iccid,
    isdpAid: isdPAid(state.memory.lastIsdp + 1),
    metadata,
    dpProprietaryData,
    ciPkId: session.ciPkId,
    files: elements.files,
    codes,
    authentication,
    connectivityParameters: connectivityOf(installation),
    size: elements.octets,
  }
}

function connectivityOf({ elements: { done } }: Installation): Uint8Array | undefined {
  const header = done[0]
  return header?.kind === 'header' ? header.value.connectivityParameters?.slice() : undefined
}
