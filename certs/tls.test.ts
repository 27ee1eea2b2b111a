import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { connect, createSecureContext, createServer, type Server, TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { certificateToPem, type Identity, makePki, type Pki, toPem } from './index.ts'

let pki: Pki
beforeAll(async () => {
  pki = await makePki({ seed: new Uint8Array(32), now: Date.now() })
})

let server: Server
afterEach(() => server.close())

async function serve(identity: Identity, options: object = {}): Promise<number> {
  server = createServer({ ...toPem(identity), ...options }, (socket) => socket.end())
  server.on('tlsClientError', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

describe.each(['dpTls', 'eimTls'] as const)('a TLS server with the certificate %s', (name) => {
  it.each(['localhost', '127.0.0.1'])('is trusted as %s by who trusts the CI', async (host) => {
    const port = await serve(pki.nist[name])
    const ca = certificateToPem(pki.nist.ci.certificate)
    const servername = host === 'localhost' ? { servername: host } : {}
    const socket = connect({ host: '127.0.0.1', port, ca, ...servername })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })
  it('is refused by who trusts another CI', async () => {
    const other = await makePki({ seed: new Uint8Array(1), now: Date.now() })
    const port = await serve(pki.nist[name])
    const socket = connect({ host: '127.0.0.1', port, ca: certificateToPem(other.nist.ci.certificate) })
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/certificate|signature/)
  })
  // Without `connect`, which reads the certificate in a way that crashes Node 24 (X509Certificate.toLegacyObject of a brainpool key).
  it('can serve the one on brainpool, too', async () => {
    const curve = { ecdhCurve: 'brainpoolP256r1:P-256', maxVersion: 'TLSv1.2' } as const
    const port = await serve(pki.brainpool[name], curve)
    const tcp = connectTcp(port, '127.0.0.1')
    const socket = new TLSSocket(tcp, { secureContext: createSecureContext(curve), isServer: false })
    socket.write('starts the handshake')
    await once(socket, 'secure')
    expect(socket.getPeerX509Certificate()?.raw).toEqual(Buffer.from(pki.brainpool[name].certificate))
    socket.destroy()
  })
})
