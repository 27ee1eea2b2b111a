/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request that starts an operation and comes again with the same key is answered as
 * it was the first time, and nothing happens twice. A request that was refused left nothing behind, and is looked at anew.
 */
import { createHash } from 'node:crypto'
import type { Repeatable } from '../operations/operation.ts'
import { type Refusal, refuse } from './errors.ts'
import type { HttpMessage } from './message.ts'

/** Visible characters, as a structured string in quotes or as they are. */
const wellFormed = /^(?:"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,255}"|[\x21\x23-\x7e]{1,255})$/

/** undefined: no key was sent. */
export const repeatableOf = (
  { method, path, headers }: HttpMessage,
  client: string,
  body: unknown,
): Repeatable | Refusal | undefined => {
  const sent = headers['idempotency-key']
  if (sent === undefined) return undefined
  if (!wellFormed.test(sent)) return refuse('INVALID_ARGUMENT', 'Idempotency-Key must be 1 to 255 visible characters.')
  const asked = `${method} ${path}\n${JSON.stringify(body)}`
  return { client, key: sent.replaceAll('"', ''), fingerprint: createHash('sha256').update(asked).digest('base64url') }
}

export const usedOtherwise = refuse('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came with another request before.')
