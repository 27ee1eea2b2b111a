/** The door behind which the IPAs of all devices listen: `/<EID>` and then the paths of TransferEimPackage. Deviation: without TLS, for which an IPA has no certificate. */
import { type Listener, listen } from '../ports/index.ts'
import type { Pool } from './pool.ts'

export interface InjectDoorOptions {
  readonly host: string
  readonly port: number
  readonly pool: Pick<Pool, 'find'>
}

const nothing = { headers: {}, body: new Uint8Array() }

/** A device without connectivity resets the connection. */
export const openInjectDoor = ({ host, port, pool }: InjectDoorOptions): Promise<Listener> =>
  listen({
    host,
    port,
    async handle(message) {
      const [, eid = '', path = ''] = /^\/(\d{32})(\/.*)$/.exec(message.path) ?? []
      const device = pool.find(eid)
      if (!device) return { status: 404, ...nothing }
      if (!device.view().reachable) return { status: 503, ...nothing, cutAfter: 0 }
      return device.ipa.handleInject({ ...message, path })
    },
  })
