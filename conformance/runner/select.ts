/** Which scenarios are asked: a tag expression, requirements by id or group, sections of the documents that they come from. */
import { abilitiesKnown, type Dialect } from '../dialects/dialect.ts'
import { claimTags, type Requirement, requirementsOf } from '../requirements/index.ts'

export interface Wanted {
  /** A tag expression, or `@scenario:` and the slug of one scenario. */
  readonly tags?: string
  /** Ids, or the beginning of ids up to a slash. */
  readonly requirements?: readonly string[]
  /** Words of a document's name or of a section's. */
  readonly sections?: readonly string[]
}

export const ONE_SCENARIO = '@scenario:'

/** As one tag expression. Throws a sentence for an id or a section that nothing is known of. */
export function tagsOf({ tags = '', requirements = [], sections = [] }: Wanted, dialect: string): string {
  const known = requirementsOf(dialect)
  if (requirements.length + sections.length === 0) return eachSpelling(tags, dialect)
  if (tags.startsWith(ONE_SCENARIO)) throw new Error('one scenario is selected by its tag alone')
  const ids = [
    ...requirements.flatMap((id) =>
      found(
        id,
        known.filter((row) => isAbout(row, id)),
        nearest(id, known),
      ),
    ),
    ...sections.flatMap((words) =>
      found(
        words,
        known.filter((row) => isFrom(row, words)),
        'see "requirements"',
      ),
    ),
  ]
  const claims = [...new Set(ids)].flatMap((id) => claimTags(dialect, id)).join(' or ')
  return tags === '' ? claims : `(${eachSpelling(tags, dialect)}) and (${claims})`
}

/** A requirement that is named in full is also one that scenarios of several dialects claim by a shorter name. */
const eachSpelling = (tags: string, dialect: string): string =>
  tags.replaceAll(/@req:([^\s()]+)/g, (tag, id: string) => {
    const spellings = claimTags(dialect, id)
    return spellings.length > 1 ? `(${spellings.join(' or ')})` : tag
  })

/** What a dialect is asked at all: scenarios that claim something of it and need nothing that it does not have. */
export function tagsOfDialect({ id, abilities }: Dialect): string {
  const claims = requirementsOf(id).flatMap((row) => claimTags(id, row.id))
  const missing = abilitiesKnown.filter((ability) => !abilities.includes(ability)).map((name) => `@needs:${name}`)
  return [`(${claims.join(' or ')})`, ...missing.map((tag) => `not ${tag}`)].join(' and ')
}

const isAbout = ({ id }: Requirement, wanted: string): boolean =>
  [id, id.slice(id.indexOf('/') + 1)].some(
    (name) => name === wanted || name.startsWith(`${wanted.replace(/\/$/, '')}/`),
  )

const isFrom = ({ source: { document, section } }: Requirement, words: string): boolean =>
  `${document}, ${section}`.toLowerCase().includes(words.toLowerCase())

function found(wanted: string, rows: readonly Requirement[], hint: string): readonly string[] {
  if (rows.length === 0) throw new Error(`no requirement is "${wanted}" or from there; ${hint}`)
  return rows.map(({ id }) => id)
}

function nearest(wanted: string, known: readonly Requirement[]): string {
  const words = wanted.split(/[^a-z0-9]+/i).filter((word) => word.length > 2)
  const scored = known.map(({ id }) => ({ id, score: words.filter((word) => id.includes(word)).length }))
  const [best] = scored.sort((one, other) => other.score - one.score)
  return best === undefined || best.score === 0 ? 'see "requirements"' : `perhaps ${best.id}`
}
