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

export function parseApdu(octets: Uint8Array): CommandApdu | { readonly refusal: ApduRefusal } {
  const [cla, ins, p1, p2] = [octets[0], octets[1], octets[2], octets[3]]
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return { refusal: 'wrongLength' }
  const body = parseBody(octets)
  if (body === undefined) return { refusal: 'wrongLength' }
  const target = parseClass(cla)
  if (typeof target === 'string') return { refusal: target }
  return { ins, p1, p2, data: body.data, le: body.le, channel: target.channel, proprietary: target.proprietary }
}

const HEADER = 4

function parseBody(octets: Uint8Array): Pick<CommandApdu, 'data' | 'le'> | undefined {
  const first = octets[HEADER]
  if (first === undefined) return { data: NOTHING, le: undefined }
  if (octets.length === HEADER + 1) return { data: NOTHING, le: expected(first) }
  const end = HEADER + 1 + first
  if (first === 0 || octets.length < end || octets.length > end + 1) return undefined
  const data = octets.subarray(HEADER + 1, end)
  const last = octets[end]
  return { data, le: last === undefined ? undefined : expected(last) }
}

const expected = (octet: number) => (octet === 0 ? 256 : octet)

/** ISO/IEC 7816-4, 5.4.1: the first interindustry values carry channels 0 to 3, the further ones channels 4 to 19. */
function parseClass(cla: number): Pick<CommandApdu, 'channel' | 'proprietary'> | ApduRefusal {
  const proprietary = cla >= 0x80
  switch (cla & 0x70) {
    case 0x00:
      return cla & 0x0c ? 'secureMessagingNotSupported' : { channel: cla & 0x03, proprietary }
    case 0x40:
      return { channel: (cla & 0x0f) + 4, proprietary }
    case 0x60:
      return 'secureMessagingNotSupported'
    default:
      return 'classNotSupported'
  }
}
