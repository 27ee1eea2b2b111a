/** RFC 8259, 4: names within an object should be unique; which one of two counts is anybody's guess, so a body with two is refused. */

/** Strings, and what opens, closes and separates; everything else of valid JSON is passed over. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs

/** The first name that an object has twice. `text` is valid JSON. */
export const duplicateName = (text: string): string | undefined => {
  const open: (Set<string> | undefined)[] = []
  let last = ''
  for (const [found] of text.matchAll(token)) {
    if (found === '{') open.push(new Set())
    else if (found === '[') open.push(undefined)
    else if (found === '}' || found === ']') open.pop()
    else if (found === ':') {
      const name: string = JSON.parse(last)
      const names = open.at(-1)
      if (names?.has(name)) return name
      names?.add(name)
    }
    last = found
  }
  return undefined
}
