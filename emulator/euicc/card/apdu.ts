/** Command APDU: ISO/IEC 7816-4, 5.3 (2013), and ETSI TS 102 221, 10.1. Short lengths only: ES10 needs no others. */

export interface CommandApdu {
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Uint8Array
  /** Expected length, 1 to 256. Absent: no Le field. */
  readonly le: number | undefined
  readonly channel: number
  /** Class 8X or CX: GlobalPlatform and toolkit commands. Otherwise interindustry. */
  readonly proprietary: boolean
}

/** Why an APDU cannot be taken apart. */
export type ApduRefusal = 'wrongLength' | 'classNotSupported' | 'secureMessagingNotSupported'

const NOTHING = new Uint8Array()
const HEADER = 4

export function parseApdu(octets: Uint8Array): CommandApdu | { readonly refusal: ApduRefusal } {
  const [cla, ins, p1, p2, first] = [octets[0], octets[1], octets[2], octets[3], octets[HEADER]]
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return { refusal: 'wrongLength' }
  const hasData = octets.length > HEADER + 1
  const end = HEADER + 1 + (hasData && first !== undefined ? first : 0)
  if (hasData && (first === 0 || octets.length < end || octets.length > end + 1)) return { refusal: 'wrongLength' }
  const channel = channelOf(cla)
  if (typeof channel === 'string') return { refusal: channel }
  const data = hasData ? octets.subarray(HEADER + 1, end) : NOTHING
  const last = hasData ? octets[end] : first
  return { ins, p1, p2, data, le: last === undefined ? undefined : expected(last), channel, proprietary: cla >= 0x80 }
}

const expected = (octet: number) => (octet === 0 ? 256 : octet)

/** ISO/IEC 7816-4, 5.4.1: the first interindustry values carry channels 0 to 3, the further ones channels 4 to 19. */
function channelOf(cla: number): number | ApduRefusal {
  switch (cla & 0x70) {
    case 0x00:
      return cla & 0x0c ? 'secureMessagingNotSupported' : cla & 0x03
    case 0x40:
      return (cla & 0x0f) + 4
    case 0x60:
      return 'secureMessagingNotSupported'
    default:
      return 'classNotSupported'
  }
}
