/** XML as far as reports use it: elements, attributes, text. Throws when elements are not closed in order. */
interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
}

export function readXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open: XmlElement[] = [root]
  for (const [, closing, name = '', fields = '', empty] of text.matchAll(
    /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`)
      continue
    }
    const attributes = Object.fromEntries(
      [...fields.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    )
    const element = { name, attributes, children: [] }
    open.at(-1)?.children.push(element)
    if (!empty) open.push(element)
  }
  const [first] = root.children
  if (open.length !== 1 || first === undefined) throw new Error('not one complete element')
  const rest = text.replaceAll(/<\?[^>]*\?>|<\/?[\w-]+(?:\s+[\w-]+="[^"<]*")*\s*\/?>/g, '')
  if (/[<>]|&(?!(amp|lt|gt|quot|apos);)/.test(rest)) throw new Error('text that is not escaped')
  return first
}
