/** One row of the timeline: a message between two roles, or something that a card did. */
import type { CardEvent, Message, StreamEvent } from '../api/contract.ts'
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
  readonly operation: string
  readonly status: string
  /** Why this is wrong; empty when nothing is known to be. */
  trouble: string
  /** Everything that a search looks into, in lower case. */
  readonly text: string
  readonly message?: Message
  readonly event?: CardEvent
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
export function toEntry({ id, event, data }: StreamEvent): Entry | undefined {
  if (event === 'message') return ofMessage(id, data as Message)
  if (event === 'card') return ofCardEvent(id, data as CardEvent)
  return undefined
}

function ofMessage(id: number, message: Message): Entry {
  if (message.from === 'fault') return ofStrike(id, message)
  const { eid = '', interface: on, from, to, operation, status = '', correlation = {} } = message
  const words = [operation, eid, on, from, to, status, ...Object.values(correlation)]
  return {
    id,
    at: Date.parse(message.at),
    eid,
    interface: on,
    from,
    to,
    operation,
    status,
    trouble: troubleOf(message),
    text: words.join(' ').toLowerCase(),
    message,
  }
}

/** A fault struck: nobody sent it, so it stands where it was done. */
function ofStrike(id: number, message: Message): Entry {
  const { eid = '', to, operation, status = '', correlation = {} } = message
  return {
    id,
    at: Date.parse(message.at),
    eid,
    interface: 'fault',
    from: to,
    to,
    operation: status,
    status: `injected into ${message.interface} ${operation}`,
    trouble: '',
    text: ['fault injected', status, operation, eid, to, ...Object.values(correlation)].join(' ').toLowerCase(),
    message,
  }
}

const badEvents = new Set(['refused', 'malformed', 'installation-failed', 'session-cancelled'])

/** A refusal that is the ordinary end of a download: the profile may not be enabled at once. */
const ordinaryChecks = new Set(['immediate-enable-allowed'])

const isBad = ({ type, check = '' }: CardEvent): boolean => badEvents.has(type) && !ordinaryChecks.has(check)

function ofCardEvent(id: number, event: CardEvent): Entry {
  const { eid, type, cause, iccid = '', check, detail } = event
  const why = [check, detail].filter(Boolean).join(' ')
  return {
    id,
    at: Date.parse(event.at),
    eid,
    interface: 'card',
    from: 'eUICC',
    to: 'eUICC',
    operation: type,
    status: '',
    trouble: isBad(event) ? `${cause} ${type}${why && `: ${why}`}` : '',
    text: [type, eid, cause, iccid, why].join(' ').toLowerCase(),
    event,
  }
}
