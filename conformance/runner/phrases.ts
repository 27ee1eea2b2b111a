/** Which phrase somebody may have meant. */
const wordsOf = (phrase: string): ReadonlySet<string> =>
  new Set(
    phrase
      .replaceAll(/"[^"]*"/g, ' ')
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word.length > 1),
  )

/** The phrase that shares most words with a step; undefined when none shares a third of them. */
export function nearestPhrase(step: string, phrases: readonly string[]): string | undefined {
  const wanted = wordsOf(step)
  const scored = phrases.map((phrase) => {
    const words = wordsOf(phrase)
    const common = [...wanted].filter((word) => words.has(word)).length
    return { phrase, score: common / Math.max(wanted.size, words.size, 1) }
  })
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { phrase: '', score: 0 })
  return best.score > 1 / 3 ? best.phrase : undefined
}
