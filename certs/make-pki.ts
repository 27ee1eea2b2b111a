/** Writes a test PKI into a folder. */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { deriveEuiccIdentity, signDeterministically } from '../protocol/crypto/index.ts'
import { makePki } from './pki.ts'
import { saveIdentity, savePki } from './store-folder.ts'

const USAGE = 'Usage: npm run pki -- [--out DIR] [--seed TEXT] [--smdp-host NAME] [--eim-host NAME]'
const SAMPLE_EID = '89049032123451234512345678901235'

const options = {
  out: { type: 'string', default: 'pki' },
  seed: { type: 'string' },
  'smdp-host': { type: 'string', default: 'localhost' },
  'eim-host': { type: 'string', default: 'localhost' },
} as const

function readArguments() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
    process.exit(2)
  }
}

const { out, seed: seedText, 'smdp-host': smdpHost, 'eim-host': eimHost } = readArguments()
const seed = seedText === undefined ? randomBytes(32) : new TextEncoder().encode(seedText)
const pki = await makePki({ seed, now: Date.now(), smdpHost, eimHost })
savePki(out, pki)
for (const curve of ['nist', 'brainpool'] as const)
  saveIdentity(out, {
    files: { folder: 'eUICC', certificate: 'CERT_EUICC_SIG_*.der', privateKey: 'SK_EUICC_SIG_*.pem' },
    curve,
    identity: deriveEuiccIdentity({ eum: pki[curve].eum, eid: SAMPLE_EID, seed, signer: signDeterministically }),
  })
console.log(`Test PKI in ${out}, with a sample eUICC ${SAMPLE_EID}. For test only: never trust it elsewhere.`)
