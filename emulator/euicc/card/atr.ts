/** Answer to reset: ISO/IEC 7816-3, 8; ETSI TS 102 221, 6.3. */
import { fromHex } from '../../../protocol/ber/index.ts'

const HISTORICAL = '8031e073fe211357aa8660f0020008'

/** T0, TA1, TD1, TD2, TA3, TB3: T=0; the global interface octet TB3 82 says that this is an eUICC. */
const INTERFACE = '9f96803fc782'

/** Capabilities in the historical octets: four logical channels, no extended lengths. */
export const ATR: Uint8Array = withCheck(fromHex(INTERFACE + HISTORICAL))

function withCheck(octets: Uint8Array): Uint8Array {
  const check = octets.reduce((sum, octet) => sum ^ octet, 0)
  return Uint8Array.of(0x3b, ...octets, check)
}
