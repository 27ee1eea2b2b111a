/** What of a message is to be judged by the control API: DER with signatures or certificates in it, in hexadecimal. */
import { encode, fromHex, sequenceOf, slice, toHex } from '../../../../protocol/ber/index.ts'
import { TransactionId } from '../../../../protocol/sgp22/index.ts'
import type { Message } from '../api/contract.ts'
import { inspect } from './inspect.ts'

/** Tags of what is signed, or carries what is; `30`: a notification, which begins with its metadata. */
const signed = /^(bf(2b|21|36|37|38|39|3a|3b|41|4f|50|51|52|53|54|56)|30.{2,8}bf2f)/

const MOST = 16

export function signedOctets(message: Message): readonly string[] {
  const found = [...inFields(message.json), ...inspect(message).buffers].map(toHex)
  return found.filter((octets) => signed.test(octets)).slice(0, MOST)
}

/** ES9+ and ES11 answer in JSON what their ASN.1 has as one message, field by field: SGP.22 v2.5, 6.5.2. */
const answers: readonly { readonly tag: number; readonly fields: readonly string[] }[] = [
  { tag: 0xbf39, fields: ['serverSigned1', 'serverSignature1', 'euiccCiPKIdToBeUsed', 'serverCertificate'] },
  { tag: 0xbf3b, fields: ['profileMetadata', 'smdpSigned2', 'smdpSignature2', 'smdpCertificate'] },
]

const Fields = sequenceOf(0xa0, slice())

function inFields(json: unknown): readonly Uint8Array[] {
  const members = (json ?? {}) as Readonly<Record<string, unknown>>
  const { transactionId } = members
  if (typeof transactionId !== 'string') return []
  return answers.flatMap(({ tag, fields }) => {
    const values = fields.map((name) => members[name])
    if (!values.every((value) => typeof value === 'string')) return []
    const content = [encode(TransactionId, transactionId), ...values.map((value) => fromBase64(value))]
    return [encode(sequenceOf(tag, slice()), [encode(Fields, content)])]
  })
}

const fromBase64 = (text: string): Uint8Array => fromHex(Array.from(atob(text), (c) => hex(c.charCodeAt(0))).join(''))
const hex = (octet: number): string => octet.toString(16).padStart(2, '0')
