import type { Prepared } from '../session.ts'
import type { EuiccState } from '../state.ts'
import type { Installation } from './installation.ts'

/** Everything that a command of a bound profile package may look at. */
export interface InstallContext {
  readonly state: EuiccState
  readonly session: Prepared
  readonly installation: Installation
}
