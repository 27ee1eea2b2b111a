/**
 * Wire format of vsmartcard's virtual reader: frames of a two-octet length (big-endian) and payload, both ways. A payload of one octet from the
 * reader is a control code, anything else a command APDU. Source: vsmartcard, virtualsmartcard/src/vpcd/vpcd.c.
 */

export const vpcdControls = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, getAtr: 0x04 } as const

export type VpcdControl = keyof typeof vpcdControls

const controlNames = new Map(Object.entries(vpcdControls).map(([name, code]) => [code as number, name as VpcdControl]))

/** The control that a payload is, undefined when it is a command APDU. */
export function controlOf(payload: Uint8Array): VpcdControl | 'unknown' | undefined {
  return payload.length === 1 ? (controlNames.get(payload[0] as number) ?? 'unknown') : undefined
}

/** One frame in one piece: the reader waits for the second half of a split one with a delayed acknowledgement. */
export function vpcdFrame(payload: Uint8Array): Uint8Array {
  if (payload.length > 0xffff) throw new RangeError(`A frame carries at most 65535 octets, not ${payload.length}`)
  const frame = new Uint8Array(2 + payload.length)
  new DataView(frame.buffer).setUint16(0, payload.length)
  frame.set(payload, 2)
  return frame
}

/** Cuts a stream of chunks into payloads. Returns those that are complete after each chunk, in order. */
export function createFrameSplitter(): (chunk: Uint8Array) => readonly Uint8Array[] {
  let rest = new Uint8Array()
  return (chunk) => {
    const whole = new Uint8Array(rest.length + chunk.length)
    whole.set(rest)
    whole.set(chunk, rest.length)
    const payloads: Uint8Array[] = []
    let at = 0
    for (let end = frameEnd(whole, at); end <= whole.length; end = frameEnd(whole, at)) {
      payloads.push(whole.slice(at + 2, end))
      at = end
    }
    rest = whole.slice(at)
    return payloads
  }
}

function frameEnd(octets: Uint8Array, at: number): number {
  if (octets.length < at + 2) return Number.POSITIVE_INFINITY
  return at + 2 + (((octets[at] as number) << 8) | (octets[at + 1] as number))
}
