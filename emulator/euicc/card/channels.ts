/** Logical channels: ETSI TS 102 221, 8.7 and 11.1.17. The basic channel 0 is always open. */
import { room } from '../../../protocol/ber/index.ts'

/** What is selected on one channel. Paths are those of the file system. */
export interface Channel {
  /** A security domain of the card; then no file is current. */
  readonly domain?: 'ISD-R' | 'ECASD' | undefined
  /** The current directory. */
  readonly directory: string
  /** The current ADF: what 7FFF stands for. */
  readonly application?: string | undefined
  /** The current elementary file. */
  readonly file?: string | undefined
  /** Blocks of STORE DATA that wait for the last one. */
  readonly blocks?: Blocks | undefined
}

/** A block, and those before it: another one is added without a copy of them. */
export interface Blocks {
  /** Number of the next one. */
  readonly next: number
  /** Octets of all. */
  readonly length: number
  readonly last: Uint8Array
  readonly earlier: Blocks | undefined
}

export const withBlock = (earlier: Blocks | undefined, last: Uint8Array): Blocks => ({
  next: earlier ? earlier.next + 1 : 1,
  length: earlier ? earlier.length + last.length : last.length,
  last,
  earlier,
})

export function joined(blocks: Blocks): Uint8Array {
  if (!blocks.earlier) return blocks.last
  const octets = room(blocks.length)
  let end = blocks.length
  for (let block: Blocks | undefined = blocks; block; block = block.earlier) {
    end -= block.last.length
    octets.set(block.last, end)
  }
  return octets
}

export type Channels = readonly (Channel | undefined)[]

/** As many as the ATR says. */
export const CHANNELS = 4

export const MF = '3f00'
export const onMf: Channel = { directory: MF }
export const noChannels: Channels = [onMf]

export function withBlocks({ domain, directory, application, file }: Channel, blocks: Blocks | undefined): Channel {
  return { domain, directory, application, file, blocks }
}

export const isOpen = (channels: Channels, number: number): boolean => channels[number] !== undefined

export function withChannel(channels: Channels, number: number, channel: Channel | undefined): Channels {
  const changed = channels.slice()
  while (changed.length < number) changed.push(undefined)
  changed[number] = channel
  return changed
}

/** The lowest channel that is not open. */
export function freeChannel(channels: Channels): number | undefined {
  return Array.from({ length: CHANNELS }, (_, i) => i).find((number) => !isOpen(channels, number))
}

/** A channel opened from the basic one begins at the MF, from another one where that is. */
export function opened(channels: Channels, number: number, from: number): Channels {
  const origin = channels[from] ?? onMf
  return withChannel(channels, number, from === 0 ? onMf : withBlocks(origin, undefined))
}
