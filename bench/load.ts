/** In a process of its own, so that it is not counted: the consumer that asks, and an eIM that knows one profile and never finishes a package. */
import { Agent, createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** To this process. */
export interface Load {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** One after the other. */
  readonly times: number
  readonly status: number
}

const profile = { iccid: '8901000000000000001', state: 'disabled', fallbackAttribute: false, fallbackAllowed: false }
const eid = '89049032000000000000000000000001'
const answers: Readonly<Record<string, object>> = {
  [`/eim/v1/profiles/${profile.iccid}`]: { eid, ...profile },
  [`/eim/v1/euiccs/${eid}`]: { eid, profiles: [profile] },
  [`/eim/v1/euiccs/${eid}/packages`]: { packageId: 'p', eid, state: 'queued' },
  '/eim/v1/packages/p': { packageId: 'p', eid, state: 'queued' },
}

const answer = (path: string, response: ServerResponse): void => {
  if (path === '/eim/v1/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
  else {
    const found = answers[path]
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
  }
}

const agent = new Agent({ keepAlive: true })

const ask = ({ method, url, headers, body, status }: Load): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        response.statusCode === status ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      )
    })
    asked.on('error', reject).end(body)
  })

process.on('message', async (load: Load) => {
  try {
    let last = ''
    for (let turn = 0; turn < load.times; turn++) last = await ask(load)
    process.send?.({ last })
  } catch (error) {
    process.send?.({ problem: String(error) })
  }
})
process.on('disconnect', () => process.exit())

const eim = createServer((incoming, response) => {
  incoming.resume().on('end', () => answer(incoming.url ?? '', response))
}).listen(0, '127.0.0.1', () => process.send?.({ eim: `http://127.0.0.1:${(eim.address() as AddressInfo).port}` }))
