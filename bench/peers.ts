/** The codec against @peculiar/asn1-schema, which has types and names as ours has. DeviceInfo: it cannot describe tags of other classes than context-specific. */
import { AsnParser, AsnProp, AsnSerializer, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema'
import { decode, encode } from '../protocol/ber/index.ts'
import { DeviceInfo } from '../protocol/sgp22/index.ts'
import type { Benchmark } from './measure.ts'

/** Decorators as the functions that they are. */
const octets = (context: number, optional = false) => AsnProp({ type: OctetString, context, implicit: true, optional })

class Capabilities {
  gsmSupportedRelease?: OctetString
  utranSupportedRelease?: OctetString
  eutranEpcSupportedRelease?: OctetString
  nrEpcSupportedRelease?: OctetString
}
AsnType({ type: AsnTypeTypes.Sequence })(Capabilities)
octets(0, true)(Capabilities.prototype, 'gsmSupportedRelease')
octets(1, true)(Capabilities.prototype, 'utranSupportedRelease')
octets(5, true)(Capabilities.prototype, 'eutranEpcSupportedRelease')
octets(8, true)(Capabilities.prototype, 'nrEpcSupportedRelease')

class PeerDeviceInfo {
  tac = new OctetString()
  deviceCapabilities = new Capabilities()
  imei?: OctetString
}
AsnType({ type: AsnTypeTypes.Sequence })(PeerDeviceInfo)
octets(0)(PeerDeviceInfo.prototype, 'tac')
AsnProp({ type: Capabilities, context: 1, implicit: true })(PeerDeviceInfo.prototype, 'deviceCapabilities')
octets(2, true)(PeerDeviceInfo.prototype, 'imei')

const message = encode(DeviceInfo, {
  tac: new Uint8Array(4).fill(0x35),
  deviceCapabilities: {
    gsmSupportedRelease: '13.0.0',
    utranSupportedRelease: '13.0.0',
    eutranEpcSupportedRelease: '15.0.0',
    nrEpcSupportedRelease: '16.0.0',
  },
  imei: new Uint8Array(8).fill(0x53),
})

const there = () => encode(DeviceInfo, decode(DeviceInfo, message))
const theirs = () => AsnSerializer.serialize(AsnParser.parse(message, PeerDeviceInfo))

export function peerBenchmarks(): readonly Benchmark[] {
  if (Buffer.compare(Buffer.from(theirs()), Buffer.from(there())) !== 0)
    throw new Error('the peer writes something else')
  return [
    {
      name: `DeviceInfo read and written, ${message.length} octets, beside @peculiar/asn1-schema`,
      ours: there,
      baseline: theirs,
      goal: { kind: 'times as fast' },
    },
  ]
}
