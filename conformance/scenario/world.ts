/** The state of one scenario. Steps read and write it; the rules are in the modules beside it. */
import { type IWorldOptions, World } from '@cucumber/cucumber'
import type { Exchange } from '../runner/http.ts'
import { type Session, sessionOf } from '../runner/session.ts'
import type { Inbox } from '../sink/inbox.ts'
import type { ShownEsim } from './card.ts'
import type { ScenarioDevice } from './devices.ts'
import type { ReceivedEvent } from './events.ts'
import { type Mismatch, Nonconformity } from './mismatch.ts'
import type { Operation } from './operations.ts'
import { type Draft, newDraft } from './request.ts'

/** One of several requests that a step sends, with what was wrong about it. */
export interface Trial {
  readonly label: string
  readonly requirement?: string
  readonly exchange: Exchange
}

export class ScenarioWorld extends World<{ session: string }> {
  readonly session: Session
  /** Unique in the run: the id of the started test case. */
  id = ''
  tags: readonly string[] = []
  draft: Draft = newDraft()
  readonly devices: ScenarioDevice[] = []
  readonly exchanges: Exchange[] = []
  /** The latest request that a step was about, with its answer. */
  asked: Exchange | undefined
  /** Answers to a row of requests that one step sent. */
  batch: Trial[] = []
  /** Lists of eSIMs that were shown while operations were executed. */
  readonly sightings: (readonly ShownEsim[])[] = []
  readonly operations: Operation[] = []
  readonly inboxes = new Map<string, Inbox>()
  readonly events: ReceivedEvent[] = []
  readonly mismatches: Mismatch[] = []

  constructor(options: IWorldOptions<{ session: string }>) {
    super(options)
    this.session = sessionOf(options.parameters.session)
  }

  /** Ends the step: the target is wrong and the scenario cannot go on. */
  fail(mismatch: Mismatch): never {
    this.mismatches.push(mismatch)
    throw new Nonconformity(mismatch)
  }

  /** Remembers that the target is wrong and goes on; the scenario fails at its end. */
  note(mismatch: Mismatch): void {
    this.mismatches.push(mismatch)
  }

  get latest(): Exchange {
    if (this.asked === undefined) throw new Error('no request was sent yet')
    return this.asked
  }

  get operation(): Operation {
    const operation = this.operations.at(-1)
    if (operation === undefined) throw new Error('no operation was accepted yet')
    return operation
  }
}
