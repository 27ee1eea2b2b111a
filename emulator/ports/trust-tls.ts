/** Agents for TLS servers that have to be somebody in particular: SGP.32 v1.2, 2.11.1.1.1, trustedPublicKeyDataTls. */
import { createPublicKey } from 'node:crypto'
import type { Agent } from 'node:https'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { TlsTrust } from './ports.ts'

/** Devices with the same configuration share connections; whoever names ever new servers does not fill the memory. */
const MOST_AGENTS = 100

/** Makes an agent that trusts these anchors (PEM), or those of its client. */
type MakeAgent = (ca?: readonly string[]) => Agent

export function createTrustingAgents(make: MakeAgent): (trust: TlsTrust) => Agent {
  const agents = new Map<string, Agent>()
  return (trust) => {
    const key = `${trust.kind} ${Buffer.from(trust.value).toString('latin1')}`
    const known = agents.get(key)
    if (known) return known
    const [oldest] = agents.size < MOST_AGENTS ? [] : agents.keys()
    if (oldest !== undefined) agents.delete(oldest)
    const agent = trust.kind === 'certificate' ? below(trust.value, make) : pinned(trust.value, make)
    agents.set(key, agent)
    return agent
  }
}

function below(certificate: Uint8Array, make: MakeAgent): Agent {
  const base64 = Buffer.from(certificate).toString('base64')
  return make([`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`])
}

/** Who has the key is the server, whatever its certificate says and whoever signed it. Nothing is sent before that is known. */
function pinned(publicKey: Uint8Array, make: MakeAgent): Agent {
  const trusted = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const connectPinned = (connection: ConnectionOptions, done: (error: Error | null, socket?: TLSSocket) => void) => {
    const socket = connect({ ...connection, rejectUnauthorized: false })
    socket.once('error', done).once('secureConnect', () => {
      socket.off('error', done)
      if (socket.getPeerX509Certificate()?.publicKey.equals(trusted)) return done(null, socket)
      socket.destroy()
      done(new Error('The server has not the key that is trusted.'))
    })
  }
  return Object.assign(make(), { createConnection: connectPinned })
}
