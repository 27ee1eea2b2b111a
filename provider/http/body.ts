/** A request's body: there at all, media type, size, JSON, in that order. */
import { type Refusal, refuse } from './errors.ts'
import type { HttpMessage } from './message.ts'

export const bodyLimit = 64 * 1024

export const readJson = ({
  headers,
  body,
}: HttpMessage): { readonly kind: 'json'; readonly value: unknown } | Refusal => {
  if (body instanceof Uint8Array && body.length === 0) return refuse('INVALID_ARGUMENT', 'The body is missing.')
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json' || body === 'encoded')
    return refuse('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json without a content coding.')
  if (body === 'too-large')
    return refuse('INVALID_ARGUMENT', `The body is larger than ${bodyLimit} octets.`, { status: 413 })
  if (body === 'unreadable') return notJson
  try {
    return { kind: 'json', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return notJson
  }
}

const notJson = refuse('INVALID_ARGUMENT', 'The body is not JSON in UTF-8.')
