/** Calls of the control API, relative to where the page was served. */

export const BASE = '/testbed/v1'
const KEY = 'esim-testbed.token'

/** A problem (RFC 9457) as the API answered it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** From `#token=…`, which no server sees, or as it was typed in; kept until the tab is closed. */
export function readToken(): string {
  const given = /[#&]token=([^&]+)/.exec(location.hash)?.[1]
  if (given === undefined) return sessionStorage.getItem(KEY) ?? ''
  keepToken(decodeURIComponent(given))
  history.replaceState(null, '', location.pathname)
  return decodeURIComponent(given)
}

export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token)

export const authorization = (): Record<string, string> => {
  const token = readToken()
  return token ? { authorization: `Bearer ${token}` } : {}
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(BASE + path, { method, headers: { ...authorization(), ...type }, ...json })
  return read<T>(answer, `${method} ${path}`)
}

async function read<T>(answer: Response, asked: string): Promise<T> {
  const text = await answer.text()
  if (!answer.ok) throw new ApiError(answer.status, problemOf(text) ?? `${asked}: ${answer.status}`)
  return (text && isJson(answer) ? JSON.parse(text) : text) as T
}

/** Sends a file as it is. */
export async function send<T>(
  method: string,
  path: string,
  { text, type }: { text: string; type: string },
): Promise<T> {
  const answer = await fetch(BASE + path, { method, headers: { ...authorization(), 'content-type': type }, body: text })
  return read<T>(answer, `${method} ${path}`)
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path)

const isJson = (answer: Response): boolean => /^application\/json/.test(answer.headers.get('content-type') ?? '')

function problemOf(text: string): string | undefined {
  try {
    const { title, detail } = JSON.parse(text)
    return [title, detail].filter(Boolean).join(': ')
  } catch {
    return undefined
  }
}
