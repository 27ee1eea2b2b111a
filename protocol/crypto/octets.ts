/** Node answers with Buffers: their `slice` does not copy and they compare and print unlike other octets. None leaves this room. */
export function plainOctets(buffer: Uint8Array, length = buffer.length): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, length)
}
