import { useEffect, useRef, useState } from 'react'
import { type Entry, INTERFACES } from '../model/entry.ts'
import { columnsOf } from '../model/strip.ts'
import { positionOf } from '../model/timeline.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { clock } from './format.ts'

/** Time travel: the whole run as a strip, with a handle. */
export function Scrubber() {
  const { entries, last } = useWorld()
  const { ui, change } = useUi()
  const { moment, pinned } = ui
  const at = moment === undefined ? entries.length : positionOf(entries, moment)
  const entry = entries[Math.min(at, entries.length - 1)]
  const move = (value: number) =>
    change({ moment: value >= entries.length ? undefined : entries[value]?.id, selected: undefined })
  const text = moment === undefined ? 'now' : entry ? clock(entry.at) : ''
  return (
    <section className="scrubber" aria-label="Time travel">
      <output className="mono when" data-now={moment === undefined}>
        {text}
      </output>
      <div className="strip">
        <Strip entries={entries} eid={ui.onlyDevice ? ui.eid : ''} />
        {pinned !== undefined && entries.length > 0 && (
          <span className="pin" style={{ left: `${(positionOf(entries, pinned) / entries.length) * 100}%` }} />
        )}
        <input
          type="range"
          min={0}
          max={Math.max(1, entries.length)}
          value={at}
          aria-label="Moment of the run"
          aria-valuetext={moment === undefined ? 'now' : `${text} ${entry?.operation ?? ''}`}
          onChange={(event) => move(Number(event.target.value))}
        />
      </div>
      <div className="bar">
        <button type="button" disabled={moment === undefined} onClick={() => change({ moment: undefined })}>
          now
        </button>
        <button
          type="button"
          aria-pressed={pinned !== undefined}
          onClick={() => change({ pinned: pinned === undefined ? (moment ?? last) : undefined, view: 'card' })}
        >
          {pinned === undefined ? 'compare from here' : 'comparing'}
        </button>
      </div>
    </section>
  )
}

const HEIGHT = 34
const REDRAW_MS = 250

function Strip({ entries, eid }: { readonly entries: readonly Entry[]; readonly eid: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [tick, setTick] = useState(0)
  const { version } = useWorld()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change asks for one drawing some time later
  useEffect(() => {
    const timer = setTimeout(() => setTick((count) => count + 1), REDRAW_MS)
    return () => clearTimeout(timer)
  }, [version])
  useEffect(() => {
    const again = () => setTick((count) => count + 1)
    const media = matchMedia('(prefers-color-scheme: dark)')
    for (const [target, name] of [
      [window, 'resize'],
      [window, 'theme'],
      [media, 'change'],
    ] as const)
      target.addEventListener(name, again)
    return () => {
      for (const [target, name] of [
        [window, 'resize'],
        [window, 'theme'],
        [media, 'change'],
      ] as const)
        target.removeEventListener(name, again)
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn with every tick
  useEffect(() => {
    if (canvas.current) draw(canvas.current, entries, eid)
  }, [entries, eid, tick])
  return <canvas ref={canvas} height={HEIGHT} />
}

function draw(canvas: HTMLCanvasElement, entries: readonly Entry[], eid: string): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const scale = devicePixelRatio
  const width = canvas.clientWidth
  canvas.width = width * scale
  canvas.height = HEIGHT * scale
  context.scale(scale, scale)
  const style = getComputedStyle(canvas)
  const colours = INTERFACES.map((name) => style.getPropertyValue(`--${cssName(name)}`))
  const columns = columnsOf(entries, Math.floor(width / 3), eid)
  const step = width / Math.max(1, columns.length)
  const stripe = Math.max(1, step - 1)
  for (const [i, { counts, total, hasTrouble }] of columns.entries()) {
    let y = HEIGHT - 5
    for (const [j, count] of counts.entries()) {
      const height = (count / total) * (HEIGHT - 10)
      y -= height
      context.fillStyle = colours[j] ?? ''
      context.fillRect(i * step, y, stripe, height)
    }
    if (!hasTrouble) continue
    context.fillStyle = style.getPropertyValue('--bad')
    context.fillRect(i * step, 0, Math.max(2, stripe), 4)
    context.fillRect(i * step, HEIGHT - 4, Math.max(2, stripe), 4)
  }
}

const cssName = (name: string): string => name.replace('+', 'p')
