/**
 * The door behind which the IPAs of all devices listen: `/<EID>` and then the paths of TransferEimPackage. eimInjectHttps says that it is HTTPS (SGP.32 v1.2,
 * 2.11.1.1.1). Unverified: whose certificate an IPA has; here it is one below the CI for the name of the host.
 */
import { type Listener, type ListenOptions, listen } from '../ports/index.ts'
import type { Pool } from './device/pool.ts'

export interface InjectDoorOptions {
  readonly host: string
  readonly port: number
  /** Absent: plain HTTP. */
  readonly tls?: ListenOptions['tls'] | undefined
  readonly pool: Pick<Pool, 'find'>
}

const nothing = { headers: {}, body: new Uint8Array() }

/** A device without connectivity resets the connection. */
export const openInjectDoor = ({ host, port, tls, pool }: InjectDoorOptions): Promise<Listener> =>
  listen({
    host,
    port,
    ...(tls && { tls }),
    async handle(message) {
      const [, eid = '', path = ''] = /^\/(\d{32})(\/.*)$/.exec(message.path) ?? []
      const device = pool.find(eid)
      if (!device) return { status: 404, ...nothing }
      if (!device.view().reachable) return { status: 503, ...nothing, cutAfter: 0 }
      return device.ipa.handleInject({ ...message, path })
    },
  })
