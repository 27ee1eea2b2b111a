import type { IncomingHttpHeaders } from 'node:http'

/** Of a message in either direction: a field that came several times is one list. */
export function toHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in given) {
    const value = given[name]
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return headers
}
