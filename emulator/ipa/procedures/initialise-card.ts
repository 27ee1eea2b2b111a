import { concatOctets, fromHex } from '../../../protocol/ber/index.ts'
import { aids } from '../../../protocol/codes/index.ts'
import type { EimConfigurationData, EUICCInfo2 } from '../../../protocol/sgp32/index.ts'
import type { CardChannel, Trace } from '../../ports/index.ts'
import { type Failure, failure, isCardLost, messageOf } from '../answer.ts'
import { exchange } from '../card/apdu.ts'
import { createEs10, dataOf } from '../card/es10.ts'
import type { IsdrChannel } from '../card/store-data.ts'

/** The ISD-R answers, and this is what it said. */
export interface ReadyCard {
  readonly kind: 'ready'
  readonly isdr: IsdrChannel
  readonly eid: string
  /** Absent when it cannot be read. */
  readonly euiccInfo2?: EUICCInfo2
  readonly eims: readonly EimConfigurationData[]
}

export interface CardPorts {
  readonly channel: CardChannel
  readonly trace: Trace | undefined
  readonly blockSize: number
}

/** eUICC related IoT capabilities: IPAd. Unverified: tag 84 of ETSI TS 102 221, 11.1.19.2; SGP.32 v1.2, 3.8.4. */
const TERMINAL_CAPABILITY = fromHex('80aa000005a903840101')
const OPEN_CHANNEL = fromHex('0070000001')

/** Card initialisation: SGP.22 v2.5, 3.4 and 5.7.1; SGP.32 v1.2, 3.8.4. */
export async function initialiseCard(ports: CardPorts): Promise<ReadyCard | Failure> {
  const { channel, trace, blockSize } = ports
  // 1. Reset, so that no channel and no RSP session of before is left.
  const lost = await channel.reset().then(noFailure, (error) => failure('ES10', 'unreachable', messageOf(error)))
  if (lost) return lost
  // 2. TERMINAL CAPABILITY tells that the device has an IPAd. A card may not know the command.
  await command(ports, 'TERMINAL CAPABILITY', TERMINAL_CAPABILITY)
  // 3. MANAGE CHANNEL: a logical channel of our own, the card chooses its number.
  const opened = await command(ports, 'MANAGE CHANNEL', OPEN_CHANNEL)
  if ('kind' in opened) return opened
  const logicalChannel = opened.data[0] ?? 0
  // 4. SELECT ISD-R.
  const selected = await command(ports, 'SELECT ISD-R', selectByName(logicalChannel, aids.isdR))
  if ('kind' in selected) return selected
  // 5. Who it is, what it can, and who manages it.
  const isdr = { channel, logicalChannel, blockSize }
  const card = createEs10(isdr, trace)
  const eid = await card.call('GetEID', { tagList: [0x5a] })
  if (eid.kind === 'failure') return eid
  const info = await card.call('GetEUICCInfo2', {})
  const eims = await card.call('GetEimConfigurationData', {})
  if (isCardLost(eims)) return eims
  return {
    kind: 'ready',
    isdr,
    eid: eid.value.eidValue,
    eims: eims.kind === 'answer' ? eims.value.eimConfigurationDataList : [],
    ...(info.kind === 'answer' ? { euiccInfo2: info.value } : {}),
  }
}

const noFailure = () => undefined

async function command({ channel, trace }: CardPorts, operation: string, octets: Uint8Array) {
  trace?.record({ interface: 'ES10', from: 'IPA', to: 'eUICC', operation, octets })
  const answer = await exchange(channel, octets)
  trace?.record({ interface: 'ES10', from: 'eUICC', to: 'IPA', operation, status: answer.status, octets: answer.data })
  return dataOf(answer)
}

const selectByName = (logicalChannel: number, aid: Uint8Array): Uint8Array =>
  concatOctets(
    Uint8Array.of(logicalChannel < 4 ? logicalChannel : 0x40 | (logicalChannel - 4), 0xa4, 0x04, 0x00, aid.length),
    aid,
    Uint8Array.of(0x00),
  )
