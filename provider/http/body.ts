/** A request's body: there at all, media type, size, JSON, in that order. */
import { duplicateName } from './duplicate-names.ts'
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
  return parse(body)
}

const parse = (body: Uint8Array): ReturnType<typeof readJson> => {
  try {
    const text = utf8.decode(body)
    const value: unknown = JSON.parse(text)
    const twice = duplicateName(text)
    return twice === undefined ? { kind: 'json', value } : refuse('INVALID_ARGUMENT', nameTwice(twice))
  } catch {
    return notJson
  }
}

/** A byte order mark is not JSON (RFC 8259, 8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name may be as long as its sender likes. */
const nameTwice = (name: string): string => `The name ${name.slice(0, 100)} is twice in one object.`

const notJson = refuse('INVALID_ARGUMENT', 'The body is not JSON in UTF-8.')
