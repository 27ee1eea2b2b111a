/** HTTP exchanges of the client, shown to whoever wants to see them; what is secret is not shown. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | URLSearchParams
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** undefined: no body, or none that is JSON. */
  readonly json: unknown
}

/** The other side does not answer, or not in the way that it must. */
export class NoAnswer extends Error {}

export type Send = (exchange: Exchange) => Promise<Answered>

const timeoutMs = 30_000

export const createSend =
  (show: (line: string) => void): Send =>
  async ({ method, url, headers = {}, body }) => {
    const isForm = body instanceof URLSearchParams
    const sent = {
      accept: 'application/json',
      ...(body && !isForm && { 'content-type': 'application/json' }),
      ...headers,
    }
    show(`> ${method} ${url}`)
    for (const [name, value] of Object.entries(sent)) show(`> ${name}: ${shownHeader(name, value)}`)
    if (body) show(`> ${isForm ? body.toString() : shownJson(body)}`)
    const answer = await fetch(url, {
      ...{ method, headers: sent, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new NoAnswer(`${method} ${url}: ${reasonOf(cause)}`, { cause })
    })
    const text = await answer.text()
    show(`< ${answer.status}`)
    for (const name of ['x-correlator', 'location', 'www-authenticate', 'retry-after'])
      if (answer.headers.has(name)) show(`< ${name}: ${answer.headers.get(name)}`)
    const json = parsed(text)
    if (text !== '') show(`< ${shortened(json === undefined ? text : shownJson(json))}`)
    return { status: answer.status, headers: answer.headers, json }
  }

/** A whole OpenAPI document would hide the rest. */
const longestShown = 1000

const shortened = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length} characters)` : text

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const reasonOf = (error: unknown): string => {
  const { code, cause, message } = Object(error) as { code?: unknown; cause?: unknown; message?: unknown }
  return cause ? reasonOf(cause) : String(code ?? message ?? error)
}

const secretHeaders = new Set(['authorization'])
const secretMembers = new Set(['access_token', 'accessToken', 'refreshToken', 'secret', 'activationCode'])
const secret = '[not shown]'

const shownHeader = (name: string, value: string): string =>
  secretHeaders.has(name) ? `${value.split(' ')[0]} ${secret}` : value

export const shownJson = (value: unknown): string =>
  JSON.stringify(value, (name, member: unknown) => (secretMembers.has(name) ? secret : member))
