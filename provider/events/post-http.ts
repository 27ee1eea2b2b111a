/** One POST to an address that somebody from outside has named. What the connection will really use is judged; redirects are not followed. */
import { lookup as resolve } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { SinkPolicy } from '../config.ts'
import { createPatience } from '../patience-http.ts'
import { isSpecial, sinkProblem } from './sink-address.ts'

export interface OutsidePost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly closing: AbortSignal
  /** How much of the answer is read, in octets; what is longer is no answer. Absent: nothing is. */
  readonly longestAnswer?: number
}

export type OutsideAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly why: string }
  | 'not-allowed'

/** The name resolves to an address where nothing may go. */
const notAllowed = 'EADDRESSNOTALLOWED'

export const postOutside = (policy: SinkPolicy, post: OutsidePost): Promise<OutsideAnswer> => {
  if (sinkProblem(post.url, policy)) return Promise.resolve('not-allowed')
  const url = new URL(post.url)
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((settle) => {
    const body = Buffer.from(post.text, 'utf8')
    const patience = createPatience(post.closing, policy.timeoutMs)
    const options = {
      method: 'POST',
      headers: { ...post.headers, 'content-length': body.length },
      lookup: policy.allowPrivateAddresses ? resolve : publicOnly,
      signal: patience.signal,
      agent: false,
    }
    const fail = (error: NodeJS.ErrnoException) =>
      settle(error.code === notAllowed ? 'not-allowed' : { kind: 'failed', why: error.code ?? error.message })
    try {
      const request = send(url, options, (response) => {
        response.on('error', fail)
        read(response, post.longestAnswer ?? 0, settle)
      })
      request.on('error', fail)
      request.on('close', patience.end)
      request.end(body)
    } catch (error) {
      // Node looks at header fields before anything is sent.
      patience.end()
      fail(error as NodeJS.ErrnoException)
    }
  })
}

const read = (response: IncomingMessage, longest: number, settle: (answer: OutsideAnswer) => void): void => {
  const status = response.statusCode ?? 0
  if (longest === 0) {
    settle({ kind: 'answered', status, text: '' })
    response.destroy()
    return
  }
  const chunks: Buffer[] = []
  let length = 0
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > longest) response.destroy(new Error('the answer is too long'))
  })
  response.on('end', () => settle({ kind: 'answered', status, text: Buffer.concat(chunks).toString('utf8') }))
}

/** A name cannot change its address between the check and the use. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '')
    const [first] = addresses
    if (!first || addresses.some(({ address }) => isSpecial(address)))
      return callback(Object.assign(new Error(`${hostname} is not public`), { code: notAllowed }), '')
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}
