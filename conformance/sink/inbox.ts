/** What arrived at one sink address, and what the sink answers there. */
export type SinkAnswer = { readonly status: number; readonly afterMs?: number } | 'reset' | 'silence'

/** Time in which the runner could not attend to its sockets, milliseconds. */
export interface HeldUp {
  /** At one time at the most, in the second before the delivery. */
  readonly recentMs: number
  /** Since the sink was opened. */
  readonly totalMs: number
}

export interface Delivery {
  readonly index: number
  /** Runner's clock, when the whole request had arrived. */
  readonly at: number
  /** The same moment on the clock by which the provider waits: the testbed's where that is virtual. */
  readonly pacedAt: number
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly json?: unknown
  readonly answer: SinkAnswer
  readonly heldUp: HeldUp
}

export interface Inbox {
  readonly url: string
  readonly deliveries: readonly Delivery[]
  /** Answers for the next deliveries, one each; afterwards 204. */
  readonly script: (answers: readonly SinkAnswer[]) => void
  /** Called for each delivery before it is answered. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => void
}

export interface FilledInbox extends Inbox {
  readonly take: (arrived: Omit<Delivery, 'index' | 'answer'>) => Delivery
}

export function createInbox(url: string): FilledInbox {
  const deliveries: Delivery[] = []
  const listeners: ((delivery: Delivery) => void)[] = []
  let scripted: SinkAnswer[] = []
  return {
    url,
    deliveries,
    script: (answers) => {
      scripted = [...answers]
    },
    onDelivery: (listener) => listeners.push(listener),
    take: (arrived) => {
      const delivery = { ...arrived, index: deliveries.length, answer: scripted.shift() ?? { status: 204 } }
      deliveries.push(delivery)
      for (const listener of listeners) listener(delivery)
      return delivery
    },
  }
}
