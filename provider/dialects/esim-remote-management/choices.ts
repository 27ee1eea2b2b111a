/** What the definition leaves open; see the last column of docs/dialects/esim-remote-management-wip.md. */
import { defaulted, oneWord, strict, type ValueOf } from '../../schema.ts'

export const choicesSchema = strict({
  deleteEnabled: defaulted(oneWord(['auto-disable', 'conflict']), 'conflict'),
})

export type Choices = ValueOf<typeof choicesSchema>
