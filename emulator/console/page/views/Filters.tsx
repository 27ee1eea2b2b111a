import { startTransition, useEffect, useRef, useState } from 'react'
import { INTERFACES } from '../model/entry.ts'
import { operationOf } from '../model/operation.ts'
import { positionOf, soloed, toggled } from '../model/timeline.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Check } from './Field.tsx'
import { grouped } from './format.ts'
import { Icon } from './Icon.tsx'

/** Those of the main flow are offered even before anybody has spoken on them. */
const always = new Set(['API', 'event', 'northbound', 'ESipa', 'ES10', 'ES9+', 'card'])

export function Filters({ shown }: { readonly shown: number }) {
  const world = useWorld()
  const { ui, change } = useUi()
  const { filter } = ui
  const set = (next: Partial<typeof filter>) => change({ filter: { ...filter, ...next } })
  const search = useSearch(filter.text, (text) => set({ text }))
  return (
    <div className="filters">
      <div className="bar">
        <input
          id="search-timeline"
          type="search"
          placeholder="operation, EID, status, operationId…"
          aria-label="Search the timeline"
          value={search.typed}
          onChange={(event) => search.type(event.target.value)}
        />
        <Check isOn={filter.onlyTrouble} set={(onlyTrouble) => set({ onlyTrouble })}>
          only trouble
        </Check>
        {ui.eid && (
          <Check isOn={ui.onlyDevice} set={(onlyDevice) => change({ onlyDevice })}>
            only …{ui.eid.slice(-6)}
          </Check>
        )}
        <output className="quiet">
          {shown} of {world.entries.length}
        </output>
        {world.gaps > 0 && <span className="mark busy">earlier messages are not kept any more</span>}
      </div>
      <fieldset className="interfaces">
        <legend className="unseen">Interfaces</legend>
        {INTERFACES.filter((name) => always.has(name) || world.interfaces.has(name)).map((name) => (
          <button
            key={name}
            type="button"
            data-interface={name}
            aria-pressed={!filter.hidden.includes(name)}
            title={`${name}: show or hide; double-click shows it alone`}
            onClick={() => set({ hidden: toggled(filter.hidden, name) })}
            onDoubleClick={() => set({ hidden: soloed(filter.hidden, name) })}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <Following />
    </div>
  )
}

/** What is typed stands in the field at once; the list follows when there is time. */
function useSearch(text: string, set: (text: string) => void) {
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  useEffect(() => {
    if (text !== '' || sent.current === '') return
    // Others have taken the filter away.
    sent.current = ''
    setTyped('')
  }, [text])
  const type = (next: string) => {
    sent.current = next
    setTyped(next)
    startTransition(() => set(next))
  }
  return { typed, type }
}

/** Which operation is followed, and the way out. */
function Following() {
  const { entries } = useWorld()
  const { ui, change } = useUi()
  if (ui.following === undefined) return null
  const entry = entries[positionOf(entries, ui.following)]
  if (!entry) return null
  const name = operationOf(entry) ?? entry.operation
  return (
    <p className="following">
      <Icon name="follow" /> following <b className="mono">{name}</b>{' '}
      {entry.eid && <span className="mono quiet">{grouped(entry.eid)}</span>}
      <button type="button" onClick={() => change({ following: undefined })}>
        show all
      </button>
    </p>
  )
}
