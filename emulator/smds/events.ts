/** Event records: SGP.22 v2.5, 3.6. */
export interface EventRecord {
  readonly eid: string
  readonly eventId: string
  /** Of the SM-DP+, or of another SM-DS. */
  readonly rspServerAddress: string
  /** functionRequesterIdentifier of who has registered it. */
  readonly requester: string
}

/** Answers wait until what they tell is kept. */
export interface SmdsStore {
  /** As they were when it was opened, in the order in which they came. */
  readonly events: readonly EventRecord[]
  put(event: EventRecord): void
  remove(event: EventRecord): void
  /** Resolves when everything is kept that was put before; rejects when it could not be. */
  settled(): Promise<void>
}

/** They stand in the order in which they came. */
export interface EventBook {
  find(eid: string, eventId: string): EventRecord | undefined
  of(eid: string): readonly EventRecord[]
  all(): readonly EventRecord[]
  put(event: EventRecord): void
  remove(event: EventRecord): void
}

/** `store`: where they outlive the process. */
export function createEventBook(store?: SmdsStore): EventBook {
  const keyOf = ({ eid, eventId }: Pick<EventRecord, 'eid' | 'eventId'>) => `${eid} ${eventId}`
  const events = new Map(store?.events.map((event) => [keyOf(event), event]))
  return {
    find: (eid, eventId) => events.get(keyOf({ eid, eventId })),
    of: (eid) => [...events.values()].filter((event) => event.eid === eid),
    all: () => [...events.values()],
    put(event) {
      events.set(keyOf(event), event)
      store?.put(event)
    },
    remove(event) {
      events.delete(keyOf(event))
      store?.remove(event)
    },
  }
}
