import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { FleetRow } from '../api/contract.ts'
import { findDevices, type Presence } from '../model/fleet.ts'
import { isLive, useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Flash } from './Flash.tsx'
import { clock, grouped } from './format.ts'

const presences: readonly { readonly value: Presence; readonly text: string }[] = [
  { value: 'all', text: 'all' },
  { value: 'trouble', text: 'with trouble' },
  { value: 'enabled', text: 'enabled' },
  { value: 'empty', text: 'empty' },
  { value: 'waiting', text: 'packages waiting' },
  { value: 'unreachable', text: 'unreachable' },
]

const ROW_HEIGHT = 58

export function Fleet() {
  const world = useWorld()
  const [text, setText] = useState('')
  const [presence, setPresence] = useState<Presence>('all')
  const wanted = useDeferredValue(text)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is one object, its version tells of changes
  const rows = useMemo(
    () => findDevices(world.devices.values(), { text: wanted, presence, troubled: world.troubled }),
    [world, world.version, wanted, presence],
  )
  return (
    <section className="fleet" aria-labelledby="fleet-title">
      <div className="bar">
        <h2 id="fleet-title">Fleet</h2>
        <output className="quiet" aria-live="polite">
          {rows.length === world.devices.size
            ? `${rows.length} ${rows.length === 1 ? 'device' : 'devices'}`
            : `${rows.length} of ${world.devices.size}`}
        </output>
      </div>
      <div className="bar">
        <input
          id="search-fleet"
          type="search"
          placeholder="EID, ICCID, owner"
          aria-label="Search the fleet by EID, ICCID or owner"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <select aria-label="State" value={presence} onChange={(event) => setPresence(event.target.value as Presence)}>
          {presences.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      </div>
      <DeviceList rows={rows} />
    </section>
  )
}

function DeviceList({ rows }: { readonly rows: readonly FleetRow[] }) {
  const { ui, change } = useUi()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const place = rows.findIndex(({ eid }) => eid === ui.eid)
  // biome-ignore lint/correctness/useExhaustiveDependencies: goes there when another one is chosen or other rows are listed
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' })
  }, [ui.eid, rows.length])
  return (
    <div className="scroller" ref={scroller}>
      <ul style={{ height: virtual.getTotalSize() }} aria-label="Devices">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index] as FleetRow
          return (
            <li key={row.eid} style={{ transform: `translateY(${start}px)` }}>
              <Device row={row} isChosen={row.eid === ui.eid} choose={() => change(choose(ui.view, row.eid, ui.eid))} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The chosen one once more: none is chosen. On a narrow screen the card is shown next. */
const choose = (view: string, eid: string, before: string) =>
  eid === before && view !== 'fleet'
    ? { eid: '', onlyDevice: false }
    : { eid, onlyDevice: true, ...(view === 'fleet' && { view: 'card' as const }) }

interface DeviceProps {
  readonly row: FleetRow
  readonly isChosen: boolean
  readonly choose: () => void
}

function Device({ row, isChosen, choose: onChoose }: DeviceProps) {
  const world = useWorld()
  const troubles = world.troubled.get(row.eid) ?? 0
  const contact = row.lastContactAt && isLive(world) ? clock(Date.parse(row.lastContactAt)).slice(0, 8) : ''
  return (
    <button type="button" className="device" aria-pressed={isChosen} data-reachable={row.reachable} onClick={onChoose}>
      <Pads state={row.enabled ? 'enabled' : row.iccids.length > 0 ? 'disabled' : 'empty'} />
      <span className="eid mono">{grouped(row.eid)}</span>
      <Flash of={row.eid} value={row.enabled ?? ''} className="mono quiet iccid">
        {row.enabled ?? (row.iccids.length > 0 ? 'none enabled' : 'no profile')}
      </Flash>
      <span className="marks">
        {troubles > 0 && <em className="mark bad">{troubles} wrong</em>}
        {!row.reachable && <em className="mark bad">unreachable</em>}
        {row.waiting > 0 && <em className="mark busy">{row.waiting} waiting</em>}
        {row.fallback && (
          <em className="mark" title={row.fallback}>
            fallback
          </em>
        )}
        <span className="quiet">
          {row.owner} {contact}
        </span>
      </span>
    </button>
  )
}

/** The card as a sign: its corner cut off, its contacts in gold while a profile is enabled. */
const Pads = ({ state }: { readonly state: 'enabled' | 'disabled' | 'empty' }) => (
  <svg className="pads" viewBox="0 0 20 26" aria-hidden="true" data-state={state}>
    <path d="M3 1h10l6 6v16a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2z" />
    {state !== 'empty' && <rect x="5.500" y="11" width="9" height="8" rx="1.500" />}
  </svg>
)
