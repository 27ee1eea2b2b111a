// An eIM as a process of its own. Its only argument is a file with EimProgram of roles.ts.
import { readFileSync } from 'node:fs'
import { certificateToPem, makePki, toPem } from '../../dist/certs/index.js'
import { createEim, openDatabaseStore } from '../../dist/emulator/eim/index.js'
import { createHttpClient } from '../../dist/emulator/ports/index.js'

const { seed, now, eimId, fqdn, esipaPort, northboundPort, storage } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
)
const { nist } = await makePki({ seed: new TextEncoder().encode(seed), now })
// A killed instance holds its turn for so long.
const served = { leaseMs: 1500 }
const database =
  storage.kind === 'postgres'
    ? (await import('../../dist/provider/store/store-postgres.js')).openServedDatabase({ ...served, url: storage.url })
    : await (await import('../../dist/provider/store/store-pglite.js')).openEmbeddedDatabase(storage.folder)
const es9plus = createHttpClient({ ca: [certificateToPem(nist.ci.certificate)] })
const server = createEim({
  eimId,
  fqdn,
  signing: nist.eimSigning,
  tls: { ...toPem(nist.eimTls), trusted: nist.ci.certificate },
  trustedCis: [nist.ci.certificate],
  clock: { now: Date.now },
  random: { octets: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  trace: { record: () => {} },
  es9plus,
  kept: await openDatabaseStore(database),
  settings: { retryAfterMs: 100 },
})
const host = '127.0.0.1'
await server.listenEsipa({ host, port: esipaPort })
await server.listenNorthbound({ host, port: northboundPort })
process.stdout.write(`http://${host}:${northboundPort}\n`)
