/** The world that cucumber makes for each scenario. */
import { World } from '@cucumber/cucumber'
import type { ShownEsim } from '../dialects/dialect.ts'
import type { Exchange } from '../runner/http.ts'
import { type Session, sessionOf } from '../runner/session.ts'
import type { Inbox } from '../sink/inbox.ts'
import { type Mismatch, Nonconformity, noteOnce } from './mismatch.ts'
import {
  type Asked,
  latestExchange,
  latestOperation,
  newDraft,
  type Operation,
  type ReceivedEvent,
  type Scenario,
  type ScenarioDevice,
  type Subscription,
  type Trial,
} from './model.ts'
import { acceptedOperations } from './outcomes.ts'

export class ScenarioWorld extends World<{ session: string }> implements Scenario {
  id = ''
  tags: readonly string[] = []
  readonly draft = newDraft()
  readonly devices: ScenarioDevice[] = []
  readonly operations: Operation[] = []
  readonly inboxes = new Map<string, Inbox>()
  readonly events: ReceivedEvent[] = []
  readonly subscriptions: Subscription[] = []
  readonly exchanges: Exchange[] = []
  asked: Asked | undefined = undefined
  batch: Trial[] = []
  readonly sightings: (readonly ShownEsim[])[] = []
  readonly mismatches: Mismatch[] = []
  readonly unverified = new Set<string>()
  script: string | undefined = undefined

  /** A world of a run that only lists has none. */
  get session(): Session {
    return sessionOf(this.parameters.session)
  }

  fail(mismatch: Mismatch): never {
    this.note(mismatch)
    throw new Nonconformity(mismatch)
  }

  note(mismatch: Mismatch): void {
    noteOnce(this.mismatches, mismatch)
  }

  get latest(): Exchange {
    return latestExchange(this)
  }

  get operation(): Operation {
    if (this.operations.length === 0 && this.asked !== undefined) acceptedOperations(this)
    return latestOperation(this)
  }
}
