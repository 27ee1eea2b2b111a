/** What the definition leaves open; see the last column of docs/dialects/esim-profile-management-0.1.0-rc.1.md. */
import { defaulted, oneWord, strict, type ValueOf } from '../../schema.ts'

export const choicesSchema = strict({
  whenBusy: defaulted(oneWord(['abort', 'queue']), 'abort'),
})

export type Choices = ValueOf<typeof choicesSchema>
