/** Cards for tests. All keys come from fixed seeds. */
import { makePki, type Pki } from '../../../certs/index.ts'
import { readCertificate, sign } from '../../../protocol/crypto/index.ts'
import { derivedCredentials } from '../credentials.ts'
import { createEuicc, type EuiccOptions } from '../euicc.ts'
import type { EuiccState } from '../state.ts'

export const EID = '89049032123451234512345678901235'

export const seed = new TextEncoder().encode('cards of the tests')

export const pki: Pki = await makePki({ seed, now: Date.UTC(2026, 0, 1) })

export const credentials = derivedCredentials({ eums: [pki.nist.eum, pki.brainpool.eum], seed, signer: sign })

export const trustedCis = [pki.nist.ci, pki.brainpool.ci].map(({ certificate }) => readCertificate(certificate))

export const newCard = (options: Partial<EuiccOptions> = {}): EuiccState =>
  createEuicc({ eid: EID, credentials, trustedCis, ...options })
