import { useMemo, useState } from 'react'
import type { Card, CardEvent } from '../api/contract.ts'
import { differences } from '../model/diff.ts'
import { profilesIn } from '../model/life.ts'
import { useCard } from '../state/card-http.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import type { World } from '../state/world.ts'
import { CardDrawing } from './CardDrawing.tsx'
import { CardFacts } from './CardFacts.tsx'
import { clock, grouped } from './format.ts'
import { StateMachine } from './StateMachine.tsx'

/** One eUICC, now or at the moment that was chosen. */
export function CardView() {
  const world = useWorld()
  const { ui } = useUi()
  const row = world.devices.get(ui.eid)
  const events = useEvents(world, ui.eid, ui.moment)
  const sequence = ui.moment === undefined ? (row?.sequence ?? 0) : (events.at(-1)?.sequence ?? 0)
  const card = useCard(world, ui.eid, sequence)
  if (!ui.eid)
    return (
      <section className="card-view">
        <h2 className="unseen">eUICC</h2>
        <p className="empty">Choose a device in the fleet to look into its card.</p>
        <Suggestions />
      </section>
    )
  return (
    <section className="card-view" aria-labelledby="card-title">
      <h2 id="card-title" className="unseen">
        eUICC {ui.eid}
      </h2>
      {card ? <Body card={card} events={events} /> : <p className="empty">Reading the card…</p>}
    </section>
  )
}

const FEW = 4

/** Where something went wrong, one wants to look first. */
function Suggestions() {
  const { troubled, devices } = useWorld()
  const { change } = useUi()
  const eids = [...new Set([...troubled.keys(), ...[...devices.keys()].slice(0, FEW)])].slice(0, FEW)
  return (
    <ul className="suggestions" aria-label="Devices">
      {eids.map((eid) => (
        <li key={eid}>
          <button type="button" onClick={() => change({ eid, onlyDevice: true })}>
            <span className="mono">{grouped(eid)}</span>
            {troubled.has(eid) && <em className="mark bad">{troubled.get(eid)} wrong</em>}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What this card did up to the moment. */
function useEvents(world: World, eid: string, moment = Number.POSITIVE_INFINITY): readonly CardEvent[] {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is one object, its version tells of changes
  return useMemo(
    () => world.entries.flatMap(({ id, event }) => (event && event.eid === eid && id <= moment ? [event] : [])),
    [world, world.version, eid, moment],
  )
}

function Body({ card, events }: { readonly card: Card; readonly events: readonly CardEvent[] }) {
  const { ui } = useUi()
  const enabled = card.profiles.find(({ state }) => state === 'enabled')?.iccid
  const [chosen, setChosen] = useState<string>()
  const known = profilesIn(events)
  const iccid =
    chosen !== undefined && known.includes(chosen) ? chosen : (enabled ?? known.at(-1) ?? card.profiles[0]?.iccid)
  return (
    <>
      {ui.pinned !== undefined && <Comparison card={card} pinned={ui.pinned} />}
      <div className="card-top">
        <CardDrawing card={card} chosen={iccid} choose={setChosen} />
        <div className="panel">
          <h3>Life of a profile</h3>
          {iccid === undefined ? (
            <p className="empty">No profile was ever on this card.</p>
          ) : (
            <>
              <select
                aria-label="Profile whose life is drawn"
                value={iccid}
                onChange={(event) => setChosen(event.target.value)}
                className="mono"
              >
                {[...new Set([...known, iccid])].map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
              <StateMachine events={events} iccid={iccid} />
            </>
          )}
        </div>
      </div>
      <CardFacts card={card} />
    </>
  )
}

/** What is different between the pinned moment and the one that is shown. */
function Comparison({ card, pinned }: { readonly card: Card; readonly pinned: number }) {
  const world = useWorld()
  const { change } = useUi()
  const events = useEvents(world, card.eid, pinned)
  const before = useCard(world, card.eid, events.at(-1)?.sequence ?? 0)
  if (!before) return null
  const found = differences(before, card)
  const at = events.at(-1)?.at
  return (
    <section className="panel comparison" aria-labelledby="comparison-title">
      <div className="bar">
        <h3 id="comparison-title">
          Since {at ? clock(Date.parse(at)) : 'the beginning'}:{' '}
          {found.length === 0 ? 'no difference' : `${found.length} differences`}
        </h3>
        <button type="button" onClick={() => change({ pinned: undefined })}>
          stop comparing
        </button>
      </div>
      <ul className="differences">
        {found.map(({ path, kind, before: was, after }) => (
          <li key={path} data-kind={kind}>
            <b className="mono">{path}</b> {was !== undefined && <del className="mono">{was}</del>}{' '}
            {after !== undefined && <ins className="mono">{after}</ins>}
          </li>
        ))}
      </ul>
    </section>
  )
}
