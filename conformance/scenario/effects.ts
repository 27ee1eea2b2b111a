/** What a successful operation leaves on the card. */
import type { OperationName } from '../dialects/dialect.ts'
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
    const candidates = type === effects['set-fallback'] ? designations(events, operation) : since(events, operation)
    return candidates.find((event) => event.type === type && sameIccid(event.iccid ?? '', operation.iccid))
  })

type Since = Pick<Operation, 'baseline'>

const since = (events: readonly CardEvent[], { baseline }: Since): readonly CardEvent[] =>
  events.filter(({ sequence }) => sequence > baseline)

/** An eSIM that is the fallback already becomes it without a new event: the latest word before counts, and each one since. */
const designations = (events: readonly CardEvent[], { baseline }: Since): readonly CardEvent[] => {
  const words = events.filter(({ type }) => type.startsWith('fallback-attribute-'))
  const before = words.filter(({ sequence }) => sequence <= baseline)
  return [...before.slice(-1), ...since(words, { baseline })]
}
