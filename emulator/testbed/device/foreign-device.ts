/** A device whose card is not ours: our IPA drives it, our eIM and SM-DP+ serve it. The card alone knows what is on it. */
import { concatOctets, decode, encode } from '../../../protocol/ber/index.ts'
import { GetCertsRequest, GetCertsResponse } from '../../../protocol/sgp32/index.ts'
import type { Ipa, ReadyCard } from '../../ipa/index.ts'
import type { CardChannel, Time } from '../../ports/index.ts'
import type { EimNorthbound } from '../eim-northbound.ts'
import { associate } from './provisioning.ts'

export interface ForeignDevice {
  readonly eid: string
  poll(): Promise<{ readonly packagesProcessed: number }>
  stop(): void
}

export interface ForeignParts {
  readonly card: CardChannel
  readonly ipaOver: (card: CardChannel) => Ipa
  readonly eim: EimNorthbound
  readonly eimId: string
  readonly time: Time
  readonly pollIntervalMs: number
  readonly onError: (error: unknown) => void
}

/** Onboards the card, and associates our eIM unless that was done before. Rejects with the reason when the card is no IoT eUICC that the eIM accepts. */
export async function attachForeign(parts: ForeignParts): Promise<ForeignDevice> {
  const { card, eim, time, pollIntervalMs, onError } = parts
  const ipa = parts.ipaOver(card)
  const ready = await ipa.initialise()
  if (ready.kind === 'failure') throw new Error(`The card does not answer as an eUICC: ${ready.detail}`)
  const { eid } = ready
  const certificates = await certificatesOf(ready)
  const ours = ready.eims.find(({ eimId }) => eimId === parts.eimId)
  if (ours === undefined) await associate({ eid, ipa }, eim, certificates)
  else {
    await eim.onboard(eid, certificates)
    if (ours.associationToken !== undefined) await eim.setAssociationToken(eid, ours.associationToken)
  }
  const poll = async () => ipa.poll()
  const rhythm = time.every(pollIntervalMs, () => void poll().catch(onError))
  return { eid, poll, stop: rhythm.stop }
}

/** ES10b.GetCerts: SGP.32 v1.2, 5.9.10. */
async function certificatesOf({ isdr: { channel, logicalChannel } }: ReadyCard) {
  const request = encode(GetCertsRequest, {})
  const storeData = Uint8Array.of(0x80 | logicalChannel, 0xe2, 0x91, 0, request.length, ...request)
  const octets = await answerOf(channel, logicalChannel, await channel.transmit(storeData))
  const answer = octets.length > 0 ? decode(GetCertsResponse, octets) : undefined
  if (answer?.kind !== 'certs') throw new Error('The card has no certificates to show: it is no IoT eUICC of SGP.32')
  return answer.value
}

/** All of an answer that waits for GET RESPONSE; empty when the card has refused. */
async function answerOf(channel: CardChannel, logicalChannel: number, first: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let answer = first
  while (answer.at(-2) === MORE_DATA) {
    parts.push(answer.subarray(0, -2))
    answer = await channel.transmit(Uint8Array.of(logicalChannel, 0xc0, 0, 0, answer.at(-1) ?? 0))
  }
  return answer.at(-2) === DONE ? concatOctets(...parts, answer.subarray(0, -2)) : new Uint8Array()
}

const MORE_DATA = 0x61
const DONE = 0x90
