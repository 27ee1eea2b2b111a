/** REST of onomondo-eim (doc/rest_api.md there, docs/eim-onomondo.md here), as a client: resources are made, looked up, listed and deleted. */
import { createPatience } from '../patience-http.ts'
import { createFetch, type TlsSettings } from './fetch-http.ts'
import { PlatformUnavailable } from './platform.ts'

export type Facility = 'psmo' | 'download'

/** What an eIM of this dialect is sent. */
export interface Sent {
  readonly eidValue: string
  readonly order: unknown
}

export interface Resource {
  readonly status: 'new' | 'work' | 'done'
  readonly resource: Sent
  readonly outcome: readonly unknown[]
}

export type Created =
  | { readonly kind: 'created'; readonly resourceId: string }
  | { readonly kind: 'refused'; readonly detail: string }

/** Every function throws PlatformUnavailable when the eIM does not answer, or answers what it should not. */
export interface OnomondoClient {
  create(facility: Facility, sent: Sent): Promise<Created>
  /** undefined: there is none. */
  lookUp(facility: Facility, resourceId: string): Promise<Resource | undefined>
  delete(facility: Facility, resourceId: string): Promise<void>
  list(facility: Facility): Promise<readonly string[]>
  ready(): Promise<void>
}

const requestTimeoutMs = 10_000

/** `closing` breaks off whatever is under way. */
export const createOnomondoClient = (
  { url, ...tls }: TlsSettings & { readonly url: string },
  closing: AbortSignal,
): OnomondoClient => {
  const fetch = createFetch(tls, 'manual')
  const base = url.replace(/\/$/, '')

  const ask = async (path: string, body?: unknown) => {
    const patience = createPatience(closing, requestTimeoutMs)
    try {
      const answer = await fetch(`${base}${path}`, {
        headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        signal: patience.signal,
      })
      return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
    } catch (cause) {
      throw new PlatformUnavailable(path, { cause })
    } finally {
      patience.end()
    }
  }

  const read = async (path: string): Promise<Record<string, unknown>> => {
    const { status, text } = await ask(path)
    if (status !== 200) throw new PlatformUnavailable(`GET ${path}: ${status}`)
    try {
      return Object(JSON.parse(text))
    } catch (cause) {
      throw new PlatformUnavailable(`GET ${path}: no JSON`, { cause })
    }
  }

  return {
    async create(facility, sent) {
      const { status, location } = await ask(`/${facility}/create`, sent)
      const resourceId = location?.split('/').filter(Boolean).at(-1)
      if (status >= 300 && status < 400 && resourceId)
        return { kind: 'created', resourceId: decodeURIComponent(resourceId) }
      if (isRefusal(status)) return { kind: 'refused', detail: `The eIM does not take the order (${status}).` }
      throw new PlatformUnavailable(`POST /${facility}/create: ${status}`)
    },
    async lookUp(facility, resourceId) {
      const path = `/${facility}/lookup/${encodeURIComponent(resourceId)}`
      const { status, resource, outcome } = await read(path)
      if (status === 'absent') return undefined
      if (status !== 'new' && status !== 'work' && status !== 'done')
        throw new PlatformUnavailable(`GET ${path}: status ${String(status)}`)
      return { status, resource: Object(resource) as Sent, outcome: Array.isArray(outcome) ? outcome : [] }
    },
    async delete(facility, resourceId) {
      await read(`/${facility}/delete/${encodeURIComponent(resourceId)}`)
    },
    async list(facility) {
      const { resourceIdList } = await read(`/${facility}/list`)
      return Array.isArray(resourceIdList) ? resourceIdList.map(String) : []
    },
    async ready() {
      await read('/')
    },
  }
}

/** 408, 425 and 429 only mean "not now". */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![408, 425, 429].includes(status)
