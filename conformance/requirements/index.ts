import { dialectNamed } from '../dialects/index.ts'
import type { Ics } from '../ics/ics.ts'
import { esimManagement01 } from './esim-management-0.1.ts'
import { esimProfileManagement } from './esim-profile-management.ts'
import { esimProfileManagementSubscriptions } from './esim-profile-management-subscriptions.ts'
import { esimRemoteManagement } from './esim-remote-management.ts'
import { faults } from './faults.ts'
import type { Requirement } from './requirement.ts'

export type { Requirement } from './requirement.ts'

const all: readonly Requirement[] = [
  ...esimManagement01,
  ...esimProfileManagement,
  ...esimRemoteManagement,
  ...esimProfileManagementSubscriptions,
  ...faults,
]

export const requirementsOf = (dialect: string): readonly Requirement[] =>
  all.filter(({ dialects }) => dialects.includes(dialect))

/** Whether a requirement holds under the declared readings; otherwise it is off. */
export const holdsUnder = ({ reading = {} }: Pick<Requirement, 'reading'>, { readings }: Ics): boolean =>
  Object.entries(reading).every(([name, value]) => readings[name as keyof Ics['readings']] === value)

const CLAIM = '@req:'

/** As tags: a claim without the name of an API is of every dialect that has the requirement. */
export const claimTags = (dialect: string, id: string): readonly string[] => {
  const { prefix } = dialectNamed(dialect)
  return [`${CLAIM}${id}`, ...(id.startsWith(`${prefix}/`) ? [`${CLAIM}${id.slice(prefix.length + 1)}`] : [])]
}

/** Ids of the requirements of a dialect that a scenario with these tags claims. */
export function claimsOf(dialect: string, tags: readonly string[]): readonly string[] {
  const wanted = new Set(tags.filter((tag) => tag.startsWith(CLAIM)))
  return requirementsOf(dialect)
    .map(({ id }) => id)
    .filter((id) => claimTags(dialect, id).some((tag) => wanted.has(tag)))
}
