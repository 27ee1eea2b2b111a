/** Whom an IPA takes for its eIM: trustedPublicKeyDataTls of the eIM's configuration on the card, over real TLS. SGP.32 v1.2, 2.11.1.1.1. */
import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makePki } from '../certs/index.ts'
import type { Answer } from './testing/ask-http.ts'
import { type Json, type Laboratory, openLaboratory } from './testing/laboratory.ts'

let laboratory: Laboratory
let server: X509Certificate
beforeAll(async () => {
  laboratory = await openLaboratory()
  server = await certificateAt(laboratory.host('esipa'))
})
afterAll(() => laboratory.close())
afterEach(() => laboratory.tidy())

const certificateAt = (host: string) =>
  new Promise<X509Certificate>((resolve, reject) => {
    const [name, port] = host.split(':')
    const socket = connect({ host: name, port: Number(port), rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate()
      socket.destroy()
      if (certificate) resolve(certificate)
    }).once('error', reject)
  })

const keyOf = ({ publicKey }: X509Certificate) => publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

/** What the card is told of its own eIM from now on. The rest stays. */
async function tell(eid: string, trustedPublicKeyDataTls: object) {
  const { result } = await laboratory.run(eid, { eco: [{ listEim: {} }] })
  const [{ eimId }] = (result as Answer['body']).results[0].eims
  return laboratory.run(eid, { eco: [{ updateEim: { eimId, trustedPublicKeyDataTls } }] })
}

const list = { psmo: [{ listProfileInfo: {} }] }
const done = { state: 'done', result: { verified: true } }

test('the certificate of the server, and its key alone, are as good as the CA above it', async () => {
  const eid = await laboratory.device()
  expect(await laboratory.run(eid, list)).toMatchObject(done)
  await tell(eid, { trustedCertificateTls: server.raw.toString('base64') })
  expect(await laboratory.run(eid, list)).toMatchObject(done)
  await tell(eid, { trustedEimPkTls: keyOf(server) })
  expect(await laboratory.run(eid, list)).toMatchObject(done)
})

test.each(['trustedCertificateTls', 'trustedEimPkTls'])(
  'an eIM that is not the one of %s is not asked, although it is below a CI of the card',
  async (kind) => {
    const { nist } = await makePki({ seed: new TextEncoder().encode('test/tls-trust'), now: Date.now() })
    const other = new X509Certificate(nist.eimTls.certificate)
    const eid = await laboratory.device()
    const value = kind === 'trustedEimPkTls' ? keyOf(other) : other.raw.toString('base64')
    expect(await tell(eid, { [kind]: value })).toMatchObject({ state: 'done' })
    // The polling cycle that brought it goes on as it began.
    await laboratory.settle()
    const { body } = await laboratory.northbound('POST', `/euiccs/${eid}/packages`, list)
    for (let times = 0; times < 3; times++) await laboratory.settle()
    expect((await laboratory.northbound('GET', `/packages/${body.packageId}`)).body.state).toBe('queued')
    const failed = (await laboratory.trace(eid)).filter((one: Json) => one['from'] === 'eIM' && one['status'])
    expect(failed.at(-1).status).toMatch(kind === 'trustedEimPkTls' ? /not the key/ : /unable to|self.signed/)
  },
)
