import { memo } from 'react'
import { type Entry, laneOf, middleOf } from '../model/entry.ts'
import { clock } from './format.ts'

interface ArrowProps {
  readonly entry: Entry
  readonly laneCount: number
  readonly top: number
  readonly isSelected: boolean
  readonly isLater: boolean
  readonly isMoment: boolean
  readonly select: () => void
}

/** One row of the sequence diagram. */
export const Arrow = memo(function Arrow(props: ArrowProps) {
  const { entry, laneCount, top, isSelected, isLater, isMoment, select } = props
  const { from, to, trouble } = entry
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys j and k choose, for the whole list
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, as a listbox may
    <div
      role="option"
      className="row"
      aria-selected={isSelected}
      data-interface={entry.interface}
      data-trouble={trouble !== ''}
      data-later={isLater}
      data-moment={isMoment}
      data-id={entry.id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={select}
    >
      <span className="time mono">
        <i>{clock(entry.at).slice(0, 3)}</i>
        {clock(entry.at).slice(3)}
      </span>
      <span className="unseen">
        {entry.interface}, {from} to {to}:
      </span>
      <div className="lanes">
        {entry.from === entry.to ? (
          <Note entry={entry} laneCount={laneCount} />
        ) : (
          <Line entry={entry} laneCount={laneCount} />
        )}
      </div>
    </div>
  )
}, isSame)

function isSame(before: ArrowProps, now: ArrowProps): boolean {
  return (
    before.entry === now.entry &&
    before.top === now.top &&
    before.laneCount === now.laneCount &&
    before.isSelected === now.isSelected &&
    before.isLater === now.isLater &&
    before.isMoment === now.isMoment
  )
}

interface Drawn {
  readonly entry: Entry
  readonly laneCount: number
}

function Line({ entry, laneCount }: Drawn) {
  const from = middleOf(laneOf(entry.from), laneCount)
  const to = middleOf(laneOf(entry.to), laneCount)
  const left = Math.min(from, to)
  const isAnswer = entry.status !== ''
  return (
    <>
      <span
        className="label"
        data-near={left > 55 ? 'right' : 'left'}
        style={
          left > 55
            ? { right: `${100 - Math.max(from, to)}%`, maxWidth: `${Math.max(from, to)}%` }
            : { left: `${left}%`, maxWidth: `${100 - left}%` }
        }
      >
        <b title={entry.operation}>{shortened(entry.operation)}</b>
        {isAnswer && <i>{entry.status}</i>}
        {entry.trouble && entry.trouble !== entry.status && <em>{entry.trouble}</em>}
      </span>
      <span
        className="line"
        data-direction={to > from ? 'right' : 'left'}
        data-answer={isAnswer}
        style={{ left: `${left}%`, width: `${Math.abs(to - from)}%` }}
      />
    </>
  )
}

/** Without the base path, and with the end of an EID: the rest is what one reads. */
const shortened = (operation: string): string =>
  operation
    .replace(/\/eim\/v1(?=\/)/, '')
    .replace(/\d{26}(?=\d{6}\b)/, '…')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{19}(?=[0-9a-f]{8})/, '…')

function Note({ entry, laneCount }: Drawn) {
  const { event, operation, status, trouble } = entry
  const at = middleOf(laneOf(entry.to), laneCount)
  return (
    <span className="note" style={{ right: `${99 - at}%`, maxWidth: `${at + 1}%` }}>
      <b>{operation}</b> {event?.iccid && <i className="mono">{event.iccid}</i>}
      {trouble ? <em>{trouble}</em> : <i>{event?.cause ?? status}</i>}
      <span className="dot" />
    </span>
  )
}
