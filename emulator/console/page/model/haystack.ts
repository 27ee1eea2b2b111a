/**
 * What a search looks into, kept so that a filter over a hundred thousand entries touches few texts: most entries say what others have said before, so each text
 * is kept once, under a number. A search decides once per text, then walks numbers.
 */
export interface Haystack {
  /** The number of a text; the same for the same text. */
  add(text: string): number
  /** By number: whether the text holds the word. Texts that are added later are decided when they are asked for. */
  search(word: string): (number: number) => boolean
}

export function createHaystack(): Haystack {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  return {
    add(text) {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      return texts.push(text.toLowerCase()) - 1
    },
    search(word) {
      const found: (boolean | undefined)[] = []
      return (number) => {
        const known = found[number]
        if (known !== undefined) return known
        const holds = texts[number]?.includes(word) ?? false
        found[number] = holds
        return holds
      }
    },
  }
}
