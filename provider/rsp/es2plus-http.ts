/** ES2+ of an SM-DP+ as a place where profiles are ordered: DownloadOrder, then ConfirmOrder with release. SGP.22 v2.5, 5.3.1, 5.3.2, 6.5.2. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Random } from '../outside.ts'
import { createPatience } from '../patience-http.ts'
import { type TlsSettings, tlsOptions } from './fetch-http.ts'
import type { Ordered, ProfileOrders } from './orders.ts'
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

export const createEs2Plus = (settings: Es2PlusSettings, random: Random, closing: AbortSignal): ProfileOrders => {
  const call = async (name: string, members: object): Promise<Answer> => {
    const header = { functionRequesterIdentifier: settings.requester, functionCallIdentifier: random.uuid() }
    const { status, text } = await post(settings, `/gsma/rsp2/es2plus/${name}`, {
      body: JSON.stringify({ header, ...members }),
      closing,
    })
    if (status !== 200 && status !== 400) throw new PlatformUnavailable(`ES2+ ${name}: ${status}`)
    return answerOf(name, text)
  }

  return {
    async order({ eid, iccid }) {
      const { profileType } = settings
      const ordered = await call('downloadOrder', { eid, iccid, ...(profileType !== undefined && { profileType }) })
      if (!succeeded(ordered)) return refused('DownloadOrder', ordered)
      const confirmed = await call('confirmOrder', { eid, iccid, releaseFlag: true })
      if (!succeeded(confirmed)) return refused('ConfirmOrder', confirmed)
      const { smdpAddress = new URL(settings.url).host, matchingId = '' } = confirmed
      return { kind: 'ordered', activationCode: `LPA:1$${smdpAddress}$${matchingId}` }
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
