/** Requirements as rows: what those of one API have in common is said once. */
import type { Requirement } from './requirement.ts'

export type Row<Document extends string> = readonly [
  name: string,
  text: string,
  document: Document,
  section: string,
  more?: Partial<Pick<Requirement, 'level' | 'reading' | 'dialects'>>,
]

interface Api<Document extends string> {
  /** Begins every id. */
  readonly prefix: string
  readonly dialects: readonly string[]
  readonly documents: Readonly<Record<Document, string>>
}

/** Makes a group of requirements; `SHALL` unless the row says otherwise. */
export const groupsOf =
  <Document extends string>({ prefix, dialects, documents }: Api<Document>) =>
  (group: string, rows: readonly Row<Document>[]): readonly Requirement[] =>
    rows.map(([name, text, document, section, more = {}]) => ({
      id: `${prefix}/${group}/${name}`,
      text,
      source: { document: documents[document], section },
      level: 'SHALL',
      dialects,
      ...more,
    }))
