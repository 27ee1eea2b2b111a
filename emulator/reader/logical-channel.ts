import type { CardChannel } from '../ports/index.ts'

/** What modems and LPA drivers do when they open a channel: MANAGE CHANNEL, then SELECT by DF name (ETSI TS 102 221, 11.1.17 and 11.1.1). */
export async function openLogicalChannel(card: CardChannel, aid: Uint8Array): Promise<number | undefined> {
  const opened = await card.transmit(Uint8Array.of(0x00, 0x70, 0x00, 0x00, 0x01))
  if (!isSuccess(opened) || opened.length !== 3) return undefined
  const channel = opened[0] as number
  const selected = await card.transmit(Uint8Array.of(classOf(channel), 0xa4, 0x04, 0x00, aid.length, ...aid))
  if (isSuccess(selected) || selected.at(-2) === 0x61) return channel
  await closeLogicalChannel(card, channel)
  return undefined
}

export async function closeLogicalChannel(card: CardChannel, channel: number): Promise<boolean> {
  return isSuccess(await card.transmit(Uint8Array.of(0x00, 0x70, 0x80, channel)))
}

/** The command with the class octet of a channel: proprietary classes stay proprietary (ETSI TS 102 221, 10.1.1). */
export function onChannel(command: Uint8Array, channel: number): Uint8Array {
  const moved = command.slice()
  const [first = 0] = command
  moved[0] = channel < 4 ? (first & 0xbc) | channel : (first & 0x80) | 0x40 | (channel - 4)
  return moved
}

const classOf = (channel: number): number => (channel < 4 ? channel : 0x40 | (channel - 4))

const isSuccess = (response: Uint8Array): boolean => response.at(-2) === 0x90
