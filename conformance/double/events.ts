/** Delivery of one event: until the sink takes it, with growing intervals. */
import { randomUUID } from 'node:crypto'
import { systemClock } from '../runner/clock-system.ts'
import { createHttpClient } from '../runner/http.ts'

export type SinkCredential = Readonly<Record<string, string>> & { readonly credentialType: string }

/** Long enough for a sink whose process shares a busy machine. */
const PATIENCE_MS = 5000
const send = createHttpClient({ clock: systemClock, timeoutMs: PATIENCE_MS })
const FIRST_INTERVAL_MS = 30
const MOST_ATTEMPTS = 8

export interface EventOptions {
  readonly sink: string
  readonly credential: SinkCredential | undefined
  readonly type: string
  readonly data: { readonly result: { readonly completedAt: string } }
  /** False when the provider has stopped. */
  readonly running: () => boolean
}

export async function deliver({ sink, credential, type, data, running }: EventOptions): Promise<void> {
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    source: 'urn:example:provider',
    type,
    time: data.result.completedAt,
    datacontenttype: 'application/json',
    data,
  }
  const headers = { 'content-type': 'application/cloudevents+json', ...authorization(credential) }
  for (let attempt = 0; attempt < MOST_ATTEMPTS && running(); attempt++) {
    const status = await statusOf(sink, headers, JSON.stringify(event))
    if ((status >= 200 && status < 300) || status === 410) return
    await systemClock.sleep(FIRST_INTERVAL_MS * 2 ** attempt)
  }
}

const statusOf = (url: string, headers: Record<string, string>, body: string): Promise<number> =>
  send({ method: 'POST', url, headers, body }).then(
    ({ response }) => response.status,
    () => 0,
  )

function authorization(credential: SinkCredential | undefined): Record<string, string> {
  if (credential === undefined) return {}
  if (credential.credentialType !== 'PLAIN') return { authorization: `Bearer ${credential['accessToken']}` }
  const pair = Buffer.from(`${credential['identifier']}:${credential['secret']}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}
