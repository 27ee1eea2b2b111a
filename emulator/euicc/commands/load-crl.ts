import { encode, octetString } from '../../../protocol/ber/index.ts'
import { type Certificate, type Crl, isCrlSignedBy, issuerOf, readCrl } from '../../../protocol/crypto/index.ts'
import { LoadCRLRequest, LoadCRLResponse } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import { crlOf, missingParts, sizeOfCrls, withCrl } from '../crls.ts'
import { type EuiccState, withMemory } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly crl: Crl | undefined
  /** Whose CRLs it believes. */
  readonly ci: Certificate | undefined
  /** Of the CRL that is loaded already. */
  readonly loadedNumber: number | undefined
}

/** ES10b.LoadCRL: SGP.22 v2.5, 5.7.12. Unverified: the order of the rows, and that a CRL may be loaded again. */
export const loadCrl = command({
  name: 'LoadCRL',
  request: LoadCRLRequest,
  response: LoadCRLResponse,
  facts: gather,
  checks: [
    { id: 'crl-readable', holds: ({ crl }) => crl !== undefined, otherwise: refuse('invalidCRLFormat') },
    { id: 'crl-issuer-trusted', holds: ({ ci }) => ci !== undefined, otherwise: refuse('verificationKeyNotFound') },
    {
      id: 'crl-signature',
      holds: ({ crl, ci }) => crl !== undefined && ci !== undefined && isCrlSignedBy(crl, ci),
      otherwise: refuse('invalidSignature'),
    },
    {
      id: 'no-fresher-crl',
      holds: ({ crl, loadedNumber }) => crl !== undefined && (loadedNumber ?? 0) <= crl.crlNumber,
      otherwise: refuse('fresherCrlAlreadyLoaded'),
    },
    { id: 'base-crl-loaded', holds: isOnItsBase, otherwise: refuse('baseCrlMissing') },
    { id: 'room-for-crl', holds: fits, otherwise: refuse('notEnoughMemorySpace') },
  ],
  run: load,
})

const CERTIFICATE_LIST = octetString(0x30)

function gather(state: EuiccState, { crl: content }: LoadCRLRequest): Facts {
  const crl = readCrl(encode(CERTIFICATE_LIST, content))
  const trusted = state.product.trustedCis.filter(({ keyUsage }) => keyUsage.includes('cRLSign'))
  const ci = crl && issuerOf(crl, trusted)
  const loadedNumber = crl && crlOf(state.memory.crls, crl.authorityKeyIdentifier)?.crlNumber
  return { state, crl, ci, loadedNumber }
}

function isOnItsBase({ crl, loadedNumber }: Facts): boolean {
  const { baseCrlNumber } = crl ?? {}
  return baseCrlNumber === undefined || (loadedNumber !== undefined && loadedNumber >= baseCrlNumber)
}

function fits({ state: { memory, product }, crl }: Facts): boolean {
  return crl !== undefined && sizeOfCrls(withCrl(memory.crls, crl)) <= product.limits.crls
}

type LoadCRLResponseError = Extract<LoadCRLResponse, { kind: 'loadCRLResponseError' }>

function refuse(value: LoadCRLResponseError['value']) {
  return (): LoadCRLResponse => ({ kind: 'loadCRLResponseError', value })
}

function load(state: EuiccState, facts: Facts): Effect<LoadCRLResponse> {
  const crl = proven(facts.crl, 'crl-readable')
  const crls = withCrl(state.memory.crls, crl)
  const missing = missingParts(proven(crlOf(crls, crl.authorityKeyIdentifier), 'crl-readable'))
  return {
    state: withMemory(state, { crls }),
    answer: { kind: 'loadCRLResponseOk', value: missing.length > 0 ? { missingParts: missing } : {} },
    events: [{ type: 'crl-loaded', cause: 'LoadCRL', detail: `number ${crl.crlNumber}` }],
  }
}
