import { useCallback, useEffect, useMemo, useState } from 'react'
import { useKeyboard } from '../state/keyboard-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { type Change, Chosen, changed, firstUi, type View } from '../state/ui.ts'
import { Act } from './Act.tsx'
import { CardView } from './Card.tsx'
import { Conformance } from './Conformance.tsx'
import { Faults } from './Faults.tsx'
import { Fleet } from './Fleet.tsx'
import { Header, Navigation } from './Header.tsx'
import { Help } from './Help.tsx'
import { Inspector } from './Inspector.tsx'
import { Scrubber } from './Scrubber.tsx'
import { Timeline } from './Timeline.tsx'
import { TokenDialog } from './TokenDialog.tsx'

const stages: Readonly<Record<View, () => React.ReactNode>> = {
  fleet: Timeline,
  timeline: Timeline,
  card: CardView,
  faults: Faults,
  act: Act,
  conformance: Conformance,
}

export function App() {
  const world = useWorld()
  const [ui, setUi] = useState(firstUi)
  const change = useCallback((next: Change) => setUi((before) => changed(before, next)), [])
  const context = useMemo(() => ({ ui, change }), [ui, change])
  useKeyboard(world, ui, change)
  useEffect(() => {
    document.title = ui.eid ? `${ui.eid} · eSIM testbed` : 'eSIM testbed'
  }, [ui.eid])
  useEffect(() => {
    if (world.begun > 0) change({ selected: undefined, moment: undefined, pinned: undefined, following: undefined })
  }, [world.begun, change])
  const Stage = stages[ui.view]
  return (
    <Chosen value={context}>
      <div className="app" data-view={ui.view} data-inspecting={ui.selected !== undefined} data-wide={ui.isWide}>
        <Header />
        <Fleet />
        <main className="stage" id="stage">
          <Stage key={ui.view === 'fleet' ? 'timeline' : ui.view} />
        </main>
        <Inspector />
        <Scrubber />
        <Navigation />
        <Help />
        <TokenDialog />
      </div>
    </Chosen>
  )
}
