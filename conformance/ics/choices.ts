/** What each dialect leaves open, and what it does not: the words that an implementation may declare, the reading of the dialect's document first. */
export interface Readings {
  /** Types of events: one for each operation, or one for all. */
  readonly events: 'named' | 'operation-completed'
  /** What happens to an operation that the state of its eSIM does not allow. */
  readonly stateConflicts: 'asynchronous' | 'synchronous'
  readonly deleteEnabled: 'auto-disable' | 'conflict'
  /** Answer about an identifier that nobody knows, or that belongs to somebody else. */
  readonly unknownIdentifier: '422' | '404' | '403'
  /** Answer about what belongs to somebody else, where that is a choice of its own. */
  readonly foreignIdentifier: 'unknown' | '403'
  /** A request while another operation on the eUICC is in progress. */
  readonly whenBusy: 'queue' | 'abort'
  /** Whether a subscription is there, or gone, when the answer comes. */
  readonly subscriptions: 'synchronous' | 'asynchronous'
}

/** One word alone is no choice. */
type Choices = { readonly [Name in keyof Readings]: readonly [Readings[Name], ...Readings[Name][]] }

const esimManagement: Choices = {
  events: ['named', 'operation-completed'],
  stateConflicts: ['asynchronous', 'synchronous'],
  deleteEnabled: ['auto-disable', 'conflict'],
  unknownIdentifier: ['422', '404', '403'],
  foreignIdentifier: ['unknown'],
  whenBusy: ['queue'],
  subscriptions: ['synchronous'],
}

const profileManagement: Choices = {
  events: ['operation-completed'],
  stateConflicts: ['synchronous'],
  deleteEnabled: ['conflict'],
  unknownIdentifier: ['404'],
  foreignIdentifier: ['unknown', '403'],
  whenBusy: ['abort', 'queue'],
  subscriptions: ['synchronous'],
}

const byDialect: Readonly<Record<string, Choices>> = {
  'esim-management@0.1': esimManagement,
  'esim-profile-management@0.1.0-rc.1': profileManagement,
  'esim-profile-management@0.1.0-rc.2': profileManagement,
  'esim-profile-management-subscriptions@wip': {
    ...profileManagement,
    foreignIdentifier: ['unknown'],
    whenBusy: ['abort', 'queue'],
    subscriptions: ['synchronous', 'asynchronous'],
  },
  'esim-remote-management@wip': {
    ...profileManagement,
    stateConflicts: ['asynchronous'],
    deleteEnabled: ['conflict', 'auto-disable'],
    whenBusy: ['queue'],
  },
}

export const choicesOf = (dialect: string): Choices => byDialect[dialect] ?? esimManagement

export const defaultReadings = (dialect: string): Readings =>
  Object.fromEntries(Object.entries(choicesOf(dialect)).map(([name, [word]]) => [name, word])) as unknown as Readings

/** Each reading that a dialect permits beside its default, alone. */
export const otherReadings = (dialect: string): readonly Partial<Readings>[] =>
  Object.entries(choicesOf(dialect)).flatMap(([name, [, ...others]]) => others.map((word) => ({ [name]: word })))
