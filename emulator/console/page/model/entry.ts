/** One row of the timeline: a message between two roles, or something that a card did. */
import type { CardEvent, Message, StreamEvent } from '../api/contract.ts'
import type { Haystack } from './haystack.ts'
import { troubleOf } from './trouble.ts'

export interface Entry {
  /** Number in the event stream. */
  readonly id: number
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly eid: string
  readonly interface: string
  readonly from: string
  readonly to: string
  /** The rightmost lane that it reaches. */
  readonly lane: number
  readonly operation: string
  readonly status: string
  /** Why this is wrong; empty when nothing is known to be. */
  trouble: string
  /** Everything that a search looks into: numbers of texts in the haystack. */
  readonly texts: readonly number[]
  readonly message?: Message
  readonly event?: CardEvent
  /** Of an event: the last message to the card before it. */
  asked?: Message
}

/** Roles from left to right, as on the drawing of the main flow. Who is called otherwise stands where the one is that it is part of. */
export const LANES = ['API consumer', 'provider', 'eIM', 'IPA', 'eUICC', 'SM-DP+', 'SM-DS', 'operator'] as const
/** Drawn even when nobody there has said anything. */
export const MAIN_LANES = 6

const lanes = new Map<string, number>([
  ...LANES.map((name, i) => [name, i] as const),
  ['sink', 0],
  ['card', 4],
  ['network', 3],
])
export const laneOf = (role: string): number => lanes.get(role) ?? 0

/** Middle of a lane in percent of the width. */
export const middleOf = (lane: number, count: number): number => ((lane + 0.5) / count) * 100

export const INTERFACES = [
  'API',
  'event',
  'northbound',
  'ESipa',
  'ES10',
  'ES9+',
  'ES2+',
  'ES11',
  'ES12',
  'card',
  'fault',
] as const

/** Undefined: not for the timeline. */
export function toEntry({ id, event, data }: StreamEvent, haystack: Haystack): Entry | undefined {
  if (event === 'message') return ofMessage(id, data as Message, haystack)
  if (event === 'card') return ofCardEvent(id, data as CardEvent, haystack)
  return undefined
}

function ofMessage(id: number, message: Message, haystack: Haystack): Entry {
  if (message.from === 'fault') return ofStrike(id, message, haystack)
  const { eid = '', interface: on, from, to, operation, status = '', correlation = {} } = message
  return {
    id,
    at: Date.parse(message.at),
    eid,
    interface: on,
    from,
    to,
    lane: Math.max(laneOf(from), laneOf(to)),
    operation,
    status,
    trouble: troubleOf(message),
    texts: textsOf(haystack, [operation, on, from, to, status], [eid, ...Object.values(correlation)]),
    message,
  }
}

/** What many entries say alike is one text, what is of this one is a text each. */
const textsOf = (haystack: Haystack, alike: readonly string[], own: readonly string[]): readonly number[] =>
  [alike.join(' '), ...own.filter(Boolean)].map(haystack.add)

/** A fault struck: nobody sent it, so it stands where it was done. */
function ofStrike(id: number, message: Message, haystack: Haystack): Entry {
  const { eid = '', to, operation, status = '', correlation = {} } = message
  return {
    id,
    at: Date.parse(message.at),
    eid,
    interface: 'fault',
    from: to,
    to,
    lane: laneOf(to),
    operation: status,
    status: `injected into ${message.interface} ${operation}`,
    trouble: '',
    texts: textsOf(haystack, ['fault injected', status, operation, to], [eid, ...Object.values(correlation)]),
    message,
  }
}

const badEvents = new Set(['refused', 'malformed', 'installation-failed', 'session-cancelled'])

/** A refusal that is the ordinary end of a download: the profile may not be enabled at once. */
const ordinaryChecks = new Set(['immediate-enable-allowed'])

const isBad = ({ type, check = '' }: CardEvent): boolean => badEvents.has(type) && !ordinaryChecks.has(check)

function ofCardEvent(id: number, event: CardEvent, haystack: Haystack): Entry {
  const { eid, type, cause, iccid = '', check, detail } = event
  const why = [check, detail].filter(Boolean).join(' ')
  return {
    id,
    at: Date.parse(event.at),
    eid,
    interface: 'card',
    from: 'eUICC',
    to: 'eUICC',
    lane: laneOf('eUICC'),
    operation: type,
    status: '',
    trouble: isBad(event) ? `${cause} ${type}${why && `: ${why}`}` : '',
    texts: textsOf(haystack, [type, cause, why], [eid, iccid]),
    event,
  }
}
