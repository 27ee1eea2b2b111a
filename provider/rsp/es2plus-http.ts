/**
 * ES2+ of an SM-DP+ as a place where profiles are ordered: DownloadOrder, then ConfirmOrder with release. SGP.22 v2.5, 5.3.1 to 5.3.3, 6.5.2. The
 * MatchingID is ours and always the same for one profile and eUICC: by it an order is known again of which we know nothing any more.
 */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Random } from '../outside.ts'
import { createPatience } from '../patience-http.ts'
import { type TlsSettings, tlsOptions } from './fetch-http.ts'
import type { Ordered, OrderedProfile, ProfileOrders } from './orders.ts'
import { PlatformUnavailable } from './platform.ts'

export interface Es2PlusSettings extends TlsSettings {
  /** The door, without a path. */
  readonly url: string
  /** functionRequesterIdentifier: who orders. */
  readonly requester: string
  /** Sent with every order; an SM-DP+ that knows the ICCID may do without. */
  readonly profileType?: string
}

const timeoutMs = 10_000
/** More than any answer of these two functions. */
const longestAnswer = 64 * 1024

interface Answer {
  readonly header?: {
    readonly functionExecutionStatus?: {
      readonly status?: string
      readonly statusCodeData?: {
        readonly subjectCode?: string
        readonly reasonCode?: string
        readonly message?: string
      }
    }
  }
  readonly matchingId?: string
  readonly smdpAddress?: string
}

interface Around {
  readonly random: Pick<Random, 'uuid'>
  readonly closing: AbortSignal
  matchingIdOf(profile: OrderedProfile): Promise<string>
}

export const createEs2Plus = (settings: Es2PlusSettings, { random, closing, matchingIdOf }: Around): ProfileOrders => {
  const call = async (name: string, members: object): Promise<Answer> => {
    const header = { functionRequesterIdentifier: settings.requester, functionCallIdentifier: random.uuid() }
    const { status, text } = await post(settings, `/gsma/rsp2/es2plus/${name}`, {
      body: JSON.stringify({ header, ...members }),
      closing,
    })
    if (status !== 200 && status !== 400) throw new PlatformUnavailable(`ES2+ ${name}: ${status}`)
    return answerOf(name, text)
  }

  const confirm = async (profile: OrderedProfile): Promise<Ordered> => {
    const ours = await matchingIdOf(profile)
    const confirmed = await call('confirmOrder', { ...profile, matchingId: ours, releaseFlag: true })
    if (!succeeded(confirmed)) return refused('ConfirmOrder', confirmed)
    const { smdpAddress = new URL(settings.url).host, matchingId = ours } = confirmed
    return { kind: 'ordered', activationCode: `LPA:1$${smdpAddress}$${matchingId}` }
  }

  const order = async (profile: OrderedProfile): Promise<Ordered> => {
    const { profileType } = settings
    const ordered = await call('downloadOrder', { ...profile, ...(profileType !== undefined && { profileType }) })
    return succeeded(ordered) ? confirm(profile) : refused('DownloadOrder', ordered)
  }

  return {
    order,
    async reorder(profile) {
      const confirmed = await confirm(profile)
      if (confirmed.kind === 'ordered') return confirmed
      const matchingId = await matchingIdOf(profile)
      const givenBack = { ...profile, matchingId, finalProfileStatusIndicator: 'Available' }
      const cancelled = await call('cancelOrder', givenBack)
      return succeeded(cancelled) ? order(profile) : refused('CancelOrder', cancelled)
    },
  }
}

const statusOf = ({ header }: Answer) => header?.functionExecutionStatus

const succeeded = (answer: Answer): boolean => statusOf(answer)?.status === 'Executed-Success'

const refused = (name: string, answer: Answer): Ordered => {
  const { subjectCode = '', reasonCode = '', message = '' } = statusOf(answer)?.statusCodeData ?? {}
  return { kind: 'refused', detail: `${name}: ${[subjectCode, reasonCode, message].filter(Boolean).join(', ')}` }
}

const answerOf = (name: string, text: string): Answer => {
  try {
    return Object(JSON.parse(text)) as Answer
  } catch (cause) {
    throw new PlatformUnavailable(`ES2+ ${name}: no JSON`, { cause })
  }
}

interface Sent {
  readonly body: string
  readonly closing: AbortSignal
}

const post = ({ url, ...tls }: Es2PlusSettings, path: string, { body, closing }: Sent) =>
  new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const target = new URL(path, url)
    const patience = createPatience(closing, timeoutMs)
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    const headers = { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.5.0' }
    const request = send(target, { method: 'POST', headers, signal: patience.signal, agent: false, ...tlsOptions(tls) })
    const fail = (cause: unknown) => reject(new PlatformUnavailable(`ES2+ ${path}`, { cause }))
    request.on('error', fail)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > longestAnswer) request.destroy(new Error('the answer is too long'))
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', fail)
    })
    request.on('close', patience.end)
    request.end(body)
  })
