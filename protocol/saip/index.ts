/** Profile packages: TCA eUICC Profile Package: Interoperable Format Technical Specification 3.3.1 (SAIP). */
export {
  type ElementOf,
  elementHeader,
  type OpaqueElement,
  ProfileElement,
  pinReferences,
  pukReferences,
} from './elements.ts'
export type { Fcp, File, FileElement } from './files.ts'
export type { PEHeader, ProfileHeader, ServicesList } from './header.ts'
export { EUICCResponse, type PEStatus } from './response.ts'
export { brokenRule, type ProfileRule, profileRules } from './rules.ts'
export { missingOctets, type ReadElement, readElement, readElementHeader, readProfile } from './stream.ts'
export { type FileTemplate, type Template, templateOf, templates } from './templates.ts'
