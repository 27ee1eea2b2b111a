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

const UNDECIDED = 0
const HOLDS = 1
const HOLDS_NOT = 2

function grown(before: Int8Array, length: number): Int8Array<ArrayBuffer> {
  const after = new Int8Array(2 * length)
  after.set(before)
  return after
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
      let found = new Int8Array(texts.length)
      return (number) => {
        if (number >= found.length) found = grown(found, texts.length)
        const known = found[number]
        if (known !== undefined && known !== UNDECIDED) return known === HOLDS
        const holds = texts[number]?.includes(word) ?? false
        found[number] = holds ? HOLDS : HOLDS_NOT
        return holds
      }
    },
  }
}
