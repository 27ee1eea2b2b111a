/** ES10b.eUICCMemoryReset: SGP.32 v1.2, 5.9.5, sent on a logical channel of its own beside the IPA, as a terminal does. */
import { concatOctets, decode, encode, fromHex } from '../../protocol/ber/index.ts'
import { aids } from '../../protocol/codes/index.ts'
import { EuiccMemoryResetRequest, EuiccMemoryResetResponse } from '../../protocol/sgp32/index.ts'
import type { CardChannel } from '../ports/index.ts'

export type ResetOption = EuiccMemoryResetRequest['resetOptions'][number]

const OPEN_CHANNEL = fromHex('0070000001')
const SUCCESS = 0x9000

/** Answers with the response, or with the status word of the command that the card refused. */
export async function resetMemory(
  card: CardChannel,
  resetOptions: readonly ResetOption[],
): Promise<EuiccMemoryResetResponse | { readonly refused: string }> {
  const opened = await send(card, OPEN_CHANNEL)
  if (opened.statusWord !== SUCCESS) return { refused: toWord(opened.statusWord) }
  const channel = opened.data[0] ?? 1
  const request = encode(EuiccMemoryResetRequest, { resetOptions: [...resetOptions] })
  try {
    const selected = await send(
      card,
      concatOctets(Uint8Array.of(channel, 0xa4, 0x04, 0x00, aids.isdR.length), aids.isdR, Uint8Array.of(0)),
    )
    if (selected.statusWord !== SUCCESS) return { refused: toWord(selected.statusWord) }
    const header = Uint8Array.of(0x80 | channel, 0xe2, 0x91, 0x00, request.length)
    const answer = await send(card, concatOctets(header, request, Uint8Array.of(0)))
    if (answer.statusWord >> 8 !== 0x91 && answer.statusWord !== SUCCESS) return { refused: toWord(answer.statusWord) }
    return decode(EuiccMemoryResetResponse, answer.data)
  } finally {
    await send(card, Uint8Array.of(0x00, 0x70, 0x80, channel, 0x00))
  }
}

const toWord = (statusWord: number): string => statusWord.toString(16).padStart(4, '0')

/** With GET RESPONSE while the card announces more. */
async function send(card: CardChannel, command: Uint8Array): Promise<{ data: Uint8Array; statusWord: number }> {
  const parts: Uint8Array[] = []
  let next = command
  for (;;) {
    const answer = await card.transmit(next)
    const [sw1 = 0, sw2 = 0] = answer.subarray(-2)
    parts.push(answer.subarray(0, -2))
    if (sw1 !== 0x61) return { data: concatOctets(...parts), statusWord: (sw1 << 8) | sw2 }
    next = Uint8Array.of((command[0] ?? 0) & 0x03, 0xc0, 0x00, 0x00, sw2)
  }
}
