import { decode } from '../../../protocol/ber/index.ts'
import { isdPNumbers, limits } from '../../../protocol/codes/index.ts'
import { ConfigureISDPRequest } from '../../../protocol/sgp22/index.ts'
import { type Check, firstFailing } from '../check.ts'
import { freeMemory } from '../state.ts'
import type { InstallContext } from './context.ts'
import { changedInstallation, type Installation } from './installation.ts'
import { type ErrorReason, type Refusal, refusal } from './outcome.ts'

interface Facts extends InstallContext {
  readonly request: ConfigureISDPRequest
}

const checks: readonly (Check<Facts> & { readonly otherwise: ErrorReason })[] = [
  {
    id: 'proprietary-data-fits',
    holds: ({ request }) => (request.dpProprietaryData?.octets.length ?? 0) <= limits.dpProprietaryData,
    otherwise: 'incorrectInputValues',
  },
  {
    id: 'room-for-isd-p',
    holds: ({ state }) => freeMemory(state) > 0,
    otherwise: 'installFailedDueToInsufficientMemoryForProfile',
  },
  {
    id: 'isd-p-aid-left',
    holds: ({ state }) => state.memory.lastIsdp < isdPNumbers.max,
    otherwise: 'installFailedDueToUnknownError',
  },
]

/** ES8+.ConfigureISDP: SGP.22 v2.5, 5.5.2. Throws DecodeError. */
export function configureIsdp(context: InstallContext, plaintext: Uint8Array): Installation | Refusal {
  const request = decode(ConfigureISDPRequest, plaintext)
  const { state, session, installation } = context
  const failing = firstFailing(checks, { state, session, installation, request })
  if (failing) return refusal(failing.id, failing.otherwise)
  const { dpProprietaryData } = request
  return changedInstallation(installation, { dpProprietaryData })
}
