import type { Trace, TraceEntry } from '../ports/index.ts'

/** A trace that adds to each message whose it is and what it belongs to. */
export const traceFor = (trace: Trace, { eid, correlation }: Pick<TraceEntry, 'eid' | 'correlation'>): Trace => ({
  record: (entry) =>
    trace.record({
      ...(eid === undefined ? {} : { eid }),
      ...entry,
      ...(correlation || entry.correlation ? { correlation: { ...correlation, ...entry.correlation } } : {}),
    }),
})
