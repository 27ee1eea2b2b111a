import { memo } from 'react'
import type { TreeNode } from '../model/inspect.ts'

interface HexProps {
  readonly octets: Uint8Array
  readonly lit: TreeNode['place'] | undefined
  readonly light: (offset: number) => void
}

const WIDTH = 16

/** Offsets at which lines begin. */
const starts = (length: number): readonly number[] =>
  Array.from({ length: Math.ceil(length / WIDTH) }, (_, i) => i * WIDTH)

/** Sixteen octets a line. What is lit: the header of the element, then its content. */
export function Hex({ octets, lit, light }: HexProps) {
  return (
    <div
      className="hex mono"
      role="img"
      aria-label={`${octets.length} octets in hexadecimal`}
      onMouseOver={(event) => over(event, light)}
      onFocus={() => {}}
    >
      {starts(octets.length).map((start) => (
        <HexLine key={start} octets={octets} start={start} {...within(lit, start)} />
      ))}
    </div>
  )
}

function over(event: React.MouseEvent, light: (offset: number) => void): void {
  const offset = (event.target as HTMLElement).dataset['offset']
  if (offset !== undefined) light(Number(offset))
}

interface Lit {
  readonly from: number
  readonly content: number
  readonly to: number
}

const dark: Lit = { from: 0, content: 0, to: 0 }

/** What of it is lit in the line: equal for lines that do not change, so that they are not drawn again. */
function within(lit: TreeNode['place'] | undefined, start: number): Lit {
  if (!lit || lit.to <= start || lit.from >= start + WIDTH) return dark
  const inLine = (offset: number) => Math.max(0, Math.min(WIDTH, offset - start))
  return { from: inLine(lit.from), content: inLine(lit.content), to: inLine(lit.to) }
}

interface HexLineProps extends Lit {
  readonly octets: Uint8Array
  readonly start: number
}

const HexLine = memo(function HexLine({ octets, start, from, content, to }: HexLineProps) {
  const cells = Array.from(octets.subarray(start, start + WIDTH), (octet, i) => ({ octet, offset: start + i, i }))
  return (
    <div className="hex-line">
      <span className="offset">{start.toString(16).padStart(4, '0')}</span>
      {cells.map(({ octet, offset, i }) => (
        <span
          key={offset}
          data-offset={offset}
          className={i < from || i >= to ? undefined : i < content ? 'lit head' : 'lit'}
        >
          {octet.toString(16).padStart(2, '0')}
        </span>
      ))}
    </div>
  )
})
