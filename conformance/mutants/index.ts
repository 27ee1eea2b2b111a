/** Wrong providers, each with one rule broken: who judges the judge. */
import { wrongAnswers } from './answers.ts'
import { wrongEvents } from './events.ts'
import type { Mutant } from './layer.ts'
import { wrongDeeds } from './requests.ts'
import { wrongSuccessors } from './successors.ts'

export const mutants: readonly Mutant[] = [...wrongAnswers, ...wrongDeeds, ...wrongEvents, ...wrongSuccessors]
