/** `--card vpcd://HOST:PORT`: vsmartcard's virtual reader, into which somebody else puts a card; our IPA drives it. */
import { listenAsVpcd } from '../emulator/reader/index.ts'
import type { ForeignDevice, Testbed } from '../emulator/testbed/index.ts'
import { UsageError } from './command.ts'

export interface ReaderAddress {
  readonly host: string
  readonly port: number
}

/** Throws UsageError. */
export function readerAddress(text: string): ReaderAddress {
  const [, host, digits] = /^vpcd:\/\/([^/]+):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (host === undefined || port > 65_535) throw new UsageError(`--card takes vpcd://HOST:PORT, not ${text}.`)
  return { host, port }
}

interface ForeignReader {
  readonly port: number
  close(): Promise<void>
}

/** Every card that is put into the reader becomes a device, until the next one; `tell` is told what becomes of each. */
export async function openReader(
  { host, port }: ReaderAddress,
  insertCard: Testbed['insertCard'],
  tell: (sentence: string) => void,
): Promise<ForeignReader> {
  const reader = await listenAsVpcd(host, port)
  let device: ForeignDevice | undefined
  const waitForCards = async (): Promise<void> => {
    const card = await reader.card()
    device?.stop()
    device = await insertCard(card).catch((error: Error) => void tell(`card refused: ${error.message}`))
    if (device) tell(`card attached: ${device.eid}`)
    return waitForCards()
  }
  void waitForCards()
  return {
    port: reader.port,
    async close() {
      device?.stop()
      await reader.close()
    },
  }
}
