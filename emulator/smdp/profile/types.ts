/** profileType of ES2+: the templates, and the broken profiles by the names of their faults. */
import { type FaultName, profileFaults } from './faults.ts'
import { type TemplateName, templates } from './package.ts'

export type ProfileType = TemplateName | FaultName

export interface Made {
  readonly template: TemplateName
  readonly fault?: FaultName
}

const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

export const profileTypes = Object.fromEntries([
  ...namesOf(templates).map((template) => [template, { template }] as const),
  ...namesOf(profileFaults).map((fault) => [fault, { template: 'minimal', fault }] as const),
]) as Readonly<Record<ProfileType, Made>>
