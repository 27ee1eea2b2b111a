/** What holds a card in tests: keeps its state, counts what it did, and fetches whole answers. */
import { concatOctets, decode, encode, fromHex, type Schema, toHex } from '../../../protocol/ber/index.ts'
import { isSuccess } from '../../../protocol/codes/index.ts'
import { restart, transmit } from '../card/transmit.ts'
import { type Entropy, systemEntropy } from '../entropy.ts'
import type { CardEvent } from '../events.ts'
import type { EuiccState } from '../state.ts'

const SELECT_ISDR = '00a4040010a0000005591010ffffffff8900000100'

export class Terminal {
  state: EuiccState
  entropy: Entropy
  readonly events: CardEvent[] = []

  constructor(state: EuiccState, entropy: Entropy = systemEntropy) {
    this.state = state
    this.entropy = entropy
  }

  /** One APDU; all hexadecimal. */
  send(apdu: string): string {
    return toHex(this.transmit(fromHex(apdu)))
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const step = transmit(this.state, apdu, this.entropy)
    this.state = step.state
    this.events.push(...step.events)
    return step.response
  }

  /** Takes the power off and on again. */
  reset(): this {
    const step = restart(this.state)
    this.state = step.state
    this.events.push(...step.events)
    return this
  }

  selectIsdr(): this {
    this.send(SELECT_ISDR)
    return this
  }

  /** STORE DATA in blocks, and the whole answer with its status word. */
  storeData(request: Uint8Array, blockSize = 255): Uint8Array {
    const count = Math.max(1, Math.ceil(request.length / blockSize))
    let answer = new Uint8Array()
    for (let i = 0; i < count; i++) {
      const block = request.subarray(i * blockSize, (i + 1) * blockSize)
      const p1 = i === count - 1 ? 0x91 : 0x11
      answer = new Uint8Array(this.transmit(Uint8Array.of(0x80, 0xe2, p1, i, block.length, ...block, 0)))
    }
    return this.fetch(answer)
  }

  /** Follows 61xx to the end. */
  fetch(first: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = []
    let answer = first
    while (answer.at(-2) === 0x61) {
      parts.push(answer.subarray(0, -2))
      answer = this.transmit(Uint8Array.of(0x00, 0xc0, 0, 0, answer.at(-1) ?? 0))
    }
    return concatOctets(...parts, answer)
  }

  /** A function of ES10 by its schemas. Throws when the status word is neither 9000 nor 91xx. */
  call<Q, R>(request: Schema<Q>, value: Q, response: Schema<R>): R {
    const answer = this.storeData(encode(request, value))
    const statusWord = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0)
    if (!isSuccess(statusWord)) throw new Error(`status word ${toHex(answer.subarray(-2))}`)
    return decode(response, answer.subarray(0, -2))
  }
}
