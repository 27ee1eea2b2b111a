/** What dialects leave open: the words that an implementation may declare for each. */
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

/** Those that a dialect permits, the reading of its document first. One word alone is no choice. */
export type Choices = { readonly [Name in keyof Readings]: readonly [Readings[Name], ...Readings[Name][]] }
