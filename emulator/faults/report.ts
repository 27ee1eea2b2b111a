/** What faults have done: each strike as a message of the trace and as a row of the report. */
import type { Clock, Trace, TraceInterface } from '../ports/index.ts'
import type { FaultName } from './catalogue.ts'
import type { Fault, FaultInterface } from './fault.ts'
import type { ActiveFault, Parameters } from './plan.ts'

/** One strike. */
export interface Injection {
  /** From 1. */
  readonly index: number
  /** RFC 3339 with milliseconds. */
  readonly at: string
  readonly fault: FaultName
  /** Of the active fault. */
  readonly id: string
  readonly seed: number
  readonly parameters: Parameters
  readonly place: Fault['place']['hop']
  /** `ES9+.AuthenticateClient`. */
  readonly message: string
  /** Of the message at this device, from 1. */
  readonly occurrence: number
  readonly eid?: string
  /** Index of its own message in the trace. The message that was struck is beside it. */
  readonly traceIndex: number
}

/** A message that a fault may strike. */
export interface Message {
  readonly interface: FaultInterface
  readonly operation: string
  readonly eid?: string | undefined
}

export interface ReportPorts {
  readonly clock: Clock
  /** Index of what was recorded last. */
  readonly trace: Trace & { last(): number }
  readonly onStrike?: (injection: Injection) => void
  /** Strikes in the report, the latest so many. */
  readonly keptStrikes?: number
}

interface Strike {
  readonly active: Omit<ActiveFault, 'strikes'>
  readonly hop: Fault['place']['hop']
  readonly message: Message
  readonly occurrence: number
}

export function createReport({ clock, trace, onStrike, keptStrikes = 10_000 }: ReportPorts) {
  let injections: readonly Injection[] = []
  let last = 0
  return {
    /** Oldest first. */
    after: (index: number) => injections.filter((injection) => injection.index > index),
    add({ active, hop, message: { interface: face, operation, eid }, occurrence }: Strike): void {
      const { id, fault, seed, parameters } = active
      const subject = eid === undefined ? {} : { eid }
      trace.record({
        interface: face as TraceInterface,
        from: 'fault',
        to: hop,
        operation,
        status: fault,
        correlation: { faultId: id },
        ...subject,
      })
      last += 1
      const injection: Injection = {
        ...{ index: last, at: new Date(clock.now()).toISOString() },
        ...{ fault: fault as FaultName, id, seed, parameters },
        ...{ place: hop, message: `${face}.${operation}`, occurrence, traceIndex: trace.last() },
        ...subject,
      }
      injections = [...injections, injection].slice(-keptStrikes)
      onStrike?.(injection)
    },
  }
}
