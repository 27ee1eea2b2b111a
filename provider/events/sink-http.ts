/** One attempt to deliver an event: a POST in CloudEvents structured mode. The answer's body is not read. */
import type { SinkPolicy } from '../config.ts'
import type { Parcel } from '../store/outbox.ts'
import type { Reception } from './delivery.ts'
import { postOutside } from './post-http.ts'

export type SendEvent = (parcel: Parcel, closing: AbortSignal) => Promise<Reception | 'sink-not-allowed'>

export const createSender =
  (policy: SinkPolicy): SendEvent =>
  async (parcel, closing) => {
    const { callback, envelope } = parcel
    const answer = await postOutside(policy, {
      url: callback.sink,
      headers: headersOf(parcel),
      text: envelope,
      closing,
    })
    if (answer === 'not-allowed') return 'sink-not-allowed'
    return answer.kind === 'answered' ? { kind: 'answered', status: answer.status } : answer
  }

const headersOf = ({ callback: { credential }, correlator }: Parcel) => ({
  'content-type': 'application/cloudevents+json',
  'x-correlator': correlator,
  ...(credential && { authorization: `${credential.scheme} ${credential.value}` }),
})
