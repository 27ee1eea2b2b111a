/** The layers of faults around the doors of the servers. */
import { type Pki, toPem } from '../../certs/index.ts'
import { type DoorName, type Faults, faultyServer, type Senders } from '../faults/index.ts'
import type { HttpHandler, Listener, ListenOptions, Time } from '../ports/index.ts'

export interface Doors {
  at(door: DoorName): Required<Pick<ListenOptions, 'door'>> & { around(handle: HttpHandler): HttpHandler }
  /** Who is inside has to leave when a door changes. */
  are(listeners: Readonly<Record<DoorName, Listener>>): void
}

interface DoorsOptions {
  readonly faults: Faults
  readonly senders: Senders
  readonly time: Time
  readonly pki: Pki
}

export function createDoors({ faults, senders, time, pki }: DoorsOptions): Doors {
  return {
    at: (door) => ({
      around: (handle) => faultyServer(handle, { faults, senders, delay: time.delay, door }),
      door() {
        const state = faults.doorState(door)
        return state === 'wrong-certificate' ? toPem(pki.nist.eum) : state
      },
    }),
    are(listeners) {
      faults.onDoor((door) => listeners[door].hangUp())
    },
  }
}
