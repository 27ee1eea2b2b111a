/** What the description and the draft leave open; see the last column of docs/dialects/esim-management-0.1.md. */
import { defaulted, oneWord, type Schema, strict, type ValueOf } from '../../schema.ts'

const unknownIdentifier: Schema<422 | 404 | 403> = { type: 'integer', enum: [422, 404, 403] }

export const choicesSchema = strict({
  events: defaulted(oneWord(['named', 'operation-completed']), 'named'),
  stateConflicts: defaulted(oneWord(['asynchronous', 'synchronous']), 'asynchronous'),
  deleteEnabled: defaulted(oneWord(['auto-disable', 'conflict']), 'auto-disable'),
  unknownIdentifier: defaulted(unknownIdentifier, 422),
})

export type Choices = ValueOf<typeof choicesSchema>
