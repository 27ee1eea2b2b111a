/** profileType of ES2+: the templates, and the broken profiles by the names of their faults. */
import { type BrokenProfileName, brokenProfiles } from './broken.ts'
import { type TemplateName, templates } from './package.ts'

export type ProfileType = TemplateName | BrokenProfileName

export interface Made {
  readonly template: TemplateName
  readonly fault?: BrokenProfileName
}

const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

export const profileTypes = Object.fromEntries([
  ...namesOf(templates).map((template) => [template, { template }] as const),
  ...namesOf(brokenProfiles).map((fault) => [fault, { template: 'minimal', fault }] as const),
]) as Readonly<Record<ProfileType, Made>>
