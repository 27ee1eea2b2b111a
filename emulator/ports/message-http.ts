/** What messages of either direction have in common. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export function toHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in given) {
    const value = given[name]
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return headers
}

export const NOTHING = new Uint8Array()

export function collect(message: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => void parts.push(part))
    message.once('end', () => resolve(joined(parts)))
    message.once('error', reject)
  })
}

function joined(parts: readonly Buffer[]): Uint8Array {
  const [first = NOTHING] = parts
  return parts.length > 1 ? Buffer.concat(parts) : first
}
