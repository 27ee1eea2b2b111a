/** The fallback mechanism: SGP.32 v1.2, 3.4.5. Both functions end the authorisation to roll back. */
import {
  ExecuteFallbackMechanismRequest,
  ExecuteFallbackMechanismResponse,
  ReturnFromFallbackRequest,
  ReturnFromFallbackResponse,
} from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { isEmergencyActive } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import { type EuiccState, holding, type Memory, profileWith, type Switch, withoutRollback } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly refreshFlag: boolean
  readonly memory: Memory
}

const gather = (state: EuiccState, { refreshFlag }: { readonly refreshFlag: boolean }): Facts => ({
  state,
  refreshFlag,
  memory: state.memory,
})

const isFallbackEnabled = ({ fallback, enabled }: Memory): boolean => fallback !== undefined && fallback === enabled

/** ES10b.ExecuteFallbackMechanism: SGP.32 v1.2, 5.9.20. */
export const executeFallbackMechanism = command({
  name: 'ExecuteFallbackMechanism',
  request: ExecuteFallbackMechanismRequest,
  response: ExecuteFallbackMechanismResponse,
  facts: gather,
  checks: [
    {
      id: 'some-profile-enabled',
      holds: ({ memory }) => memory.enabled !== undefined,
      otherwise: refuseExecution('commandError'),
    },
    {
      id: 'fallback-attribute-set',
      holds: ({ memory }) => memory.fallback !== undefined,
      otherwise: refuseExecution('fallbackNotAvailable'),
    },
    {
      id: 'no-emergency',
      holds: ({ memory }) => !isEmergencyActive(memory),
      otherwise: refuseExecution('ecallActive'),
    },
    {
      id: 'fallback-profile-disabled',
      holds: ({ memory }) => !isFallbackEnabled(memory),
      otherwise: refuseExecution('profileNotInDisabledState'),
    },
    { ...toolkitIdle, otherwise: refuseExecution('catBusy') },
  ],
  run(state, { refreshFlag, memory }, entropy): Effect<ExecuteFallbackMechanismResponse> {
    const change: Switch = {
      cause: 'ExecuteFallbackMechanism',
      to: proven(memory.fallback, 'fallback-attribute-set'),
      remembers: { beforeFallback: proven(memory.enabled, 'some-profile-enabled') },
      endsRollback: true,
    }
    return {
      ...switchProfile(state, change, { refreshFlag, entropy }),
      answer: { executeFallbackMechanismResult: 'ok' },
    }
  },
})

type ExecutionResult = ExecuteFallbackMechanismResponse['executeFallbackMechanismResult']

function refuseExecution(executeFallbackMechanismResult: ExecutionResult) {
  return (): ExecuteFallbackMechanismResponse => ({ executeFallbackMechanismResult })
}

/** ES10b.ReturnFromFallback: SGP.32 v1.2, 5.9.21. The authorisation to roll back ends before the switch. */
export const returnFromFallback = command({
  name: 'ReturnFromFallback',
  request: ReturnFromFallbackRequest,
  response: ReturnFromFallbackResponse,
  facts: gather,
  checks: [
    {
      id: 'fallback-profile-enabled',
      holds: ({ memory }) => isFallbackEnabled(memory),
      otherwise: refuseReturn('fallbackNotAvailable'),
    },
    {
      id: 'profile-to-return-to',
      holds: ({ memory }) => profileWith(memory, memory.beforeFallback) !== undefined,
      otherwise: ({ state }) => refuseReturn(state.product.policy.returnToDeletedProfile)(),
    },
    { ...toolkitIdle, otherwise: refuseReturn('catBusy') },
  ],
  run(state, { refreshFlag, memory }, entropy): Effect<ReturnFromFallbackResponse> {
    const to = proven(memory.beforeFallback, 'profile-to-return-to')
    const before = holding(state, withoutRollback(memory))
    return {
      ...switchProfile(before, { cause: 'ReturnFromFallback', to }, { refreshFlag, entropy }),
      answer: { returnFromFallbackResult: 'ok' },
    }
  },
})

function refuseReturn(returnFromFallbackResult: ReturnFromFallbackResponse['returnFromFallbackResult']) {
  return (): ReturnFromFallbackResponse => ({ returnFromFallbackResult })
}
