/** ES8+.LoadProfileElements: SGP.22 v2.5, 5.5.5; TCA eUICC Profile Package 3.3.1. Elements are executed as soon as they are whole. */
import { concatOctets, DecodeError } from '../../../protocol/ber/index.ts'
import { profileHeaderOctetsToIccid } from '../../../protocol/identifiers/index.ts'
import {
  brokenRule,
  type ElementOf,
  elementHeader,
  missingOctets,
  type PEStatus,
  type ProfileElement,
  readElement,
  readElementHeader,
  templateOf,
} from '../../../protocol/saip/index.ts'
import type { PlacedFiles } from '../card/files.ts'
import { type Check, firstFailing } from '../check.ts'
import { freeMemory } from '../state.ts'
import type { InstallContext } from './context.ts'
import { dataMismatch } from './data-consistency.ts'
import { withManagedFiles, withTemplateFiles } from './file-system.ts'
import type { ProfileElements } from './installation.ts'
import { elementRefusal, type Refusal, refusal } from './outcome.ts'
import { isServiceSupported, isVersionSupported } from './profile-support.ts'

/** What is changed while the elements of one TLV are executed, and by nobody else. */
interface Draft {
  readonly context: InstallContext
  readonly done: ProfileElement[]
  readonly statuses: PEStatus[]
  files: PlacedFiles
}

/** The plaintext of one 86 TLV: it may hold several elements, and parts of them. */
export function loadProfileElements(context: InstallContext, plaintext: Uint8Array): ProfileElements | Refusal {
  const { waiting, missing, done, statuses, files, octets: before } = context.installation.elements
  const octets = before + plaintext.length
  if (octets > freeMemory(context.state))
    return elementRefusal('profile-fits-in-memory', { status: 'not-enough-memory' })
  const pieces = [...waiting, plaintext]
  if (plaintext.length < missing)
    return { waiting: pieces, missing: missing - plaintext.length, done, statuses, files, octets }
  const draft: Draft = { context, done: done.slice(), statuses: statuses.slice(), files }
  const rest = executeAll(draft, pieces.length === 1 ? plaintext : concatOctets(...pieces))
  if (!(rest instanceof Uint8Array)) return rest
  const isOver = rest.length === 0
  return {
    waiting: isOver ? [] : [rest],
    missing: isOver ? 0 : missingOctets(rest),
    done: draft.done,
    statuses: draft.statuses,
    files: draft.files,
    octets,
  }
}

/** All elements that are whole. The octets behind them. */
function executeAll(draft: Draft, octets: Uint8Array): Uint8Array | Refusal {
  let rest = octets
  while (rest.length > 0) {
    const read = tryRead(rest)
    if (read === undefined) break
    if ('refused' in read) return read
    const refused = execute(draft, read.element)
    if (refused) return refused
    draft.done.push(read.element)
    rest = read.rest
  }
  return rest
}

function tryRead(waiting: Uint8Array) {
  try {
    return readElement(waiting)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return elementRefusal('element-readable', withIdentification('invalid-request-format', readElementHeader(waiting)))
  }
}

const withIdentification = (status: PEStatus['status'], header: { identification: number } | undefined): PEStatus =>
  header ? { status, identification: header.identification } : { status }

/** What this card has no use for and a profile can do without. */
const unsupported: ReadonlySet<ProfileElement['kind']> = new Set([
  'unknown',
  'nonStandard',
  'rfu1',
  'rfu2',
  'rfu3',
  'rfu4',
  'rfu5',
  'cdmaParameter',
  'csim',
  'opt-csim',
  'eap',
  'df-snpn',
  'df-5gprose',
  'iot',
  'opt-iot',
])

function execute(draft: Draft, element: ProfileElement): Refusal | undefined {
  const { context, done, statuses, files } = draft
  const rule = brokenRule(done, element)
  if (rule) return elementRefusal(rule.id, withIdentification(rule.status, elementHeader(element)))
  if (unsupported.has(element.kind)) {
    const status = withIdentification('pe-not-supported', elementHeader(element))
    if (elementHeader(element)?.mandated) return elementRefusal('mandated-element-supported', status)
    statuses.push(status)
    return undefined
  }
  if (element.kind === 'akaParameter' && !isKeyTaken(context, element.value))
    return refusal('key-of-test-profile', 'testProfileInstallFailedDueToInvalidNaaKey')
  if (element.kind === 'header') return refusedHeader(context, element.value)
  if (element.kind === 'end') return refusedEnd(context, files)
  const made = filesWith(files, element)
  if (!made) return elementRefusal('files-can-be-made', withIdentification('bad-values', elementHeader(element)))
  draft.files = made
  return undefined
}

/** 3GPP TS 34.108, 8.2: 00 to 0F. Unverified: that the first two octets are free. */
const isTestKey = (key: Uint8Array): boolean =>
  key.length === 16 && key.subarray(2).every((octet, i) => octet === i + 2)

/** SGP.22 v2.5, 2.4.5.3. */
function isKeyTaken(
  { state, installation }: InstallContext,
  { algoConfiguration }: ElementOf<'akaParameter'>,
): boolean {
  const isAny = state.product.policy.testProfileKey === 'any' || installation.metadata?.profileClass !== 'test'
  return isAny || algoConfiguration.kind !== 'algoParameter' || isTestKey(algoConfiguration.value.key)
}

function filesWith(files: PlacedFiles, { kind, value }: ProfileElement): PlacedFiles | undefined {
  if (kind === 'genericFileManagement') return withManagedFiles(files, value.fileManagementCMD)
  return 'templateID' in value ? withTemplateFiles(files, value) : files
}

interface HeaderFacts extends InstallContext {
  readonly header: ElementOf<'header'>
}

const headerChecks: readonly (Check<HeaderFacts> & { readonly otherwise: PEStatus['status'] })[] = [
  {
    id: 'profile-version-supported',
    holds: ({ state, header }) => isVersionSupported(state.product.capabilities, header),
    otherwise: 'unsupported-profile-version',
  },
  {
    id: 'mandatory-services-supported',
    holds: ({ state, header }) =>
      Object.keys(header['eUICC-Mandatory-services']).every((service) =>
        isServiceSupported(state.product.capabilities, service),
      ),
    otherwise: 'feature-not-supported',
  },
  {
    id: 'mandatory-templates-supported',
    holds: ({ header }) => header['eUICC-Mandatory-GFSTEList'].every(isOfStandard),
    otherwise: 'template-not-supported',
  },
]

/** The templates of the standard; most are those that this card has files for. */
const isOfStandard = (templateID: string): boolean =>
  templateOf(templateID) !== undefined || templateIDs.test(templateID)
const templateIDs = /^2\.23\.143\.1\.2\.([1-9]|1[0-8])(\.\d+)?$/

function refusedHeader(context: InstallContext, header: ElementOf<'header'>): Refusal | undefined {
  const { state, session, installation } = context
  const failing = firstFailing(headerChecks, { state, session, installation, header })
  if (failing) return elementRefusal(failing.id, { status: failing.otherwise })
  const isOwn = profileHeaderOctetsToIccid(header.iccid) === installation.metadata?.iccid
  return isOwn ? undefined : refusal('header-iccid-of-metadata', 'installFailedDueToDataMismatch')
}

function refusedEnd({ installation }: InstallContext, files: PlacedFiles): Refusal | undefined {
  const mismatch = installation.metadata && dataMismatch(files, installation.metadata)
  return mismatch ? refusal(mismatch, 'installFailedDueToDataMismatch') : undefined
}
