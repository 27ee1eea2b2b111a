/** ES9+'.HandleNotification: SGP.22 v2.5, 5.6.4, JSON binding. The trace shows what became of each attempt. */
import type { HttpClient, Trace } from '../ports/index.ts'

export interface ForwardOptions {
  readonly http: HttpClient
  readonly trace: Trace | undefined
  /** Between attempts. Absent: there is one. */
  readonly delay?: ((ms: number) => Promise<void>) | undefined
}

export interface Forwarded {
  readonly eid: string
  /** Of the SM-DP+, as the notification says. */
  readonly address: string
  /** DER. */
  readonly pendingNotification: Uint8Array
}

/** Before it is tried again with a server that is away. */
const WAITS_MS = [1_000, 5_000, 30_000, 300_000]

/** The eUICC has forgotten it by now: nobody else has it. */
export async function forwardNotification(forwarded: Forwarded, options: ForwardOptions): Promise<void> {
  for (const wait of WAITS_MS) {
    if ((await attempt(forwarded, options)) || !options.delay) return
    await options.delay(wait)
  }
  await attempt(forwarded, options)
}

/** Whether it has arrived, taken or not. */
async function attempt(
  { eid, address, pendingNotification }: Forwarded,
  { http, trace }: ForwardOptions,
): Promise<boolean> {
  const json = { pendingNotification: Buffer.from(pendingNotification).toString('base64') }
  const hop = { eid, interface: 'ES9+', operation: 'HandleNotification' } as const
  trace?.record({ ...hop, from: 'eIM', to: 'SM-DP+', octets: pendingNotification, json })
  const answered = await http(`https://${address}/gsma/rsp2/es9plus/handleNotification`, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=UTF-8', 'x-admin-protocol': 'gsma/rsp/v2.5.0' },
    body: new TextEncoder().encode(JSON.stringify(json)),
  }).then(
    ({ status }) => ({ status: `${status}`, arrived: status < 500 }),
    (error: Error) => ({ status: error.message, arrived: false }),
  )
  trace?.record({ ...hop, from: 'SM-DP+', to: 'eIM', status: answered.status })
  return answered.arrived
}
