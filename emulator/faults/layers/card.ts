/** The layers around one card: the channel to it, the key that signs for it, and what it is like while it carries out a function. */
import { concatOctets, equalOctets } from '../../../protocol/ber/index.ts'
import type { PrivateKey, Signer } from '../../../protocol/crypto/index.ts'
import type { CardChannel } from '../../ports/index.ts'
import type { CardCondition, CardExchange, FunctionAnswer, Tools } from '../fault.ts'
import type { Faults } from '../faults.ts'
import { es10FunctionOf } from '../messages.ts'
import { signThrough } from './signature.ts'

export interface CardFaults {
  channel(card: CardChannel): CardChannel
  signer(sign: Signer): Signer
  /** As the function under way finds the card. */
  condition(): CardCondition
}

interface CardFaultsOptions {
  readonly faults: Faults
  readonly eid: string
  readonly delay: Tools['delay']
}

const noCondition: CardCondition = {}

export function createCardFaults({ faults, eid, delay }: CardFaultsOptions): CardFaults {
  let operation = ''
  let condition = noCondition
  /** In the function under way. */
  let signed: readonly { readonly privateKey: PrivateKey; readonly octets: Uint8Array }[] = []
  let plainSign: Signer | undefined

  /** Strikes a function with everything that is switched on for it. */
  function carryOut(request: Uint8Array, perform: () => Promise<FunctionAnswer>, losePower: () => Promise<never>) {
    operation = es10FunctionOf(request)
    signed = []
    const message = { interface: 'ES10', operation, eid } as const
    condition = Object.assign(
      {},
      ...faults.strike('condition', message).map(({ apply, parameters }) => apply(parameters)),
    )
    const hits = faults.strike('card', message)
    const around = {
      operation,
      request,
      losePower,
      signAnew(data: Uint8Array, changed: Uint8Array) {
        const one = signed.find(({ octets }) => equalOctets(octets.subarray(0, data.length), data))
        return one && plainSign?.(one.privateKey, [changed, one.octets.subarray(data.length)])
      },
    }
    return hits.reduceRight<() => Promise<FunctionAnswer>>(
      (next, { apply, parameters, tools }) =>
        () =>
          apply({ ...around, next } satisfies CardExchange, parameters, { ...tools, delay, crashIpa: losePower }),
      perform,
    )()
  }
  const isArmed = () => faults.isArmed('card') || faults.isArmed('card-signature') || faults.isArmed('condition')

  return {
    channel: (card) => createFunctionChannel(card, { isArmed, carryOut }),
    signer(sign) {
      plainSign = sign
      return (privateKey, octets) => {
        if (!isArmed()) return sign(privateKey, octets)
        signed = [...signed, { privateKey, octets: concatOctets(...octets) }]
        return signThrough(
          faults.strike('card-signature', { interface: 'ES10', operation, eid }),
          sign,
          privateKey,
        )(octets)
      }
    },
    condition: () => (faults.isArmed('condition') ? condition : noCondition),
  }
}

interface FunctionChannelOptions {
  readonly isArmed: () => boolean
  readonly carryOut: (
    request: Uint8Array,
    perform: () => Promise<FunctionAnswer>,
    losePower: () => Promise<never>,
  ) => Promise<FunctionAnswer>
}

const STORE_DATA = 0xe2
const GET_RESPONSE = 0xc0
const LAST_BLOCK = 0x91
const HEADER = 5

const isStoreData = ([cla = 0, ins]: Uint8Array): boolean => cla >= 0x80 && ins === STORE_DATA
const dataOf = (command: Uint8Array): Uint8Array => command.subarray(HEADER, HEADER + (command[4] ?? 0))

/** Functions are put together from their STORE DATA blocks; an answer is handed out as over T=0. */
function createFunctionChannel(card: CardChannel, { isArmed, carryOut }: FunctionChannelOptions): CardChannel {
  let blocks: readonly Uint8Array[] = []
  let pending: FunctionAnswer | undefined

  const forget = () => {
    blocks = []
    pending = undefined
  }
  const losePower = async (): Promise<never> => {
    forget()
    await card.reset()
    throw new Error('The card has lost its power.')
  }
  const deliver = ({ data, statusWord }: FunctionAnswer, length: number): Uint8Array => {
    const left = data.subarray(length)
    pending = left.length > 0 ? { data: left, statusWord } : undefined
    const word = left.length > 0 ? 0x6100 | (left.length > 255 ? 0 : left.length) : statusWord
    return concatOctets(data.subarray(0, length), Uint8Array.of(word >> 8, word & 0xff))
  }
  return {
    async transmit(command) {
      if (pending && command[1] === GET_RESPONSE) return deliver(pending, command[4] || 256)
      pending = undefined
      if (!isArmed() || !isStoreData(command)) return card.transmit(command)
      blocks = command[3] === 0 ? [dataOf(command)] : [...blocks, dataOf(command)]
      if (command[2] !== LAST_BLOCK) return card.transmit(command)
      const request = concatOctets(...blocks)
      blocks = []
      return deliver(await carryOut(request, () => whole(card, command), losePower), 0)
    },
    reset() {
      forget()
      return card.reset()
    },
  }
}

/** A command with all of its answer. */
async function whole(card: CardChannel, command: Uint8Array): Promise<FunctionAnswer> {
  const parts: Uint8Array[] = []
  let answer = await card.transmit(command)
  for (;;) {
    const [sw1 = 0, sw2 = 0] = answer.subarray(-2)
    parts.push(answer.subarray(0, -2))
    if (sw1 !== 0x61) return { data: concatOctets(...parts), statusWord: (sw1 << 8) | sw2 }
    const cla = command[0] ?? 0
    answer = await card.transmit(Uint8Array.of(cla & 0x40 ? 0x40 | (cla & 0x0f) : cla & 0x03, GET_RESPONSE, 0, 0, sw2))
  }
}
