import { useMemo, useState } from 'react'
import type { Entry } from '../model/entry.ts'
import { inspect, pathTo, type TreeNode } from '../model/inspect.ts'
import { positionOf } from '../model/timeline.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { CopyMenu } from './CopyMenu.tsx'
import { clock, grouped } from './format.ts'
import { Hex } from './Hex.tsx'
import { Icon } from './Icon.tsx'
import { Tree } from './Tree.tsx'
import { Verdicts } from './Verdicts.tsx'

export function Inspector() {
  const { entries } = useWorld()
  const { ui, change } = useUi()
  const { selected } = ui
  if (selected === undefined) return null
  const entry = entries[positionOf(entries, selected)]
  if (!entry) return null
  return (
    <aside className="inspector" aria-label="Inspector" data-interface={entry.interface}>
      <div className="bar">
        <h2>
          {entry.operation} {entry.status && <i className="mono">{entry.status}</i>}
        </h2>
        <button
          type="button"
          className="icon widen"
          aria-label="Wide inspector"
          aria-pressed={ui.isWide}
          onClick={() => change({ isWide: !ui.isWide })}
        >
          <Icon name="wide" />
        </button>
        <button
          type="button"
          className="icon"
          aria-label="Close the inspector"
          onClick={() => change({ selected: undefined })}
        >
          <Icon name="close" />
        </button>
      </div>
      {entry.trouble && (
        <p className="verdict bad">
          <Icon name="alert" /> {entry.trouble}
        </p>
      )}
      <Facts entry={entry} />
      <Actions entry={entry} />
      {entry.message && <Verdicts key={`verdicts ${entry.id}`} eid={entry.eid} message={entry.message} />}
      {entry.message ? <Content key={entry.id} entry={entry} /> : <EventFacts entry={entry} />}
    </aside>
  )
}

function Facts({ entry }: { readonly entry: Entry }) {
  const { change } = useUi()
  const { message } = entry
  return (
    <dl className="facts">
      <dt>{entry.interface}</dt>
      <dd>
        {entry.from} → {entry.to}, {clock(entry.at)}
      </dd>
      {entry.eid && (
        <>
          <dt>EID</dt>
          <dd>
            <button
              type="button"
              className="link mono"
              onClick={() => change({ eid: entry.eid, view: 'card', moment: entry.id, isWide: false })}
            >
              {grouped(entry.eid)}
            </button>
          </dd>
        </>
      )}
      {Object.entries(message?.correlation ?? {}).map(([name, value]) => (
        <div key={name} className="pair">
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Actions({ entry }: { readonly entry: Entry }) {
  const { ui, change } = useUi()
  const isFollowing = ui.following !== undefined
  return (
    <div className="bar">
      <button
        type="button"
        aria-pressed={isFollowing}
        onClick={() => change({ following: isFollowing ? undefined : entry.id })}
      >
        <Icon name="follow" /> follow
      </button>
      <button type="button" onClick={() => change({ moment: entry.id })}>
        go to this moment
      </button>
      {entry.message && <CopyMenu message={entry.message} />}
    </div>
  )
}

function EventFacts({ entry }: { readonly entry: Entry }) {
  const { entries } = useWorld()
  const { change } = useUi()
  const asked = entry.asked && entries.findLast(({ id, message }) => id < entry.id && message === entry.asked)
  return (
    <dl className="facts">
      {asked && (
        <>
          <dt>while it</dt>
          <dd>
            <button type="button" className="link" onClick={() => change({ selected: asked.id })}>
              was asked {asked.operation}
            </button>
          </dd>
        </>
      )}
      {Object.entries(entry.event ?? {}).map(([name, value]) => (
        <div key={name} className="pair">
          <dt>{name}</dt>
          <dd className="mono">{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Content({ entry }: { readonly entry: Entry }) {
  const inspection = useMemo(() => (entry.message ? inspect(entry.message) : undefined), [entry])
  const [lit, setLit] = useState<TreeNode>()
  if (!inspection || inspection.roots.length === 0) return <p className="empty">It carries no content.</p>
  const buffer = lit?.place?.buffer ?? 0
  const octets = inspection.buffers[buffer]
  const light = (offset: number) => setLit(pathTo(inspection.roots, buffer, offset).at(-1))
  return (
    <div className="content" data-two={octets !== undefined}>
      <div className="tree-pane">
        <h3>{inspection.title || 'Content'}</h3>
        <Tree roots={inspection.roots} lit={lit} light={setLit} />
      </div>
      {octets && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
        <section className="hex-pane" aria-label="Octets" tabIndex={0}>
          <h3>
            {octets.length} octets{' '}
            {inspection.buffers.length > 1 && <span className="quiet">of {lit ? lit.label : 'the first DER'}</span>}
          </h3>
          <Hex octets={octets} lit={lit?.place} light={light} />
        </section>
      )}
    </div>
  )
}
