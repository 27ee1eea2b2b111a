/** What the person has chosen: kept apart from what the testbed says. */
import { createContext, useContext } from 'react'
import { type Filter, noFilter } from '../model/timeline.ts'

export const VIEWS = ['fleet', 'timeline', 'card', 'faults', 'act', 'conformance'] as const
export type View = (typeof VIEWS)[number]

export interface Ui {
  readonly view: View
  /** Chosen device; empty: none. */
  readonly eid: string
  /** Number of the event whose message is inspected. */
  readonly selected?: number
  /** Number of the event whose moment is shown; absent: now. */
  readonly moment?: number
  /** Moment that the shown one is compared with. */
  readonly pinned?: number
  readonly filter: Omit<Filter, 'eid' | 'followed'>
  /** Only messages of the chosen device. */
  readonly onlyDevice: boolean
  /** Number of the event whose operation is followed. */
  readonly following?: number
  readonly isHelpOpen: boolean
  /** The inspector takes the place of the timeline, tree and octets side by side. */
  readonly isWide: boolean
}

export type Change = Partial<{ [K in keyof Ui]: Ui[K] | undefined }>

const { eid: _all, ...filter } = noFilter

export const firstUi: Ui = { view: 'timeline', eid: '', filter, onlyDevice: false, isHelpOpen: false, isWide: false }

/** A member that is changed to undefined is gone. */
export function changed(ui: Ui, change: Change): Ui {
  // What is followed is shown as a whole.
  const whole = change.following === undefined ? {} : { filter }
  const next = { ...ui, ...change, ...whole }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as Ui
}

/** The way to a row of the timeline: whatever would hide it is taken away. */
export const goTo = ({ id, eid }: { readonly id: number; readonly eid: string }, ui: Ui): Change => ({
  view: 'timeline',
  selected: id,
  following: undefined,
  filter: { ...filter, onlyTrouble: ui.filter.onlyTrouble },
  onlyDevice: ui.onlyDevice && ui.eid === eid,
})

export interface UiContext {
  readonly ui: Ui
  readonly change: (change: Change) => void
}

export const Chosen = createContext<UiContext>({ ui: firstUi, change: () => {} })
export const useUi = (): UiContext => useContext(Chosen)
