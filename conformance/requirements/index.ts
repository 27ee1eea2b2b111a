import type { Ics } from '../ics/ics.ts'
import { esimManagement01 } from './esim-management-0.1.ts'
import type { Requirement } from './requirement.ts'

export type { Requirement } from './requirement.ts'

const byDialect: Readonly<Record<string, readonly Requirement[]>> = { 'esim-management@0.1': esimManagement01 }

export const requirementsOf = (dialect: string): readonly Requirement[] => byDialect[dialect] ?? []

/** Whether a requirement holds under the declared readings; otherwise it is off. */
export const holdsUnder = ({ reading = {} }: Requirement, { readings }: Ics): boolean =>
  Object.entries(reading).every(([name, value]) => readings[name as keyof Ics['readings']] === value)
