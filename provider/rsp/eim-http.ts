/** The eIM's northbound REST (docs/eim-northbound.md) as an RSP platform. */
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { createPatience } from '../patience-http.ts'
import { createFetch, type TlsSettings } from './fetch-http.ts'
import {
  type Change,
  type Euicc,
  type Package,
  type PackageOrder,
  PlatformUnavailable,
  type Profile,
  type RspPlatform,
} from './platform.ts'

const requestTimeoutMs = 10_000
/** The eIM writes a comment line every 15 s; a connection that is silent for longer is dead. */
const silenceMs = 40_000

type Method = 'GET' | 'POST' | 'DELETE'
interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Whether a status is an answer; any other means that the platform is not well. */
  readonly expect: (status: number) => boolean
}

interface EimSettings extends TlsSettings {
  /** The door, without the base path. */
  readonly url: string
}

/** `closing` breaks off whatever is under way. */
export const createEimPlatform = ({ url, ...tls }: EimSettings, closing: AbortSignal): RspPlatform => {
  const fetch = createFetch(tls)
  const base = `${url.replace(/\/$/, '')}/eim/v1`
  let lastEventId: string | undefined

  const ask = async (method: Method, path: string, { body, headers, expect }: Sent) => {
    const what = `${method} ${path}`
    const patience = createPatience(closing, requestTimeoutMs)
    try {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { accept: 'application/json', ...(body !== undefined && json), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: patience.signal,
      }).catch(unavailable(what))
      const value: unknown = await answer.json().catch(unavailable(`${what}: ${answer.status} without JSON`))
      if (expect(answer.status)) return { status: answer.status, value }
      throw new PlatformUnavailable(`${what}: ${answer.status} ${detailOf(value)}`)
    } finally {
      patience.end()
    }
  }

  const read = async <T>(path: string): Promise<T | undefined> => {
    const { status, value } = await ask('GET', path, { expect: oneOf(200, 404) })
    return status === 200 ? (value as T) : undefined
  }

  const packageAt = (packageId: string) => read<Package>(`/packages/${encodeURIComponent(packageId)}`)

  return {
    async ready() {
      await read(`/euiccs/${nobody}`)
    },
    euicc: (eid) => read<Euicc>(`/euiccs/${eid}`),
    profile: (iccid) => read<Profile & { eid: string }>(`/profiles/${iccid}`),
    package: packageAt,
    async submit(eid: string, order: PackageOrder, key: string) {
      const { status, value } = await ask('POST', `/euiccs/${eid}/packages`, {
        body: order,
        headers: { 'idempotency-key': key },
        expect: isDefinite,
      })
      if (status < 300) return { kind: 'package', package: value as Package }
      return { kind: 'refused', detail: detailOf(value) }
    },
    async withdraw(packageId) {
      const path = `/packages/${encodeURIComponent(packageId)}`
      const { status, value } = await ask('DELETE', path, { expect: oneOf(200, 404, 409) })
      return status === 200 ? (value as Package) : packageAt(packageId)
    },
    async *changes(): AsyncGenerator<Change> {
      const patience = createPatience(closing, silenceMs)
      try {
        const answer = await fetch(`${base}/events`, {
          headers: { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
          signal: patience.signal,
        }).catch(unavailable('GET /events'))
        if (answer.status !== 200 || !answer.body) throw new PlatformUnavailable(`GET /events: ${answer.status}`)
        yield { kind: 'connected' }
        // The signal again: fetch forgets it once the answer has begun and garbage has been collected.
        const events = answer.body
          .pipeThrough(
            heard(() => patience.lasts(silenceMs)),
            { signal: patience.signal },
          )
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new EventSourceParserStream())
        for await (const { id, event, data } of events) {
          lastEventId = id ?? lastEventId
          if (event === 'package') yield { kind: 'package', package: JSON.parse(data) as Package }
        }
      } finally {
        patience.end()
      }
    },
  }
}

/** An EID that no eUICC has: whatever is said of it, somebody is there. */
const nobody = '0'.repeat(32)

const json = { 'content-type': 'application/json' }

/** Octets pass through; each time somebody is told. */
const heard = (tell: () => void): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform(octets, controller) {
      tell()
      controller.enqueue(octets)
    },
  })

const oneOf =
  (...statuses: readonly number[]) =>
  (status: number): boolean =>
    statuses.includes(status)

/** The package is there, or it certainly is not. 408, 425 and 429 only mean "not now". */
const isDefinite = (status: number): boolean =>
  (status >= 200 && status < 300) || (status >= 400 && status < 500 && !oneOf(408, 425, 429)(status))

const unavailable =
  (what: string) =>
  (cause: unknown): never => {
    throw new PlatformUnavailable(what, { cause })
  }

/** RFC 9457 */
const detailOf = (problem: unknown): string => {
  const { title, detail } = Object(problem) as { title?: unknown; detail?: unknown }
  return String(detail ?? title ?? 'no reason given')
}
