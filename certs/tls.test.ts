import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCertificate, verifyTlsCertificate } from '../protocol/crypto/index.ts'
import { certificateToPem, makePki, type Pki, toPem } from './index.ts'

let pki: Pki
beforeAll(async () => {
  pki = await makePki({ seed: new Uint8Array(32), now: Date.now() })
})

/** Node offers neither brainpool by default, nor TLS 1.3 with it. */
const curveOptions = {
  nist: {},
  brainpool: { ecdhCurve: 'brainpoolP256r1:P-256', maxVersion: 'TLSv1.2' },
} as const

describe.each(['nist', 'brainpool'] as const)('a TLS server with the certificates on %s', (curve) => {
  it.each(['dpTls', 'eimTls'] as const)('%s is trusted by who trusts the CI, under both of its names', async (name) => {
    for (const host of ['localhost', '127.0.0.1']) {
      const certificate = await handshake(host, certificateToPem(pki[curve].ci.certificate))
      expect(certificate).toEqual(Buffer.from(pki[curve][name].certificate))
    }

    async function handshake(host: string, ca: string): Promise<Uint8Array> {
      const server = createServer({ ...toPem(pki[curve][name]), ...curveOptions[curve] }, (socket) => socket.end('x'))
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const { port } = server.address() as AddressInfo
      const servername = host === 'localhost' ? { servername: host } : {}
      const options = { host: '127.0.0.1', port, ca, ...servername, ...curveOptions[curve] }
      try {
        const socket: TLSSocket = connect(options)
        await once(socket, 'secureConnect')
        expect(socket.authorized).toBe(true)
        const { raw } = socket.getPeerCertificate()
        socket.destroy()
        return raw
      } finally {
        server.close()
      }
    }
  })
  it('is refused by who trusts another CI', async () => {
    const other = await makePki({ seed: new Uint8Array(1), now: Date.now() })
    const server = createServer({ ...toPem(pki[curve].dpTls), ...curveOptions[curve] }, (socket) => socket.end())
    server.on('tlsClientError', () => {})
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const ca = certificateToPem(other[curve].ci.certificate)
    try {
      const failed = once(connect({ host: '127.0.0.1', port, ca, ...curveOptions[curve] }), 'secureConnect')
      await expect(failed).rejects.toThrow(/certificate|signature/)
    } finally {
      server.close()
    }
  })
  it('has a certificate that keeps the rules of SGP.22, too', () => {
    const trusted = [readCertificate(pki[curve].ci.certificate)]
    const certificate = readCertificate(pki[curve].dpTls.certificate)
    const answer = verifyTlsCertificate(certificate, { role: 'DPtls', host: 'localhost', trusted, at: Date.now() })
    expect(answer).toMatchObject({ ok: true })
  })
})
