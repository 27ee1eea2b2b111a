/** Octets as people have them: hexadecimal, base64, PEM, or a file (`-`: standard input) of any of these or of the octets themselves. */
import { readFileSync } from 'node:fs'
import { fromHex } from '../protocol/ber/index.ts'

/** Throws the error of the file system for a text that is neither octets nor a readable file. */
export function readOctets(operand: string): Uint8Array {
  const said = octetsIn(operand)
  if (said && operand !== '-') return said
  const content = readFileSync(operand === '-' ? 0 : operand)
  return octetsIn(content.toString('latin1')) ?? content
}

function octetsIn(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s/g, '')
  if (/^([0-9a-fA-F]{2})+$/.test(compact)) return fromHex(compact)
  const [, pem] = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(text) ?? []
  if (pem !== undefined) return new Uint8Array(Buffer.from(pem, 'base64'))
  const isBase64 = compact.length >= 8 && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact)
  return isBase64 ? new Uint8Array(Buffer.from(compact, 'base64')) : undefined
}
