import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib'

export function toHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in given) {
    const value = given[name]
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return headers
}

const NOTHING = new Uint8Array()

/** All octets of a message; undefined when there are more. Those are read and forgotten: who is still sending does not listen. */
export function collect(message: IncomingMessage): Promise<Uint8Array>
export function collect(message: IncomingMessage, limit: number): Promise<Uint8Array | undefined>
export function collect(message: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    message.on('data', (part: Buffer) => {
      length += part.length
      if (length <= limit) parts.push(part)
    })
    message.once('end', () => resolve(length > limit ? undefined : joined(parts)))
    message.once('error', reject)
  })
}

function joined(parts: readonly Buffer[]): Uint8Array {
  const [first = NOTHING] = parts
  return parts.length > 1 ? Buffer.concat(parts) : first
}

type Decode = (octets: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>

/** Content-Encoding: RFC 9110, 8.4.1. */
const codings: Readonly<Record<string, Decode>> = {
  gzip: promisify<Uint8Array, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Uint8Array, ZlibOptions, Buffer>(inflate),
  br: promisify<Uint8Array, ZlibOptions, Buffer>(brotliDecompress),
}

/** `refused`: an HTTP status. */
type Received = Uint8Array | { readonly refused: number }

/** The body of a request, in no coding any more. */
export async function receiveBody(request: IncomingMessage, limit: number): Promise<Received> {
  const { headers } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return NOTHING
  const octets = await collect(request, limit)
  if (!octets) return { refused: 413 }
  const coding = headers['content-encoding']?.toLowerCase() ?? 'identity'
  return coding === 'identity' ? octets : decoded(octets, coding, limit)
}

async function decoded(octets: Uint8Array, coding: string, limit: number): Promise<Received> {
  const decode = Object.hasOwn(codings, coding) ? codings[coding] : undefined
  if (!decode) return { refused: 415 }
  try {
    return await decode(octets, { maxOutputLength: limit })
  } catch (error) {
    return { refused: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 413 : 400 }
  }
}
