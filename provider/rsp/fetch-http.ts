/** `fetch` over TLS that trusts certificates of its own and can show one, which the built-in one has no member for. Redirects are not followed. */
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { Readable } from 'node:stream'

/** PEM. */
export interface TlsSettings {
  /** Trusted instead of those of the machine. */
  readonly ca?: string
  /** What is shown to a server that asks for a certificate, and its key. */
  readonly certificate?: string
  readonly key?: string
}

/** As node:tls names them. */
export const tlsOptions = ({ ca, certificate, key }: TlsSettings): Pick<RequestOptions, 'ca' | 'cert' | 'key'> => ({
  ...(ca !== undefined && { ca }),
  ...(certificate !== undefined && { cert: certificate }),
  ...(key !== undefined && { key }),
})

interface Sent {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

type Fetch = (url: string, sent: Sent) => Promise<Response>

/** `redirect`: whether one is an error, or an answer like any other. */
export const createFetch = (settings: TlsSettings, redirect: 'error' | 'manual' = 'error'): Fetch => {
  const tls = tlsOptions(settings)
  if (Object.keys(tls).length === 0) return (url, sent) => fetch(url, { ...sent, redirect })
  return (url, { body, ...options }) =>
    new Promise((resolve, reject) => {
      const request = httpsRequest(url, { ...options, ...tls, agent: false }, (answer) => {
        const { statusCode = 0, headers } = answer
        const location = headers.location === undefined ? {} : { location: headers.location }
        if (redirect === 'error' && statusCode >= 300 && statusCode < 400) {
          request.destroy(new Error(`redirected by ${statusCode}`))
          return
        }
        resolve(new Response(Readable.toWeb(answer) as ReadableStream, { status: statusCode, headers: location }))
      })
      request.once('error', reject)
      request.end(body)
    })
}
