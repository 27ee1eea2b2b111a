/** `node dist/certs/make-pki.js [--out DIR] [--seed TEXT] [--smdp-host NAME] [--eim-host NAME]`: writes a test PKI. */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { deriveEuiccIdentity } from '../protocol/crypto/index.ts'
import { makePki } from './pki.ts'
import { saveIdentity, savePki } from './store-folder.ts'

const SAMPLE_EID = '89049032123451234512345678901235'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'pki' },
    seed: { type: 'string' },
    'smdp-host': { type: 'string', default: 'localhost' },
    'eim-host': { type: 'string', default: 'localhost' },
  },
})
const seed = values.seed === undefined ? randomBytes(32) : new TextEncoder().encode(values.seed)
const pki = await makePki({ seed, now: Date.now(), smdpHost: values['smdp-host'], eimHost: values['eim-host'] })
savePki(values.out, pki)
for (const curve of ['nist', 'brainpool'] as const)
  saveIdentity(values.out, {
    files: { folder: 'eUICC', certificate: 'CERT_EUICC_SIG_*.der', privateKey: 'SK_EUICC_SIG_*.pem' },
    curve,
    identity: deriveEuiccIdentity({ eum: pki[curve].eum, eid: SAMPLE_EID, seed }),
  })
console.log(`Test PKI (test only: never trust it elsewhere) in ${values.out}, sample eUICC ${SAMPLE_EID}.`)
