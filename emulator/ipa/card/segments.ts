import { decode, octetString, optional, sequence, sequenceOf, slice } from '../../../protocol/ber/index.ts'

/** A BoundProfilePackage down to the TLVs at whose ends it is cut. Contents stay octets. */
const Cuts = sequence(0xbf36, {
  initialiseSecureChannelRequest: slice(sequence(0xbf23, {})),
  firstSequenceOf87: sequenceOf(0xa0, slice(octetString(0x87)), { min: 1 }),
  sequenceOf88: sequenceOf(0xa1, slice(octetString(0x88)), { min: 1 }),
  secondSequenceOf87: optional(sequenceOf(0xa2, slice(octetString(0x87)), { min: 1 })),
  sequenceOf86: sequenceOf(0xa3, slice(octetString(0x86)), { min: 1 }),
})

/**
 * Segmentation of a bound profile package: SGP.22 v2.x, 2.5.5. BF36 header with BF23; A0 header with its first 87; header of A1; each 88;
 * A2 header with its first 87; header of A3; each 86. Each segment is a STORE DATA command of its own. Throws DecodeError.
 */
export function segmentsOf(boundProfilePackage: Uint8Array): readonly Uint8Array[] {
  const cuts = decode(Cuts, boundProfilePackage)
  const end = (part: Uint8Array) => part.byteOffset + part.length - boundProfilePackage.byteOffset
  const start = (part: Uint8Array | undefined) => (part ? end(part) - part.length : 0)
  const ends = [
    end(cuts.initialiseSecureChannelRequest),
    ...cuts.firstSequenceOf87.map(end),
    start(cuts.sequenceOf88[0]),
    ...cuts.sequenceOf88.map(end),
    ...(cuts.secondSequenceOf87 ?? []).map(end),
    start(cuts.sequenceOf86[0]),
    ...cuts.sequenceOf86.map(end),
  ]
  return ends.map((to, i) => boundProfilePackage.subarray(ends[i - 1] ?? 0, to))
}
