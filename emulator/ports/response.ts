/** Responses of HTTP/1.1 out of a stream of octets: RFC 9112. Throws for what is none. */
import type { HttpAnswer } from './ports.ts'

type State = 'head' | 'octets' | 'size' | 'chunk' | 'chunk end' | 'trailers' | 'until the end' | 'whole'

interface Head extends Pick<HttpAnswer, 'status' | 'headers'> {
  /** The server takes no further request on this connection. */
  readonly isLast: boolean
}

/** One response as far as it has come. */
export interface Reading {
  /** Of the request. */
  readonly method: string
  state: State
  /** What has come and is not read yet; of a whole response, what came behind it. */
  left: Buffer
  head: Head | undefined
  readonly body: Buffer[]
  /** Octets that are still to come, of the body or of a chunk. */
  wanted: number
}

const NOTHING = Buffer.alloc(0)

export const startReading = (method: string): Reading => ({
  ...{ method, state: 'head', left: NOTHING, head: undefined, body: [], wanted: 0 },
})

/** Reads on. The response once it is whole. */
export function readOn(reading: Reading, part: Buffer): (HttpAnswer & Head) | undefined {
  reading.left = reading.left.length > 0 ? Buffer.concat([reading.left, part]) : part
  while (steps[reading.state](reading));
  return reading.state === 'whole' ? answerOf(reading) : undefined
}

/** The connection has ended, which is the end of a response without a length. */
export const readEnd = (reading: Reading): (HttpAnswer & Head) | undefined =>
  reading.state === 'until the end' ? answerOf(reading) : undefined

function answerOf({ head, body }: Reading): HttpAnswer & Head {
  if (!head) throw new Error('a response without a head is whole')
  const [first = NOTHING] = body
  return { ...head, body: body.length > 1 ? Buffer.concat(body) : first }
}

/** By state: reads what it can. False: more has to come first, or nothing. */
const steps: Readonly<Record<State, (reading: Reading) => boolean>> = {
  head(reading) {
    const text = take(reading, '\r\n\r\n')
    if (text === undefined) return false
    const head = readHead(text)
    if (head.status < 200) return true
    reading.head = head
    startBody(reading, head)
    return true
  },
  octets: (reading) => readOctets(reading, 'whole'),
  size(reading) {
    const line = take(reading, '\r\n')
    if (line === undefined) return false
    const [, size] = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line) ?? []
    if (size === undefined) throw new Error('The answer is no HTTP: a chunk without a size')
    reading.wanted = Number.parseInt(size, 16)
    reading.state = reading.wanted > 0 ? 'chunk' : 'trailers'
    return true
  },
  chunk: (reading) => readOctets(reading, 'chunk end'),
  'chunk end'(reading) {
    const line = take(reading, '\r\n')
    if (line) throw new Error('The answer is no HTTP: a chunk that is longer than its size')
    if (line === '') reading.state = 'size'
    return line === ''
  },
  trailers(reading) {
    const line = take(reading, '\r\n')
    if (line === '') reading.state = 'whole'
    return line !== undefined
  },
  'until the end'(reading) {
    if (reading.left.length > 0) reading.body.push(reading.left)
    reading.left = NOTHING
    return false
  },
  whole: () => false,
}

const LONGEST_HEAD = 65_536

/** Text up to a mark, which is read, too. */
function take(reading: Reading, mark: string): string | undefined {
  const { left } = reading
  const end = left.indexOf(mark, 0, 'latin1')
  if (end < 0 && left.length > LONGEST_HEAD) throw new Error('The answer is no HTTP: a head without an end')
  if (end < 0) return undefined
  reading.left = left.subarray(end + mark.length)
  return left.toString('latin1', 0, end)
}

function readOctets(reading: Reading, behind: State): boolean {
  const { left, wanted } = reading
  const octets = left.length > wanted ? left.subarray(0, wanted) : left
  if (octets.length > 0) reading.body.push(octets)
  reading.left = left.subarray(octets.length)
  reading.wanted = wanted - octets.length
  if (reading.wanted === 0) reading.state = behind
  return reading.wanted === 0
}

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, status] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/.exec(first) ?? []
  if (status === undefined || status === '101') throw new Error('The answer is no HTTP: it has no status')
  const headers: Record<string, string> = {}
  for (const line of lines) readField(line, headers)
  const isLast = minor === '0' || /\bclose\b/i.test(headers['connection'] ?? '')
  return { status: Number(status), headers, isLast }
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Of these there is one; of others, several are a list: RFC 9110, 5.3. */
const single: ReadonlySet<string> = new Set([
  ...['content-type', 'content-length', 'etag', 'expires', 'last-modified', 'location', 'retry-after', 'server'],
])

function readField(line: string, headers: Record<string, string>): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(0, colon)).toLowerCase()
  if (!token.test(name)) throw new Error('The answer is no HTTP: a header field without a name')
  const value = line.slice(colon + 1).trim()
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined
  if (before === undefined) headers[name] = value
  else if (name === 'content-length' && value !== before) throw new Error('The answer is no HTTP: it has two lengths')
  else if (!single.has(name)) headers[name] = `${before}, ${value}`
}

/** Message body length: RFC 9112, 6.3. */
function startBody(reading: Reading, { status, headers }: Head): void {
  const { 'transfer-encoding': coding, 'content-length': length } = headers
  if (reading.method === 'HEAD' || status === 204 || status === 304) reading.state = 'whole'
  else if (coding !== undefined && length !== undefined)
    throw new Error('The answer is no HTTP: it has a length and chunks')
  else if (coding !== undefined) reading.state = /\bchunked$/i.test(coding) ? 'size' : 'until the end'
  else if (length === undefined) reading.state = 'until the end'
  else if (!/^\d{1,15}$/.test(length)) throw new Error('The answer is no HTTP: a length that is none')
  else [reading.state, reading.wanted] = ['octets', Number(length)]
}
