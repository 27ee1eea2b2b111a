/** TLS servers that have to be somebody in particular: SGP.32 v1.2, 2.11.1.1.1, trustedPublicKeyDataTls. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { TlsTrust } from './ports.ts'

/** Devices with the same configuration share connections; whoever names ever new servers does not fill the memory. */
const MOST_POOLS = 100

export interface TlsDemand {
  /** PEM: the anchors, instead of those of the client. */
  readonly ca?: readonly string[]
  /** Who has the key is the server, whatever its certificate says and whoever signed it. */
  readonly publicKey?: KeyObject
}

/** What is made for each server that is named, of the latest. */
export function createTrusting<Pool>(make: (demand: TlsDemand) => Pool): (trust: TlsTrust) => Pool {
  const pools = new Map<string, Pool>()
  return (trust) => {
    const key = `${trust.kind} ${Buffer.from(trust.value).toString('latin1')}`
    const known = pools.get(key)
    if (known) return known
    const [oldest] = pools.size < MOST_POOLS ? [] : pools.keys()
    if (oldest !== undefined) pools.delete(oldest)
    const pool = make(demandOf(trust))
    pools.set(key, pool)
    return pool
  }
}

function demandOf({ kind, value }: TlsTrust): TlsDemand {
  if (kind === 'publicKey')
    return { publicKey: createPublicKey({ key: Buffer.from(value), format: 'der', type: 'spki' }) }
  const base64 = Buffer.from(value).toString('base64')
  return { ca: [`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`] }
}
