/** Nothing is left open that an implementation would have to declare. */
import { strict } from '../../schema.ts'

export const choicesSchema = strict({})
