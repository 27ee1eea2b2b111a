import { type EuiccState, transmit } from '../emulator/euicc/index.ts'
import {
  type AnySchema,
  concatOctets,
  DecodeError,
  decode,
  describe,
  encode,
  type Schema,
  toHex,
} from '../protocol/ber/index.ts'
import { readProfile } from '../protocol/saip/index.ts'
import { sgp22Types } from '../protocol/sgp22/index.ts'
import { identify, sgp32Codecs, sgp32Types, sgp32v1_0_1Types } from '../protocol/sgp32/index.ts'
import type { Chance } from './chance.ts'
import type { Corpus, Moment } from './corpus.ts'
import { mutate } from './mutate.ts'

/** What is given mutated octets. Throws for anything but the one error that it may throw; returns what it was given. */
export interface Target {
  readonly name: string
  /** How often it is chosen. */
  readonly weight: number
  run(chance: Chance, corpus: Corpus): string
}

/** An input with what came of it. */
export class Finding extends Error {
  constructor(input: string, cause: unknown) {
    super(`${(cause as Error)?.stack ?? String(cause)}\ninput: ${input}`, { cause })
    this.name = 'Finding'
  }
}

function judged(input: string, action: () => void): string {
  try {
    action()
  } catch (error) {
    throw new Finding(input, error)
  }
  return input
}

const schemas: readonly Schema<unknown>[] = [
  ...Object.values(sgp22Types),
  ...Object.values(sgp32Types),
  ...Object.values(sgp32v1_0_1Types),
  ...Object.values(sgp32Codecs).flatMap(({ version: _version, ...codec }) => Object.values(codec)),
] as unknown as readonly Schema<unknown>[]

function orDecodeError<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** What can be read in DER can be written again, and is then the same to everybody who reads it. */
function decodes(schema: Schema<unknown>, octets: Uint8Array): void {
  orDecodeError(() => decode(schema, octets, { rules: 'BER' }))
  const value = orDecodeError(() => decode(schema, octets))
  if (value !== undefined) decode(schema, encode(schema, value))
}

/** Of one whole message, or of none. */
function describes(octets: Uint8Array, schema: AnySchema): void {
  const tree = orDecodeError(() => describe(octets, schema))
  const end = tree?.at(-1)
  if (end && end.offset + end.headerLength + end.length !== octets.length) throw new Error('the tree has a gap')
}

const LARGEST_BLOCK = 255

/** STORE DATA as a terminal sends it. */
function storeData(request: Uint8Array, channel: number): readonly Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let at = 0; at === 0 || at < request.length; at += LARGEST_BLOCK) {
    const data = request.subarray(at, at + LARGEST_BLOCK)
    const p1 = at + LARGEST_BLOCK >= request.length ? 0x91 : 0x11
    blocks.push(concatOctets(Uint8Array.of(0x80 | channel, 0xe2, p1, blocks.length & 0xff, data.length), data))
  }
  return blocks
}

/** Whatever a card is sent, it answers with a status word. */
function answers({ state, entropy }: Moment, commands: readonly Uint8Array[]): void {
  let now: EuiccState = state
  for (const command of commands) {
    const step = transmit(now, command, entropy)
    if (step.response.length < 2) throw new Error(`an answer of ${step.response.length} octets`)
    now = step.state
  }
}

const inHex = (commands: readonly Uint8Array[]): string => commands.map(toHex).join(' ')

export const targets: readonly Target[] = [
  {
    name: 'decoder',
    weight: 50,
    run(chance, { messages }) {
      const octets = mutate(chance.pick(messages), chance, messages)
      const schema = chance.pick(schemas)
      return judged(toHex(octets), () => decodes(schema, octets))
    },
  },
  {
    name: 'decoder of the own type',
    weight: 100,
    run(chance, { vectors, messages }) {
      const { schema, octets } = chance.pick(vectors)
      const mutated = mutate(octets, chance, messages)
      return judged(toHex(mutated), () => decodes(schema as unknown as Schema<unknown>, mutated))
    },
  },
  {
    name: 'annotated tree',
    weight: 30,
    run(chance, { vectors, messages }) {
      const { schema, octets } = chance.pick(vectors)
      const mutated = mutate(octets, chance, messages)
      return judged(toHex(mutated), () => describes(mutated, schema))
    },
  },
  {
    name: 'type of unknown octets',
    weight: 1,
    run(chance, { messages }) {
      const octets = mutate(chance.pick(messages), chance, messages)
      return judged(toHex(octets), () => void identify(octets))
    },
  },
  {
    name: 'profile package',
    weight: 10,
    run(chance, { profiles }) {
      const octets = mutate(chance.pick(profiles), chance, profiles)
      return judged(toHex(octets), () => void orDecodeError(() => readProfile(octets)))
    },
  },
  {
    name: 'card, one command of its life changed',
    weight: 60,
    run(chance, { life, commands }) {
      const at = chance.below(life.length)
      const sent = life.slice(at, at + 3).map(({ command }) => command)
      const mutated = [mutate(sent[0] ?? new Uint8Array(), chance, commands), ...sent.slice(1)]
      return judged(inHex(mutated), () => answers(life[at] as Moment, mutated))
    },
  },
  {
    name: 'card, another function',
    weight: 30,
    run(chance, { life, messages }) {
      const moment = chance.pick(life)
      const request = mutate(chance.pick(messages), chance, messages).subarray(0, 4000)
      const commands = storeData(request, moment.command[0] === undefined ? 0 : moment.command[0] & 3)
      return judged(inHex(commands), () => answers(moment, commands))
    },
  },
]
