/** A failure as one sentence for people, for dialects that have no code for it. */
import type { Failure, FailureReason } from '../operations/operation.ts'

export const sentenceOf = (
  sentences: Readonly<Record<FailureReason, string>>,
  { reason, details }: Failure,
  longest: number,
): string => {
  const sentence = details === undefined ? sentences[reason] : `${sentences[reason]} ${details}`
  return sentence.length > longest ? `${sentence.slice(0, longest - 1)}…` : sentence
}
