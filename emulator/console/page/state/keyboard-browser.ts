import { useEffect } from 'react'
import { flushSync } from 'react-dom'
import type { Entry } from '../model/entry.ts'
import { positionOf } from '../model/timeline.ts'
import { cycleTheme } from './theme-browser.ts'
import { type Change, goTo, type Ui, VIEWS } from './ui.ts'
import type { World } from './world.ts'

type Act = (context: {
  readonly world: World
  readonly ui: Ui
  readonly visible: readonly Entry[]
}) => Change | undefined

/** What the timeline shows now: it says so itself. */
let visible: readonly Entry[] = []
export const showing = (entries: readonly Entry[]): void => {
  visible = entries
}

/** Every key with what it does; the help is made of this table. */
export const shortcuts: readonly { readonly keys: string; readonly does: string; readonly act: Act }[] = [
  { keys: 'j', does: 'next message', act: (context) => step(context, 1) },
  { keys: 'k', does: 'message before', act: (context) => step(context, -1) },
  {
    keys: 'e',
    does: 'newest trouble, then the one before',
    act: ({ world, ui }) => previousTrouble(world.troubles, ui),
  },
  {
    keys: 'o',
    does: 'only what went wrong',
    act: ({ ui }) => ({ filter: { ...ui.filter, onlyTrouble: !ui.filter.onlyTrouble } }),
  },
  { keys: 'd', does: 'only the chosen device', act: ({ ui }) => ({ onlyDevice: !ui.onlyDevice }) },
  {
    keys: 'f',
    does: 'follow the operation of the chosen message',
    act: ({ ui }) => ({ following: ui.following === undefined ? ui.selected : undefined }),
  },
  { keys: 'w', does: 'the inspector wide: tree and octets side by side', act: ({ ui }) => ({ isWide: !ui.isWide }) },
  { keys: '/', does: 'search the timeline', act: () => focus('#search-timeline') },
  { keys: 's', does: 'search the fleet', act: () => focus('#search-fleet') },
  { keys: ',', does: 'one event back in time', act: ({ world, ui }) => travel(world, ui, -1) },
  { keys: '.', does: 'one event forward', act: ({ world, ui }) => travel(world, ui, 1) },
  { keys: 'n', does: 'back to now', act: () => ({ moment: undefined, pinned: undefined }) },
  {
    keys: 'p',
    does: 'pin this moment, to compare',
    act: ({ world, ui }) => ({ pinned: ui.pinned === undefined ? (ui.moment ?? world.last) : undefined }),
  },
  { keys: 't', does: 'light, dark, or as the system', act: () => void cycleTheme() },
  ...VIEWS.map((view, i) => ({ keys: `${i + 1}`, does: view, act: () => ({ view }) })),
  { keys: '?', does: 'this help', act: ({ ui }) => ({ isHelpOpen: !ui.isHelpOpen }) },
  { keys: 'Escape', does: 'close what is open', act: ({ ui }) => close(ui) },
]

const close = (ui: Ui): Change => {
  if (ui.isHelpOpen) return { isHelpOpen: false }
  if (ui.selected !== undefined) return { selected: undefined }
  return { following: undefined, moment: undefined, pinned: undefined }
}

function step({ ui }: { readonly ui: Ui }, by: number): Change | undefined {
  const at = ui.selected === undefined ? (by > 0 ? -1 : visible.length) : positionOf(visible, ui.selected)
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + by))]
  return next && { selected: next.id }
}

function previousTrouble(troubles: readonly Entry[], ui: Ui): Change | undefined {
  const { selected = Number.POSITIVE_INFINITY } = ui
  const found = troubles.findLast(({ id }) => id < selected) ?? troubles.at(-1)
  return found && goTo(found, ui)
}

export function travel({ entries }: World, { moment }: Ui, by: number): Change | undefined {
  const at = moment === undefined ? entries.length : positionOf(entries, moment)
  const next = entries[Math.max(0, at + by)]
  return { moment: next?.id }
}

function focus(selector: string): undefined {
  document.querySelector<HTMLInputElement>(selector)?.focus()
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=range], [type=checkbox]), textarea, select')

export function useKeyboard(world: World, ui: Ui, change: (change: Change) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target)) {
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
        return
      }
      const row = shortcuts.find(({ keys }) => keys === event.key)
      if (!row) return
      const next = row.act({ world, ui, visible })
      event.preventDefault()
      // At once: the next key means what is shown then, however fast somebody types.
      if (next) flushSync(() => change(next))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [world, ui, change])
}
