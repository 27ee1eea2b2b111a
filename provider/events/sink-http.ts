/** One attempt to deliver an event: a POST in CloudEvents structured mode. Redirects are not followed; the answer's body is not read. */
import { lookup as resolve } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { SinkPolicy } from '../config.ts'
import { createPatience } from '../patience-http.ts'
import type { Parcel } from '../store/outbox.ts'
import type { Reception } from './delivery.ts'
import { isSpecial, sinkProblem } from './sink-address.ts'

/** The sink resolves to an address to which no event may go. */
const notAllowed = 'ESINKNOTALLOWED'

export type SendEvent = (parcel: Parcel, closing: AbortSignal) => Promise<Reception | 'sink-not-allowed'>

export const createSender =
  (policy: SinkPolicy): SendEvent =>
  (parcel, closing) => {
    if (sinkProblem(parcel.callback.sink, policy)) return Promise.resolve('sink-not-allowed')
    const url = new URL(parcel.callback.sink)
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((settle) => {
      const body = Buffer.from(parcel.envelope, 'utf8')
      const patience = createPatience(closing, policy.timeoutMs)
      const request = send(url, {
        method: 'POST',
        headers: headersOf(parcel, body.length),
        lookup: policy.allowPrivateAddresses ? resolve : publicOnly,
        signal: patience.signal,
        agent: false,
      })
      request.on('response', (response) => {
        settle({ kind: 'answered', status: response.statusCode ?? 0 })
        response.destroy()
      })
      request.on('error', (error: NodeJS.ErrnoException) =>
        settle(error.code === notAllowed ? 'sink-not-allowed' : { kind: 'failed', why: error.code ?? error.message }),
      )
      request.on('close', patience.end)
      request.end(body)
    })
  }

const headersOf = ({ callback: { credential }, correlator }: Parcel, length: number) => ({
  'content-type': 'application/cloudevents+json',
  'content-length': length,
  'x-correlator': correlator,
  ...(credential && { authorization: `${credential.scheme} ${credential.value}` }),
})

/** Judges what the connection will really use, so a name cannot change its address between the check and the use. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '')
    const [first] = addresses
    if (!first || addresses.some(({ address }) => isSpecial(address)))
      return callback(Object.assign(new Error(`${hostname} is not public`), { code: notAllowed }), '')
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}
