/** What a successful operation leaves on the card. */
import type { OperationName } from '../dialects/esim-management-0.1.ts'
import type { CardEvent } from '../testbed/http.ts'
import { sameIccid } from './iccid.ts'
import type { Operation } from './model.ts'

const effects: Readonly<Record<OperationName, string>> = {
  download: 'profile-installed',
  enable: 'profile-enabled',
  disable: 'profile-disabled',
  delete: 'profile-deleted',
  'set-fallback': 'fallback-attribute-set',
}

/** Types of card events that operations can cause. */
export const caused: ReadonlySet<string> = new Set(Object.values(effects))

/** In their order. */
export const effectsOf = ({ name, activates }: Pick<Operation, 'name' | 'activates'>): readonly string[] =>
  activates ? [effects.download, effects.enable] : [effects[name]]

/** The card's event for each effect; undefined for one that has not happened. */
export const effectsFound = (operation: Operation, events: readonly CardEvent[]): readonly (CardEvent | undefined)[] =>
  effectsOf(operation).map((type) => {
    const candidates = type === effects['set-fallback'] ? designation(events) : since(events, operation.baseline)
    return candidates.find((event) => event.type === type && sameIccid(event.iccid ?? '', operation.iccid))
  })

const since = (events: readonly CardEvent[], baseline: number): readonly CardEvent[] =>
  events.filter(({ sequence }) => sequence > baseline)

/** The latest word about the fallback. An eSIM that is the fallback already becomes it without a new event. */
const designation = (events: readonly CardEvent[]): readonly CardEvent[] =>
  events.filter(({ type }) => type.startsWith('fallback-attribute-')).slice(-1)
