/** The paths that CAMARA's test definitions use: `$.esim.iccid`, `$.esims[0].state`. */
const keysOf = (path: string): readonly string[] =>
  path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '')

type Members = Record<string, unknown>

export const valueAt = (root: unknown, path: string): unknown =>
  keysOf(path).reduce<unknown>((value, key) => (value as Members | undefined | null)?.[key], root)

/** A copy with the value at the path replaced, or without it when the value is undefined. */
export function withValueAt(root: unknown, path: string, value: unknown): unknown {
  const [key, ...rest] = keysOf(path)
  if (key === undefined) return value
  const members = (root ?? {}) as Members
  const inner = rest.length === 0 ? value : withValueAt(members[key], `$.${rest.join('.')}`, value)
  if (inner !== undefined) return { ...members, [key]: inner }
  const { [key]: _, ...others } = members
  return others
}
