/** ES9+'.HandleNotification: SGP.22 v2.5, 5.6.4, JSON binding. One attempt; the trace shows what became of it. */
import type { HttpClient, Trace } from '../ports/index.ts'

export interface ForwardOptions {
  readonly http: HttpClient
  readonly trace: Trace
}

export interface Forwarded {
  readonly eid: string
  /** Of the SM-DP+, as the notification says. */
  readonly address: string
  /** DER. */
  readonly pendingNotification: Uint8Array
}

export async function forwardNotification(
  { eid, address, pendingNotification }: Forwarded,
  { http, trace }: ForwardOptions,
): Promise<void> {
  const json = { pendingNotification: Buffer.from(pendingNotification).toString('base64') }
  const hop = { eid, interface: 'ES9+', operation: 'HandleNotification' } as const
  trace.record({ ...hop, from: 'eIM', to: 'SM-DP+', octets: pendingNotification, json })
  const status = await http(`https://${address}/gsma/rsp2/es9plus/handleNotification`, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=UTF-8', 'x-admin-protocol': 'gsma/rsp/v2.5.0' },
    body: new TextEncoder().encode(JSON.stringify(json)),
  }).then(
    (answer) => `${answer.status}`,
    (error: Error) => error.message,
  )
  trace.record({ ...hop, from: 'SM-DP+', to: 'eIM', status })
}
