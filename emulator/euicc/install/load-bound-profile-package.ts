/** ES10b.LoadBoundProfilePackage: SGP.22 v2.5, 5.7.6. One segment, which is whatever one STORE DATA command has carried. */
import { concatOctets, DecodeError } from '../../../protocol/ber/index.ts'
import { unprotect } from '../../../protocol/crypto/index.ts'
import type { FunctionResult } from '../commands/command.ts'
import type { Entropy } from '../entropy.ts'
import { loading } from '../session.ts'
import { type EuiccState, withSession } from '../state.ts'
import { type BppPart, type BppStream, isBetweenTlvs, nextPart, received } from './bpp-stream.ts'
import { configureIsdp } from './configure-isdp.ts'
import type { InstallContext } from './context.ts'
import { initialiseSecureChannel } from './initialise-secure-channel.ts'
import { changedInstallation, type Installation, movedOn, newInstallation, withElements } from './installation.ts'
import { completeInstallation, failInstallation } from './installation-result.ts'
import { loadProfileElements } from './load-profile-elements.ts'
import { type BppCommandId, elementRefusal, isRefusal, type Refusal, refusal } from './outcome.ts'
import { replaceSessionKeys } from './replace-session-keys.ts'
import { storeMetadata } from './store-metadata.ts'

/** First octets of the TLVs in a package but its first one. Functions begin with BF. */
const INNER_TAGS = [0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3]

const beginsPackage = (octets: Uint8Array): boolean => octets[0] === 0xbf && octets[1] === 0x36
const beginsSecureChannel = (octets: Uint8Array): boolean => octets[0] === 0xbf && octets[1] === 0x23

/** Whether a command is a segment of a bound profile package and no function of its own. */
export function isSegment({ volatile: { session } }: EuiccState, octets: Uint8Array): boolean {
  const isInside = session?.phase === 'loading' && !isBetweenTlvs(session.installation.stream)
  return isInside || beginsPackage(octets) || beginsSecureChannel(octets) || INNER_TAGS.includes(octets[0] ?? 0)
}

/** Unverified: the status word for a segment that no session waits for. */
export function loadSegment(state: EuiccState, octets: Uint8Array, entropy: Entropy): FunctionResult {
  const begun = contextOf(state, octets)
  if (!begun) return { state, answer: { statusWord: state.product.policy.segmentWithoutSession } }
  const { session } = begun
  let { installation } = begun
  let stream = received(installation.stream, octets)
  for (;;) {
    const found = nextPart(stream)
    const { part } = found
    stream = found.stream
    const context = { state, session, installation }
    if (part.kind === 'incomplete') return wait(context, stream)
    if (part.kind === 'end') return end(context, entropy)
    const next = execute(context, part)
    if (isRefusal(next)) return failInstallation({ ...context, ...blamed(part, context), refusal: next, entropy })
    installation = next
  }
}

/** A package begins after PrepareDownload; while one is loading no other can begin. */
function contextOf(state: EuiccState, octets: Uint8Array): InstallContext | undefined {
  const { session } = state.volatile
  if (session?.phase === 'loading') {
    const { installation } = session
    const isSecondPackage = isBetweenTlvs(installation.stream) && beginsPackage(octets)
    return isSecondPackage ? undefined : { state, session, installation }
  }
  if (session?.phase !== 'prepared' || !beginsPackage(octets)) return undefined
  return { state, session, installation: newInstallation }
}

function wait({ state, session, installation }: InstallContext, stream: BppStream): FunctionResult {
  const next = loading(session, movedOn(installation, stream))
  return { state: withSession(state, next), answer: NOTHING }
}

const NOTHING = new Uint8Array()

/** The package is over: so must be the profile in it. */
function end(context: InstallContext, entropy: Entropy): FunctionResult {
  const { done, waiting } = context.installation.elements
  if (done.at(-1)?.kind === 'end' && waiting.length === 0) return completeInstallation(context, entropy)
  const refused = elementRefusal('profile-complete', { status: 'invalid-request-format' })
  return failInstallation({ ...context, command: 'loadProfileElements', refusal: refused, entropy })
}

type Part = Extract<BppPart, { kind: 'secure-channel' | 'protected' | 'broken' }>

function execute(context: InstallContext, part: Part): Installation | Refusal {
  try {
    if (part.kind === 'secure-channel') return initialiseSecureChannel(context, part.octets)
    if (part.kind === 'protected') return executeProtected(context, part)
    const reason = part.command === 'initialiseSecureChannel' ? 'incorrectInputValues' : 'scp03tStructureError'
    return refusal('package-structure', reason)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return refusal('command-readable', 'incorrectInputValues')
  }
}

/** StoreMetadata that goes on in a further TLV has a name of its own. */
function blamed(part: Part, { installation }: InstallContext): { readonly command: BppCommandId } {
  if (part.kind === 'secure-channel') return { command: 'initialiseSecureChannel' }
  const isContinued = part.command === 'storeMetadata' && installation.tlvs > 0
  return { command: isContinued ? 'storeMetadata2' : part.command }
}

type Run = (context: InstallContext, plaintext: Uint8Array) => Installation | Refusal

const commands: Partial<Record<BppCommandId, Run>> = { configureISDP: configureIsdp, storeMetadata, replaceSessionKeys }

/** A command spread over several TLVs is executed with the last; profile elements go on as they come. */
function executeProtected(context: InstallContext, part: Extract<Part, { kind: 'protected' }>): Installation | Refusal {
  const { bsp, plaintext: before, tlvs } = context.installation
  if (!bsp) throw new Error('a protected TLV before the secure channel')
  const opened = unprotect(bsp, part.octets)
  if (!Array.isArray(opened)) return refusal('segment-protection', opened.error)
  const [next, plaintext] = opened
  const run = commands[part.command]
  if (!run) {
    const elements = loadProfileElements(context, plaintext)
    return isRefusal(elements) ? elements : withElements(context.installation, next, elements)
  }
  const installation = changedInstallation(context.installation, { bsp: next })
  const whole = concatOctets(before, plaintext)
  if (!part.isLast) return changedInstallation(installation, { plaintext: whole, tlvs: tlvs + 1 })
  const cleared = changedInstallation(installation, { plaintext: NOTHING, tlvs: 0 })
  return run({ ...context, installation: cleared }, whole)
}
