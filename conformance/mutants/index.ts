/** Wrong providers, each with one rule broken: who judges the judge. */
import { wrongAnswers } from './answers.ts'
import { commonMutants } from './common.ts'
import { wrongEvents } from './events.ts'
import type { Mutant } from './layer.ts'
import { wrongDeeds } from './requests.ts'
import { wrongSuccessors } from './successors.ts'

const special: readonly Mutant[] = [...wrongAnswers, ...wrongDeeds, ...wrongEvents, ...wrongSuccessors]

export const mutants: readonly Mutant[] = [...special, ...commonMutants(new Set(special.map(({ breaks }) => breaks)))]
