import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { createSecureContext } from 'node:tls'
import { collect, toHeaders } from './message-http.ts'
import type { HttpClient, Time, TlsTrust } from './ports.ts'
import { createTrustingAgents } from './trust-tls.ts'

export interface HttpClientOptions {
  /** PEM of the trust anchors of TLS servers; default: those of Node. */
  readonly ca?: readonly string[]
  /** Laboratory switch: accept any TLS certificate. */
  readonly insecure?: boolean
  /** PEM: shown to servers that ask for one. */
  readonly identity?: { readonly cert: string; readonly key: string }
  readonly timeoutMs?: number
  /** The time-out by a clock that is not the machine's. */
  readonly after?: Time['after']
}

/** Without brainpool: a certificate on that curve crashes Node 24.21 as a TLS client, so the handshake must end before it arrives. */
const SIGNATURE_ALGORITHMS = 'ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256'

/** An HTTP client with keep-alive that trusts the given anchors only. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeoutMs = 30_000, after } = options
  const plain = new HttpAgent({ keepAlive: true })
  let secure: HttpsAgent | undefined
  const trusting = createTrustingAgents((ca) => createSecureAgent({ ...options, ...(ca && { ca }) }))
  const secureAgent = (trust: TlsTrust | undefined) => {
    if (trust && !options.insecure) return trusting(trust)
    secure ??= createSecureAgent(options)
    return secure
  }
  return (url, { method, headers, body, trust }) =>
    new Promise((resolve, reject) => {
      const target = new URL(url)
      const isPlain = target.protocol === 'http:'
      const asked = { method, headers: { ...headers, 'content-length': body.length }, timeout: timeoutMs }
      const request = isPlain
        ? httpRequest(target, { ...asked, agent: plain })
        : httpsRequest(target, { ...asked, agent: secureAgent(trust) })
      request.once('response', (answer) => {
        const { statusCode: status = 0 } = answer
        collect(answer).then((octets) => resolve({ status, headers: toHeaders(answer.headers), body: octets }), reject)
      })
      const giveUp = () => void request.destroy(new Error(`No answer from ${target.host} within ${timeoutMs} ms`))
      const inTime = after?.(timeoutMs, giveUp)
      request.once('timeout', giveUp).once('error', reject)
      if (inTime) request.once('close', inTime)
      request.end(body)
    })
}

/** One context for all its connections: the anchors are read once. */
function createSecureAgent({ ca, insecure = false, identity }: HttpClientOptions): HttpsAgent {
  // An anchor may stand anywhere in a chain: eIM configuration names the certificate of the server itself, or one above it.
  const trust = { allowPartialTrustChain: true, ...(ca ? { ca: [...ca] } : {}) }
  const secureContext = createSecureContext({ sigalgs: SIGNATURE_ALGORITHMS, ...trust, ...identity })
  return new HttpsAgent({ keepAlive: true, rejectUnauthorized: !insecure, secureContext })
}
