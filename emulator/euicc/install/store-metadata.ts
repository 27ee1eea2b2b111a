import { decode } from '../../../protocol/ber/index.ts'
import { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import { type Check, firstFailing } from '../check.ts'
import { isEmergency } from '../profiles.ts'
import { isAuthorised } from '../rules-authorisation.ts'
import { freeMemory, profileWith } from '../state.ts'
import type { InstallContext } from './context.ts'
import { changedInstallation, type Installation } from './installation.ts'
import { type ErrorReason, type Refusal, refusal } from './outcome.ts'

interface Facts extends InstallContext {
  readonly request: StoreMetadataRequest
  /** Of the request. */
  readonly octets: number
}

/** In the order of SGP.22 v2.5, 5.5.3. Unverified: the row of ecallIndication. */
const checks: readonly (Check<Facts> & { readonly otherwise: ErrorReason })[] = [
  {
    id: 'icon-with-its-type',
    holds: ({ request }) => request.icon === undefined || request.iconType !== undefined,
    otherwise: 'incorrectInputValues',
  },
  {
    id: 'emergency-profile-supported',
    holds: ({ state, request }) => request.ecallIndication !== true || takesEmergencyProfile(state),
    otherwise: 'incorrectInputValues',
  },
  {
    id: 'iccid-new',
    holds: ({ state, request }) => profileWith(state.memory, request.iccid) === undefined,
    otherwise: 'installFailedDueToIccidAlreadyExistsOnEuicc',
  },
  {
    id: 'profile-class-supported',
    holds: ({ state, request }) =>
      request.profileClass === 'operational' ||
      request.profileClass === 'provisioning' ||
      (request.profileClass === 'test' && state.product.capabilities.rspCapability.includes('testProfileSupport')),
    otherwise: 'unsupportedProfileClass',
  },
  {
    id: 'metadata-fits-in-memory',
    holds: ({ state, octets }) => octets <= freeMemory(state),
    otherwise: 'installFailedDueToInsufficientMemoryForProfile',
  },
  { id: 'policy-rules-allowed', holds: arePolicyRulesAllowed, otherwise: 'pprNotAllowed' },
]

function takesEmergencyProfile({ product, memory }: InstallContext['state']): boolean {
  const isFurther = memory.profiles.some(isEmergency)
  return product.ecallSupported && !(isFurther && product.policy.secondEmergencyProfile === 'refused')
}

/** ES8+.StoreMetadata: SGP.22 v2.5, 5.5.3; SGP.32 v1.2. Throws DecodeError. */
export function storeMetadata(context: InstallContext, plaintext: Uint8Array): Installation | Refusal {
  const request = forEuicc(decode(StoreMetadataRequest, plaintext))
  const { state, session, installation } = context
  const failing = firstFailing(checks, { state, session, installation, request, octets: plaintext.length })
  if (failing) return { ...refusal(failing.id, failing.otherwise), iccid: request.iccid }
  return changedInstallation(installation, { metadata: request })
}

/** Without what is meant for the IPA. */
function forEuicc(request: StoreMetadataRequest): StoreMetadataRequest {
  if (request.serviceSpecificDataNotStoredInEuicc === undefined) return request
  const { serviceSpecificDataNotStoredInEuicc: _forIpa, ...kept } = request
  return kept
}

/** SGP.22 v2.5, 2.9.3: not forbidden by the eUICC, authorised for the owner, and PPR1 only on the first operational profile. */
function arePolicyRulesAllowed({ state: { product, memory }, request }: Facts): boolean {
  const rules = request.profilePolicyRules?.filter((rule) => rule !== 'pprUpdateControl') ?? []
  if (rules.length === 0) return true
  const owner = request.profileOwner
  const forbidden = product.capabilities.forbiddenProfilePolicyRules ?? []
  const hasOperational = memory.profiles.some(({ metadata }) => metadata.profileClass === 'operational')
  return (
    owner !== undefined &&
    !(rules.includes('ppr1') && hasOperational) &&
    rules.every((rule) => !forbidden.includes(rule) && isAuthorised(product, rule, owner))
  )
}
