/** How long a card takes: data of the functions, without any clock. `withLatency` waits for it around a card. */
import type { CardChannel } from '../ports/index.ts'
import { parseApdu } from './card/apdu.ts'
import { joined, withBlock } from './card/channels.ts'
import { functionsOf } from './commands/index.ts'
import { announcedLength } from './install/bpp-stream.ts'
import { isSegment } from './install/load-bound-profile-package.ts'
import type { EuiccState } from './state.ts'

interface LatencyRow {
  readonly source: string
  /** Milliseconds, by the name of the function. Functions that nobody has measured take no time. */
  readonly functions: Readonly<Record<string, number>>
  /** Milliseconds of all segments of a bound profile package together, spread over them by their octets. */
  readonly boundProfilePackage: number
}

export const latencyRows = {
  none: { source: '', functions: {}, boundProfilePackage: 0 },
  silicon: {
    source: 'eqSIM, Test-RSP-SGP22: 176 sessions with a sysmoEUICC1-C2T',
    functions: {
      GetEUICCChallenge: 4.7,
      GetEuiccInfo1: 40,
      AuthenticateServer: 3016,
      PrepareDownload: 3707,
    },
    boundProfilePackage: 20_000,
  },
} as const satisfies Record<string, LatencyRow>

export type Latency = keyof typeof latencyRows

/** Milliseconds that a card in this state takes for a command. */
export function durationMs(latency: Latency, state: EuiccState, command: Uint8Array): number {
  const row: LatencyRow = latencyRows[latency]
  const request = requestOf(state, command)
  if (!request) return 0
  if (isSegment(state, request)) return row.boundProfilePackage * shareOf(state, request)
  const tag = ((request[0] ?? 0) << 8) | (request[1] ?? 0)
  return row.functions[functionsOf(state.product).get(tag)?.name ?? ''] ?? 0
}

/** What part of its package a segment is; none when there is no package. */
function shareOf({ volatile: { session } }: EuiccState, segment: Uint8Array): number {
  const length = session?.phase === 'loading' ? session.installation.stream.packageLength : announcedLength(segment)
  return length ? segment.length / length : 0
}

const STORE_DATA = 0xe2
const LAST_BLOCK = 0x91

/** What the last block of STORE DATA completes. */
function requestOf({ volatile }: EuiccState, command: Uint8Array): Uint8Array | undefined {
  const apdu = parseApdu(command)
  if ('refusal' in apdu || apdu.ins !== STORE_DATA || apdu.p1 !== LAST_BLOCK) return undefined
  const channel = volatile.channels[apdu.channel]
  if (channel?.domain !== 'ISD-R') return undefined
  return joined(withBlock(apdu.p2 === 0 ? undefined : channel.blocks, apdu.data))
}

interface LatencyOptions {
  readonly latency: Latency
  /** Resolves when the time has passed: that of the machine, or one that skips. */
  readonly delay: (milliseconds: number) => Promise<void>
}

/** A card that answers when a real one would. Commands wait for each other. */
export function withLatency<Card extends CardChannel & { readonly state: EuiccState }>(
  card: Card,
  { latency, delay }: LatencyOptions,
): CardChannel {
  if (latency === 'none') return card
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const result = last.then(act)
    last = result.catch(() => {})
    return result
  }
  return {
    transmit: (command) =>
      inTurn(async () => {
        const milliseconds = durationMs(latency, card.state, command)
        if (milliseconds > 0) await delay(milliseconds)
        return card.transmit(command)
      }),
    reset: () => inTurn(() => card.reset()),
  }
}
