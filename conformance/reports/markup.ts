/** Text in XML and HTML. */
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no place for most control characters. */
export const escaped = (text: string): string =>
  [...text]
    .filter((char) => char >= ' ' || char === '\n' || char === '\t')
    .map((char) => escapes[char] ?? char)
    .join('')

export const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
