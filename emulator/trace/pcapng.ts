/**
 * APDU exchanges as a pcapng capture with GSMTAP, which Wireshark reads: one packet for each command with its response.
 * Sources: draft-ietf-opsawg-pcapng (blocks), osmocom gsmtap.h (header version 2, type SIM), RFC 791 and RFC 768 (the carrying IPv4 and UDP headers).
 */
import { concatOctets } from '../../protocol/ber/index.ts'

export interface ApduExchange {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly command: Uint8Array
  /** Data and status word. */
  readonly response: Uint8Array
  /** Tells cards of one capture apart: added to 127.0.0.1, the source address of their packets. */
  readonly card?: number
}

const LINKTYPE_IPV4 = 228
const UDP = 17
const GSMTAP_PORT = 4729
const GSMTAP = { version: 2, headerWords: 4, typeSim: 4, octets: 16 }
const IPV4_OCTETS = 20
const LOOPBACK = 0x7f000001
const UDP_OCTETS = 8
const HEADERS = IPV4_OCTETS + UDP_OCTETS + GSMTAP.octets
const BLOCK = { sectionHeader: 0x0a0d0d0a, interfaceDescription: 1, enhancedPacket: 6 }
const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** What a capture begins with; `pcapngPacket` after `pcapngPacket` follows. */
export const pcapngHeader = (): Uint8Array => concatOctets(sectionHeader(), interfaceDescription())

/** Type, length, body padded to four octets, length again; all little-endian, as the byte-order magic says. */
function block(type: number, bodyLength: number, fill: (body: DataView) => void): Uint8Array {
  const total = 12 + Math.ceil(bodyLength / 4) * 4
  const octets = new Uint8Array(total)
  const view = new DataView(octets.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, total, true)
  fill(new DataView(octets.buffer, 8, bodyLength))
  view.setUint32(total - 4, total, true)
  return octets
}

const sectionHeader = (): Uint8Array =>
  block(BLOCK.sectionHeader, 16, (body) => {
    body.setUint32(0, BYTE_ORDER_MAGIC, true)
    body.setUint16(4, 1, true)
    body.setBigInt64(8, -1n, true)
  })

const interfaceDescription = (): Uint8Array =>
  block(BLOCK.interfaceDescription, 8, (body) => body.setUint16(0, LINKTYPE_IPV4, true))

/** Time stamps count microseconds, the resolution of an interface without options. */
export function pcapngPacket({ at, command: apdu, response, card = 0 }: ApduExchange): Uint8Array {
  const command = asTpdu(apdu)
  const length = HEADERS + command.length + response.length
  return block(BLOCK.enhancedPacket, 20 + length, (body) => {
    const microseconds = BigInt(Math.round(at * 1000))
    body.setUint32(4, Number(microseconds >> 32n), true)
    body.setUint32(8, Number(microseconds & 0xffffffffn), true)
    body.setUint32(12, length, true)
    body.setUint32(16, length, true)
    const packet = new DataView(body.buffer, body.byteOffset + 20, length)
    writeIpv4(packet, length, card)
    writeUdp(packet, length - IPV4_OCTETS)
    writeGsmtap(packet)
    const payload = new Uint8Array(packet.buffer, packet.byteOffset + HEADERS)
    payload.set(command)
    payload.set(response, command.length)
  })
}

/** As over T=0, where a command with data has no Le: ISO/IEC 7816-3, 12.2. */
function asTpdu(apdu: Uint8Array): Uint8Array {
  const lc = apdu[4] ?? 0
  return lc > 0 && apdu.length === 6 + lc ? apdu.subarray(0, -1) : apdu
}

function writeIpv4(packet: DataView, length: number, card: number): void {
  packet.setUint8(0, 0x45)
  packet.setUint16(2, length)
  packet.setUint8(8, 64)
  packet.setUint8(9, UDP)
  packet.setUint32(12, LOOPBACK + card)
  packet.setUint32(16, LOOPBACK)
  packet.setUint16(10, checksum(packet))
}

/** Ones' complement of the ones' complement sum of the header, its own field being zero. */
function checksum(packet: DataView): number {
  let sum = 0
  for (let at = 0; at < IPV4_OCTETS; at += 2) sum += packet.getUint16(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}

/** Without a checksum, which UDP over IPv4 allows. */
function writeUdp(packet: DataView, length: number): void {
  packet.setUint16(IPV4_OCTETS, GSMTAP_PORT)
  packet.setUint16(IPV4_OCTETS + 2, GSMTAP_PORT)
  packet.setUint16(IPV4_OCTETS + 4, length)
}

function writeGsmtap(packet: DataView): void {
  const at = IPV4_OCTETS + UDP_OCTETS
  packet.setUint8(at, GSMTAP.version)
  packet.setUint8(at + 1, GSMTAP.headerWords)
  packet.setUint8(at + 2, GSMTAP.typeSim)
}
