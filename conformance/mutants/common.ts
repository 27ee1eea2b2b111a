/** Rules that several dialects have in common: for each that no mutant of its own breaks, the one that breaks it in every dialect. */
import { dialects } from '../dialects/index.ts'
import { requirementsOf } from '../requirements/index.ts'
import { type CommonRow, commonAnswers } from './common-answers.ts'
import { commonDeeds } from './common-deeds.ts'
import { commonEvents } from './common-events.ts'
import { commonSubscriptions } from './common-subscriptions.ts'
import type { Mutant } from './layer.ts'
import { wordsOf } from './words.ts'

const rows: readonly CommonRow[] = [...commonAnswers, ...commonDeeds, ...commonEvents, ...commonSubscriptions]

const shortNames: Readonly<Record<string, string>> = {
  'esim-management': 'esim',
  'esim-profile-management': 'profile',
  'esim-remote-management': 'remote',
  'esim-profile-management-subscriptions': 'subscription',
}

/** `known`: requirements that have a mutant already. */
export function commonMutants(known: ReadonlySet<string>): readonly Mutant[] {
  const prefixes = [...new Set(dialects.map(({ prefix }) => prefix))]
  const wanted = new Set(dialects.flatMap(({ id }) => requirementsOf(id)).map(({ id }) => id))
  return prefixes.flatMap((prefix) =>
    rows.flatMap(([name, summary, short, layer, scenario]): readonly Mutant[] => {
      const breaks = `${prefix}/${short}`
      const id = `${shortNames[prefix] ?? prefix}-${name}`
      return wanted.has(breaks) && !known.has(breaks)
        ? [{ id, summary, breaks, ...(scenario && { scenario }), layer: (dialect) => layer(wordsOf(dialect))() }]
        : []
    }),
  )
}
