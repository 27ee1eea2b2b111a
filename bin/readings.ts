/** The readings that the configuration asks for, by dialect: as the reference provider is told them, and as they are declared of it. */
import type { Readings } from '../conformance/index.ts'
import type { ProviderConfig } from '../provider/index.ts'
import type { Config } from './config-schema.ts'

type Choices = NonNullable<ProviderConfig['dialects']>

const readingsOf = (provider: Config['provider']) => {
  const { events, stateConflicts, deleteEnabled, unknownIdentifier, whenBusy, remoteDeleteEnabled } = provider
  return {
    'esim-management@0.1': { events, stateConflicts, deleteEnabled, unknownIdentifier },
    'esim-profile-management@0.1.0-rc.1': { whenBusy },
    'esim-profile-management@0.1.0-rc.2': { whenBusy },
    'esim-profile-management-subscriptions@wip': {},
    'esim-remote-management@wip': { deleteEnabled: remoteDeleteEnabled },
  } satisfies Required<Choices>
}

/** Of the dialects that are to be served. */
export function servedReadings(provider: Config['provider']): Choices {
  const readings = readingsOf(provider)
  return Object.fromEntries(provider.dialects.map((id) => [id, readings[id]]))
}

/** In the words of the runner. Of an eUICC that is busy, subscriptions say what the API says whose operations they tell of. */
export function declaredReadings(provider: Config['provider']): Readonly<Record<string, Partial<Readings>>> {
  const { 'esim-management@0.1': management, ...others } = readingsOf(provider)
  return {
    ...others,
    'esim-management@0.1': { ...management, unknownIdentifier: `${management.unknownIdentifier}` },
    'esim-profile-management-subscriptions@wip': others['esim-profile-management@0.1.0-rc.1'],
  }
}
