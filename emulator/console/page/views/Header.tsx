import { useState } from 'react'
import { closeRun, isLive, useEpisodes, useWorld } from '../state/store-browser.ts'
import { cycleTheme, readTheme, type Theme } from '../state/theme-browser.ts'
import { goTo, useUi, VIEWS, type View } from '../state/ui.ts'
import { Icon } from './Icon.tsx'
import { RunMenu } from './RunMenu.tsx'

const connections = {
  connecting: 'connecting…',
  live: 'live',
  lost: 'connection lost, trying again…',
  denied: 'token needed',
  file: 'a run from a file',
} as const

export function Header() {
  const world = useWorld()
  const { ui, change } = useUi()
  return (
    <header className="top">
      <h1>
        <Icon name="chip" /> eSIM testbed
      </h1>
      <p className="connection" role="status" data-connection={world.connection}>
        {connections[world.connection]}
      </p>
      {!isLive(world) && (
        <button type="button" onClick={closeRun}>
          back to live
        </button>
      )}
      <TroubleButton />
      <nav aria-label="Views" className="tabs">
        {VIEWS.filter((view) => view !== 'fleet').map((view) => (
          <Tab key={view} view={view} isCurrent={ui.view === view || (view === 'timeline' && ui.view === 'fleet')} />
        ))}
      </nav>
      <RunMenu />
      <ThemeButton />
      <button
        type="button"
        className="icon"
        aria-label="Keyboard shortcuts"
        onClick={() => change({ isHelpOpen: true })}
      >
        <Icon name="help" />
      </button>
    </header>
  )
}

function Tab({ view, isCurrent }: { readonly view: View; readonly isCurrent: boolean }) {
  const { change } = useUi()
  return (
    <button type="button" aria-current={isCurrent ? 'page' : undefined} onClick={() => change({ view })}>
      {view}
    </button>
  )
}

/** The way to what went wrong last: to the message with which it began. */
function TroubleButton() {
  const { troubles } = useWorld()
  const [episode] = useEpisodes()
  const { ui, change } = useUi()
  if (!episode) return <p className="trouble-count none">nothing went wrong</p>
  const text = troubles.length === 1 ? '1 message went wrong' : `${troubles.length} messages went wrong`
  const { first } = episode
  return (
    <button type="button" className="trouble-count" onClick={() => change(goTo(first, ui))} title={first.trouble}>
      <Icon name="alert" /> {text}
    </button>
  )
}

function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(readTheme)
  return (
    <button type="button" className="icon" aria-label={`Theme: ${theme}`} onClick={() => setTheme(cycleTheme())}>
      <Icon name={theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : 'auto'} />
    </button>
  )
}

/** On narrow screens the views are below. */
export function Navigation() {
  const { ui, change } = useUi()
  return (
    <nav className="bottom" aria-label="Views of a narrow screen">
      {VIEWS.map((view) => (
        <button
          key={view}
          type="button"
          aria-current={ui.view === view ? 'page' : undefined}
          onClick={() => change({ view, selected: undefined })}
        >
          <Icon name={view} />
          <span>{view === 'conformance' ? 'checks' : view}</span>
        </button>
      ))}
    </nav>
  )
}
