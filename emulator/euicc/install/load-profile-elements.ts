/** ES8+.LoadProfileElements: SGP.22 v2.5, 5.5.5; TCA eUICC Profile Package 3.3.1. Elements are executed as soon as they are whole. */
import { concatOctets, DecodeError } from '../../../protocol/ber/index.ts'
import { profileHeaderOctetsToIccid } from '../../../protocol/identifiers/index.ts'
import {
  brokenRule,
  type ElementOf,
  elementHeader,
  type PEStatus,
  type ProfileElement,
  readElement,
  readElementHeader,
} from '../../../protocol/saip/index.ts'
import { type Check, firstFailing } from '../check.ts'
import { freeMemory } from '../state.ts'
import type { InstallContext } from './context.ts'
import { dataMismatch } from './data-consistency.ts'
import { withManagedFiles, withTemplateFiles } from './file-system.ts'
import { changedElements, changedInstallation, type Installation, type ProfileElements } from './installation.ts'
import { elementRefusal, type Refusal, refusal } from './outcome.ts'
import { isServiceSupported, isVersionSupported } from './profile-support.ts'

/** The plaintext of one 86 TLV: it may hold several elements, and parts of them. */
export function loadProfileElements(context: InstallContext, plaintext: Uint8Array): Installation | Refusal {
  const { elements: before } = context.installation
  let elements = changedElements(before, {
    waiting: before.waiting.length > 0 ? concatOctets(before.waiting, plaintext) : plaintext,
    octets: before.octets + plaintext.length,
  })
  if (elements.octets > freeMemory(context.state))
    return elementRefusal('profile-fits-in-memory', { status: 'not-enough-memory' })
  for (;;) {
    const next = executeNext(context, elements)
    if (next === undefined) return changedInstallation(context.installation, { elements })
    if ('refused' in next) return next
    elements = next
  }
}

/** `undefined`: the next element is not whole yet. */
function executeNext(context: InstallContext, elements: ProfileElements): ProfileElements | Refusal | undefined {
  const read = tryRead(elements.waiting)
  if (read === undefined || 'refused' in read) return read
  const { element, rest } = read
  const result = execute(context, elements, element)
  return 'refused' in result ? result : changedElements(result, { waiting: rest, done: [...result.done, element] })
}

function tryRead(waiting: Uint8Array) {
  if (waiting.length === 0) return undefined
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
const unsupported: readonly ProfileElement['kind'][] = [
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
]

function execute(
  context: InstallContext,
  elements: ProfileElements,
  element: ProfileElement,
): ProfileElements | Refusal {
  const header = elementHeader(element)
  const rule = brokenRule(elements.done, element)
  if (rule) return elementRefusal(rule.id, withIdentification(rule.status, header))
  if (unsupported.includes(element.kind)) {
    const status = withIdentification('pe-not-supported', header)
    if (header?.mandated) return elementRefusal('mandated-element-supported', status)
    return changedElements(elements, { statuses: [...elements.statuses, status] })
  }
  if (element.kind === 'akaParameter' && !isKeyTaken(context, element.value))
    return refusal('key-of-test-profile', 'testProfileInstallFailedDueToInvalidNaaKey')
  if (element.kind === 'header') return executeHeader(context, elements, element.value)
  if (element.kind === 'end') return executeEnd(context, elements)
  const files = filesWith(elements, element)
  if (files === elements.files) return elements
  return files
    ? changedElements(elements, { files })
    : elementRefusal('files-can-be-made', withIdentification('bad-values', header))
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

function filesWith({ files }: ProfileElements, { kind, value }: ProfileElement) {
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
    holds: ({ header }) => header['eUICC-Mandatory-GFSTEList'].every((templateID) => templateIDs.test(templateID)),
    otherwise: 'template-not-supported',
  },
]

/** The templates of the standard. */
const templateIDs = /^2\.23\.143\.1\.2\.([1-9]|1[0-8])(\.\d+)?$/

function executeHeader(
  context: InstallContext,
  elements: ProfileElements,
  header: ElementOf<'header'>,
): ProfileElements | Refusal {
  const { state, session, installation } = context
  const failing = firstFailing(headerChecks, { state, session, installation, header })
  if (failing) return elementRefusal(failing.id, { status: failing.otherwise })
  const isOwn = profileHeaderOctetsToIccid(header.iccid) === installation.metadata?.iccid
  return isOwn ? elements : refusal('header-iccid-of-metadata', 'installFailedDueToDataMismatch')
}

function executeEnd({ installation }: InstallContext, elements: ProfileElements): ProfileElements | Refusal {
  const mismatch = installation.metadata && dataMismatch(elements.files, installation.metadata)
  return mismatch ? refusal(mismatch, 'installFailedDueToDataMismatch') : elements
}
