/** Faults of the network between devices and servers, and between the provider and the eIM. */
import type { HttpAnswer } from '../../ports/index.ts'
import { fault, type Outcome } from '../fault.ts'
import { delayMs, share } from './shared.ts'

const anywhere = { hop: 'network', message: '*' } as const

const succeeds = (sentence: string, plan: Outcome['plan'], procedure: Outcome['procedure'] = 'download') =>
  ({ procedure, plan, shows: 'success', sentence }) as const

const keep = ({ body }: HttpAnswer, percent: number): number => Math.floor((body.length * percent) / 100)

export const networkFaults = {
  'network/delay': fault({
    summary: 'An answer takes its time, with jitter.',
    place: anywhere,
    parameters: {
      delayMs: delayMs(2000),
      jitterMs: delayMs(500),
    },
    seeded: 'how much of the jitter is added',
    outcome: succeeds('Everything takes longer and succeeds.', {}),
    source: 'Shopify/toxiproxy: latency',
    layer: {
      at: 'server',
      async apply({ next }, parameters, { delay, chance }) {
        const answer = await next()
        await delay(parameters.delayMs + Math.round(parameters.jitterMs * chance()))
        return answer
      },
    },
  }),
  'network/request-lost': fault({
    summary: 'The connection is reset before the server has seen the request.',
    place: anywhere,
    parameters: {},
    outcome: succeeds('The request is sent again after a pause.', { nth: 2, count: 2 }),
    source: 'Shopify/toxiproxy: reset_peer',
    layer: { at: 'server', apply: async () => ({ status: 200, headers: {}, body: new Uint8Array(), cutAfter: 0 }) },
  }),
  'network/answer-lost': fault({
    summary: 'The connection is reset when the server has done what it was asked, before its answer.',
    place: anywhere,
    parameters: {},
    outcome: succeeds('The request is sent again; what was done is not done twice.', { nth: 2, count: 1 }, 'enable'),
    source: 'Shopify/toxiproxy: reset_peer, behind the server',
    layer: { at: 'server', apply: async ({ next }) => ({ ...(await next()), cutAfter: 0 }) },
  }),
  'network/cut': fault({
    summary: 'The connection is reset in the middle of the body of an answer.',
    place: anywhere,
    parameters: {
      octet: { type: 'integer', minimum: 1, default: 1, description: 'octets of the body that still arrive' },
    },
    outcome: succeeds('The request is sent again; what was done is not done twice.', { nth: 1, count: 1 }, 'enable'),
    source: 'Shopify/toxiproxy: limit_data',
    layer: { at: 'server', apply: async ({ next }, { octet }) => ({ ...(await next()), cutAfter: octet }) },
  }),
  'network/body-truncated': fault({
    summary: 'A part of the body is missing, and the length says so.',
    place: anywhere,
    parameters: { keepPercent: share('of the body that arrive') },
    outcome: succeeds('The polling cycle ends, and a later one gets the package.', { nth: 1, count: 1 }, 'enable'),
    source: 'Middle boxes that rewrite the length',
    layer: {
      at: 'server',
      async apply({ next }, { keepPercent }) {
        const answer = await next()
        return { ...answer, body: answer.body.slice(0, keep(answer, keepPercent)) }
      },
    },
  }),
  'network/bit-flip': fault({
    summary: 'One bit of the body of an answer is another one.',
    place: anywhere,
    parameters: {},
    seeded: 'which bit',
    outcome: {
      procedure: 'download',
      plan: { count: 1 },
      message: 'ES9+.GetBoundProfilePackage',
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      sentence: 'The IPA or the eUICC notices and ends the download.',
    },
    source: 'Broken middle boxes behind TLS',
    layer: {
      at: 'server',
      async apply({ next }, _parameters, { chance }) {
        const answer = await next()
        const body = answer.body.slice()
        const at = Math.floor(chance() * body.length)
        body[at] = (body[at] ?? 0) ^ 0x40
        return { ...answer, body }
      },
    },
  }),
  'network/duplicate-request': fault({
    summary: 'A request arrives twice; the second answer is the one that is seen.',
    place: anywhere,
    parameters: {},
    outcome: succeeds('The second one finds done what the first one asked for.', { nth: 2, count: 1 }, 'enable'),
    source: 'Proxies that retry, RFC 9110, 9.2.2',
    layer: {
      at: 'server',
      async apply({ next }) {
        await next()
        return next()
      },
    },
  }),
  'network/content-type': fault({
    summary: 'The answer claims to be something else.',
    place: anywhere,
    parameters: {
      contentType: { type: 'string', default: 'text/html', pattern: '^[^\\r\\n]{1,100}$', description: 'media type' },
    },
    outcome: succeeds('The octets are right: the IPA reads them all the same.', {}),
    source: 'Captive portals',
    layer: {
      at: 'server',
      async apply({ next }, { contentType }) {
        const answer = await next()
        return { ...answer, headers: { ...answer.headers, 'content-type': contentType } }
      },
    },
  }),
  'network/redirect': fault({
    summary: 'The answer is a redirect to somewhere else.',
    place: anywhere,
    parameters: {
      location: {
        type: 'string',
        default: 'https://portal.invalid/',
        pattern: '^https?://[!-~]{1,200}$',
        description: 'where it points',
      },
      status: { type: 'integer', enum: [301, 302, 303, 307, 308], default: 302, description: 'HTTP status' },
    },
    outcome: succeeds(
      'Nobody follows it: the polling cycle ends, and a later one gets the package.',
      { nth: 1, count: 1 },
      'enable',
    ),
    source: 'Captive portals',
    layer: {
      at: 'server',
      apply: async (_exchange, { location, status }) => ({ status, headers: { location }, body: new Uint8Array() }),
    },
  }),
  'network/lost-at-random': fault({
    summary: 'Connections are reset at random before the server has seen the request.',
    place: anywhere,
    parameters: {},
    outcome: succeeds('Requests are sent again after a pause.', { chance: 0.2, count: 6 }),
    source: 'letsencrypt/pebble#321: random faults must be reproducible',
    layer: { at: 'server', apply: async () => ({ status: 200, headers: {}, body: new Uint8Array(), cutAfter: 0 }) },
  }),
}
