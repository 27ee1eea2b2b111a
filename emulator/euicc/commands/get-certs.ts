import { equalOctets } from '../../../protocol/ber/index.ts'
import { GetCertsRequest, GetCertsResponse } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import { command, type Effect } from './command.ts'

/** ES10b.GetCerts: SGP.32 v1.2, 5.9.10. Without a CI: those of the preferred one. */
export const getCerts = command({
  name: 'GetCerts',
  request: GetCertsRequest,
  response: GetCertsResponse,
  facts: ({ product: { credentials } }, { euiccCiPKId: wanted }) => ({
    ciPkId: wanted ? credentials.ciPkIds.find((id) => equalOctets(id, wanted)) : credentials.ciPkIds[0],
  }),
  checks: [
    {
      id: 'ci-for-signing',
      holds: ({ ciPkId }) => ciPkId !== undefined,
      otherwise: (): GetCertsResponse => ({ kind: 'getCertsError', value: 'invalidCiPKId' }),
    },
  ],
  run(state, { ciPkId }): Effect<GetCertsResponse> {
    const { eumCertificate, euiccCertificate } = state.product.credentials.of(
      state.eid,
      proven(ciPkId, 'ci-for-signing'),
    )
    return { state, answer: { kind: 'certs', value: { eumCertificate, euiccCertificate } } }
  },
})
