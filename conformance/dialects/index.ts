/** Every dialect that the runner can judge. */
import type { Dialect } from './dialect.ts'
import { esimManagement01 } from './esim-management-0.1.ts'
import { esimProfileManagementRc1, esimProfileManagementRc2 } from './esim-profile-management.ts'
import { esimProfileManagementSubscriptions } from './esim-profile-management-subscriptions.ts'
import { esimRemoteManagement } from './esim-remote-management.ts'

export const dialects: readonly [Dialect, ...Dialect[]] = [
  esimManagement01,
  esimProfileManagementRc1,
  esimProfileManagementRc2,
  esimRemoteManagement,
  esimProfileManagementSubscriptions,
]

export const dialectIds = dialects.map(({ id }) => id)

/** Throws a sentence for one that nobody knows. */
export function dialectNamed(id: string): Dialect {
  const found = dialects.find((dialect) => dialect.id === id)
  if (found === undefined)
    throw new Error(`no dialect is called "${id}"; known: ${dialects.map((known) => known.id).join(', ')}`)
  return found
}
