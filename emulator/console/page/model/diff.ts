/** What is different between two documents, as paths and values. Lists of things with an identity are compared by it, not by position. */

export interface Difference {
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: string
  readonly after?: string
}

const identities = ['iccid', 'eimId', 'seqNumber', 'path', 'serialNumber']

export function differences(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (Object.is(before, after)) return []
  if (before === undefined) return [{ path, kind: 'added', after: shown(after) }]
  if (after === undefined) return [{ path, kind: 'removed', before: shown(before) }]
  if (isObject(before) && isObject(after)) return inObjects(keyed(before), keyed(after), path)
  return [{ path, kind: 'changed', before: shown(before), after: shown(after) }]
}

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null

function inObjects(before: Members, after: Members, path: string): readonly Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => differences(before[name], after[name], path ? `${path}.${name}` : name))
}

/** Items by what identifies them; other lists by position. */
function keyed(value: Members): Members {
  if (!Array.isArray(value)) return value
  const name = identities.find((candidate) => value.every((item) => isObject(item) && candidate in item))
  return Object.fromEntries(value.map((item, i) => [name ? String((item as Members)[name]) : `[${i}]`, item]))
}

function shown(value: unknown): string {
  if (!isObject(value)) return String(value)
  const text = JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
