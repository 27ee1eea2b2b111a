/** Leaves out batches, then operations, as long as the rest still fails. What fast-check leaves of a list is always its end; here every part may go. */
import type { Batch } from './script.ts'

type Sequence = readonly Batch[]

export async function shrunk(sequence: Sequence, fails: (smaller: Sequence) => Promise<boolean>): Promise<Sequence> {
  for (const smaller of withoutOne(sequence)) if (await fails(smaller)) return shrunk(smaller, fails)
  return sequence
}

function* withoutOne(sequence: Sequence): Generator<Sequence> {
  if (sequence.length > 1) for (const index of sequence.keys()) yield sequence.toSpliced(index, 1)
  for (const [index, batch] of sequence.entries()) {
    if (batch.length > 1) for (const call of batch.keys()) yield sequence.with(index, batch.toSpliced(call, 1))
  }
}
