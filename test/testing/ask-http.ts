/** JSON over HTTP, as a stranger sends and reads it. */

export interface Answer {
  readonly status: number
  /** Text where the answer is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test that reads a member which is not there fails, as it should; a type for each answer would only repeat it.
  readonly body: any
}

interface Request {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export async function ask(method: string, url: string, { body, headers = {} }: Request = {}): Promise<Answer> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...content })
  const text = await answer.text()
  const isJson = text !== '' && answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text }
}
