import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Entry, LANES, MAIN_LANES, middleOf } from '../model/entry.ts'
import { followed } from '../model/operation.ts'
import { createSelection, type Filter, positionOf } from '../model/timeline.ts'
import { showing } from '../state/keyboard-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { type Ui, useUi } from '../state/ui.ts'
import type { World } from '../state/world.ts'
import { Arrow } from './Arrow.tsx'
import { Filters } from './Filters.tsx'
import { Troubles } from './Troubles.tsx'

const ROW_HEIGHT = 34

export function Timeline() {
  const world = useWorld()
  const { ui } = useUi()
  const selection = useSelection(world, ui)
  const { rows, lane } = selection(world.entries, world.revision)
  useEffect(() => showing(rows), [rows])
  const laneCount = lane >= MAIN_LANES ? LANES.length : MAIN_LANES
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title" className="unseen">
        Timeline
      </h2>
      <Troubles />
      <Filters shown={rows.length} />
      <div className="lane-heads" aria-hidden="true">
        <span className="time" />
        <div className="lanes">
          {LANES.slice(0, laneCount).map((name, i) => (
            <span key={name} style={{ left: `${middleOf(i, laneCount)}%` }}>
              {name === 'API consumer' ? (
                <>
                  <i>API </i>consumer
                </>
              ) : (
                name
              )}
            </span>
          ))}
        </div>
      </div>
      <Rows rows={rows} laneCount={laneCount} selection={selection} />
    </section>
  )
}

/** Another function when something else is shown. */
function useSelection(world: World, ui: Ui): ReturnType<typeof createSelection> {
  const { hidden, onlyTrouble, text } = ui.filter
  const eid = ui.onlyDevice ? ui.eid : ''
  const start = ui.following
  // What is followed may go on.
  const length = start === undefined ? 0 : world.entries.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is one object, its length tells of changes
  return useMemo(() => {
    const entry = start === undefined ? undefined : world.entries[positionOf(world.entries, start)]
    const filter: Filter = { eid: entry ? '' : eid, hidden, onlyTrouble, text }
    const following = entry && { followed: followed(world.entries, entry) }
    return createSelection({ ...filter, ...following }, world.haystack)
  }, [world, eid, hidden, onlyTrouble, text, start, length])
}

interface RowsProps {
  readonly rows: readonly Entry[]
  readonly laneCount: number
  /** What chose the rows: when it is another one, the wanted row is somewhere else. */
  readonly selection: unknown
}

/** Goes to the wanted row when another one is wanted, and stays at the end while nobody looks elsewhere. */
function useScroll({ rows, selection }: RowsProps) {
  const { ui, change } = useUi()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const wanted = ui.selected ?? ui.moment
  const [isFollowing, setFollowing] = useState(wanted === undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: goes there when another one is wanted, not when rows come
  useEffect(() => {
    if (wanted === undefined) return
    setFollowing(false)
    const at = positionOf(rows, wanted)
    if (at < rows.length) virtual.scrollToIndex(at, { align: 'center' })
  }, [wanted, selection])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves when rows come
  useEffect(() => {
    if (isFollowing && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [rows, isFollowing])
  const look = () => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = scroller.current ?? {}
    setFollowing(ui.selected === undefined && scrollTop + clientHeight >= scrollHeight - ROW_HEIGHT)
  }
  const follow = () => {
    change({ selected: undefined })
    setFollowing(true)
  }
  return { scroller, virtual, look, isFollowing, follow }
}

function Rows(props: RowsProps) {
  const { rows, laneCount } = props
  const { ui, change } = useUi()
  const { scroller, virtual, look, isFollowing, follow } = useScroll(props)
  const { selected, moment } = ui
  return (
    <div className="scroller" ref={scroller} onWheel={look} onTouchEnd={look}>
      <LaneLines count={laneCount} />
      <div
        className="rows"
        role="listbox"
        aria-label="Messages"
        tabIndex={-1}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const entry = rows[index] as Entry
          return (
            <Arrow
              key={entry.id}
              entry={entry}
              laneCount={laneCount}
              top={start}
              isSelected={entry.id === selected}
              isLater={moment !== undefined && entry.id > moment}
              isMoment={entry.id === moment}
              select={() => change({ selected: entry.id })}
            />
          )
        })}
      </div>
      {rows.length === 0 && (
        <p className="empty">No message here yet. Choose another filter, or let a device do something.</p>
      )}
      {!isFollowing && rows.length > 0 && (
        <button type="button" className="to-end" onClick={follow}>
          newest ↓
        </button>
      )}
    </div>
  )
}

const LaneLines = ({ count }: { readonly count: number }) => (
  <div className="lane-lines" aria-hidden="true">
    <div className="lanes">
      {LANES.slice(0, count).map((name, i) => (
        <i key={name} style={{ left: `${middleOf(i, count)}%` }} />
      ))}
    </div>
  </div>
)
