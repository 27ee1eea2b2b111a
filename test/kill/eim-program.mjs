// An eIM as a process of its own. Its only argument is a file with EimProgram of roles.ts.
import { readFileSync } from 'node:fs'
import { certs, eim, ports } from '../../dist/emulator/index.js'
import { openEmbeddedDatabase } from '../../dist/provider/store/store-pglite.js'
import { openServedDatabase } from '../../dist/provider/store/store-postgres.js'

const { seed, now, eimId, fqdn, esipaPort, northboundPort, storage } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
)
const { nist } = await certs.makePki({ seed: new TextEncoder().encode(seed), now })
const database =
  storage.kind === 'postgres'
    ? openServedDatabase({ url: storage.url, leaseMs: 1500 })
    : await openEmbeddedDatabase(storage.folder)
const es9plus = ports.createHttpClient({ ca: [certs.certificateToPem(nist.ci.certificate)] })
const server = eim.createEim({
  eimId,
  fqdn,
  signing: nist.eimSigning,
  tls: { ...certs.toPem(nist.eimTls), trusted: nist.ci.certificate },
  trustedCis: [nist.ci.certificate],
  clock: { now: Date.now },
  random: { octets: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  trace: { record: () => {} },
  es9plus,
  kept: await eim.openDatabaseStore(database),
  settings: { retryAfterMs: 100 },
})
const host = '127.0.0.1'
await server.listenEsipa({ host, port: esipaPort })
await server.listenNorthbound({ host, port: northboundPort })
process.stdout.write(`http://${host}:${northboundPort}\n`)
