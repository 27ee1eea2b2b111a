import type { Readings } from '../ics/ics.ts'

/** One normative statement, in our words. The id is stable: words, never positions. */
export interface Requirement {
  readonly id: string
  readonly text: string
  readonly source: { readonly document: string; readonly section: string }
  readonly level: 'SHALL' | 'SHOULD' | 'MAY'
  readonly dialects: readonly string[]
  /** Holds only under this declared reading of the dialect; otherwise `off`. */
  readonly reading?: Partial<Readings>
}
