import { concatOctets, encode, integer, octetString } from '../../../protocol/ber/index.ts'
import { EUICCInfo1, GetEuiccInfo1Request, GetEuiccInfo2Request } from '../../../protocol/sgp22/index.ts'
import { EUICCInfo2 } from '../../../protocol/sgp32/index.ts'
import { type EuiccState, freeMemory } from '../state.ts'
import { query } from './command.ts'

/** ES10b.GetEUICCInfo: SGP.22 v2.5, 5.7.8, the first form. */
export const getEuiccInfo1 = query({
  name: 'GetEuiccInfo1',
  request: GetEuiccInfo1Request,
  response: EUICCInfo1,
  answer: ({ product }) => ({ svn: product.capabilities.svn, ...ciLists(product) }),
})

/** ES10b.GetEUICCInfo: SGP.32 v1.2, 5.9.3, the second form. */
export const getEuiccInfo2 = query({
  name: 'GetEuiccInfo2',
  request: GetEuiccInfo2Request,
  response: EUICCInfo2,
  answer: euiccInfo2Of,
})

export function euiccInfo2Of(state: EuiccState): EUICCInfo2 {
  const { ipaMode, ...capabilities } = state.product.capabilities
  return {
    ...capabilities,
    ...ciLists(state.product),
    extCardResource: extCardResource(state),
    ...(state.product.personality === 'iot' && {
      ...(ipaMode && { ipaMode }),
      iotSpecificInfo: iotInfo(state.product),
    }),
  }
}

const iotInfo = ({ ecallSupported, specification }: EuiccState['product']) =>
  specification === '1.0.1' ? { iotVersion: ['1.0.1'] } : currentIotInfo(ecallSupported)

const currentIotInfo = (ecallSupported: boolean) => ({
  iotVersion: ['1.2.0'],
  ...(ecallSupported && { ecallSupported: true as const }),
  fallbackSupported: true as const,
})

function ciLists({ trustedCis, credentials }: EuiccState['product']) {
  return {
    euiccCiPKIdListForVerification: trustedCis.flatMap(({ subjectKeyIdentifier: id }) => (id ? [id] : [])),
    euiccCiPKIdListForSigning: credentials.ciPkIds,
  }
}

const installedApplications = integer(0x81)
const freeNonVolatileMemory = octetString(0x82)
const freeVolatileMemory = octetString(0x83)

/** Extended Card Resources: ETSI TS 102 226, 8.2.1.7.2, without its outer tag. */
function extCardResource(state: EuiccState): Uint8Array {
  return concatOctets(
    encode(installedApplications, state.memory.profiles.length),
    encode(freeNonVolatileMemory, bigEndian(freeMemory(state), 4)),
    encode(freeVolatileMemory, bigEndian(state.product.limits.volatileMemory, 2)),
  )
}

const bigEndian = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (value >>> (8 * (length - 1 - i))) & 0xff)
