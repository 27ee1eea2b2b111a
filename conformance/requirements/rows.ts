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

/** Of every dialect that starts operations on an eUICC by requests with a bearer token, since Commonalities say so. */
export const authorizationRows: readonly Row<'bearer' | 'common' | 'definition' | 'http'>[] = [
  [
    'token-required',
    'A request without a bearer token, or with a token under another scheme, is answered with 401 and WWW-Authenticate: Bearer.',
    'bearer',
    '3',
  ],
  [
    'token-genuine',
    'A token that is malformed, unsigned, changed or signed by another key than the issuer’s is answered with 401, whatever key or algorithm it names.',
    'common',
    'UNAUTHENTICATED',
  ],
  [
    'token-current',
    'A token that has expired, or is not valid yet, is answered with 401.',
    'common',
    'UNAUTHENTICATED',
  ],
  [
    'token-ours',
    'A token for another audience or of another issuer is answered with 401.',
    'common',
    'UNAUTHENTICATED',
  ],
  ['scheme-in-any-case', 'The scheme Bearer is known in small letters, too.', 'http', '11.1'],
  [
    'scope-required',
    'A token without the scope of the request is answered with 403 PERMISSION_DENIED.',
    'definition',
    'security',
  ],
  ['scope-sufficient', 'The scope of a request is enough for it.', 'definition', 'security'],
]
