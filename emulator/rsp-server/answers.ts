/** HTTP around RSP functions: SGP.22 v2.5, 6.5.1 and 6.6. */
import type { HttpAnswer, HttpMessage } from '../ports/index.ts'

export const VERSION = 'gsma/rsp/v2.5.0'

/** An answer without a body. */
export const bare = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body: new Uint8Array(),
})

/** X-Admin-Protocol: the client's version comes back to it; a client without one is told ours. */
export function versionFor({ headers }: HttpMessage): HttpAnswer['headers'] {
  const asked = headers['x-admin-protocol'] ?? ''
  return { 'x-admin-protocol': /^gsma\/rsp\/v\d+(\.\d+){1,2}$/.test(asked) ? asked : VERSION }
}
