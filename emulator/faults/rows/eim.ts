/** Faults of the eIM. */
import { encode } from '../../../protocol/ber/index.ts'
import { ProvideEimPackageResultResponse } from '../../../protocol/sgp32/index.ts'
import type { HttpAnswer } from '../../ports/index.ts'
import { fault } from '../fault.ts'
import { withEsipaAnswer } from '../messages.ts'
import { changeAt, flipBit, tlvAt } from '../tlv.ts'
import { bit, delayMs, httpStatus } from './shared.ts'

const bare = (status: number): HttpAnswer => ({ status, headers: {}, body: new Uint8Array() })

const getEimPackage = { hop: 'eIM', message: 'ESipa.GetEimPackage' } as const

/** Random octets that happen to be no TLV. */
const garbage = (chance: () => number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xff : Math.floor(chance() * 256)))

const isPackage = (octets: Uint8Array): boolean => tlvAt(octets, [0xbf4f, 0xbf51]) !== undefined

export const eimFaults = {
  'eim/bad-package-signature': fault({
    summary: 'One bit of eimSignature is wrong.',
    place: getEimPackage,
    parameters: { bit },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence:
        'The eUICC answers with an unsigned error, which the eIM does not believe; the package is handed out again after its pause.',
    },
    source: 'SGP.32 v1.2, 5.9.1',
    layer: {
      at: 'server',
      async apply(exchange, parameters) {
        const answer = await exchange.next()
        return withEsipaAnswer(exchange, answer, (octets) =>
          changeAt(octets, [0xbf4f, 0xbf51, 0x5f37], (signature) => flipBit(signature, parameters.bit)),
        )
      },
    },
  }),
  'eim/wrong-association-token': fault({
    summary: 'The eIM signs a package over an association token that is not the one of this eUICC.',
    place: getEimPackage,
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence:
        'The eUICC answers with an unsigned error; the package is signed anew, under its counter, when it is handed out again after its pause.',
    },
    source: 'SGP.32 v1.2, 2.11.1.1: the signature covers the association token',
    layer: {
      at: 'eim-signature',
      apply: ({ octets: [signed, token, ...rest], next }) =>
        signed && token ? next([signed, changeAt(token, [0x84], (value) => flipBit(value, 7)), ...rest]) : next(),
    },
  }),
  'eim/duplicate-package': fault({
    summary: 'The eIM hands out once more the package whose result it has already.',
    place: getEimPackage,
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: {},
      shows: 'success',
      sentence: 'The eUICC answers replayError, and what the API told stays true.',
    },
    source: 'SGP.32 v1.2, 5.9.1: counterValue',
    layer: {
      at: 'server',
      async apply(exchange, _parameters, { kept }) {
        const answer = await exchange.next()
        const before = kept.get('package')
        if (before && !tlvAt(before, [0xbf4f])) return answer
        if (!before) {
          withEsipaAnswer(exchange, answer, (octets) => {
            if (isPackage(octets)) kept.set('package', octets)
            return octets
          })
          return answer
        }
        kept.set('package', new Uint8Array())
        return withEsipaAnswer(exchange, answer, () => before)
      },
    },
  }),
  'eim/status': fault({
    summary: 'ESipa answers with an HTTP error.',
    place: { hop: 'eIM', message: 'ESipa.*' },
    parameters: { status: httpStatus(500) },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The IPA ends its polling cycle; a later one gets the package.',
    },
    source: 'RFC 9110, 15.6.1',
    layer: { at: 'server', apply: async (_exchange, { status }) => bare(status) },
  }),
  'eim/garbage': fault({
    summary: 'ESipa answers with octets that are no ASN.1.',
    place: { hop: 'eIM', message: 'ESipa.*' },
    parameters: {
      octets: { type: 'integer', minimum: 1, maximum: 65_536, default: 64, description: 'length of the answer' },
    },
    seeded: 'the octets',
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The IPA ends its polling cycle; a later one gets the package.',
    },
    source: 'ITU-T X.690: octets that are no TLV',
    layer: {
      at: 'server',
      async apply({ next }, { octets }, { chance }) {
        const answer = await next()
        return { ...answer, body: garbage(chance, octets) }
      },
    },
  }),
  'eim/acknowledgement-lost': fault({
    summary: 'The eIM takes a result and acknowledges nothing.',
    place: { hop: 'eIM', message: 'ESipa.ProvideEimPackageResult' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The eUICC keeps the result, and the IPA delivers it again; the API tells one outcome once.',
    },
    source: 'SGP.32 v1.2, 2.11.2: eimAcknowledgements',
    layer: {
      at: 'server',
      async apply(exchange) {
        const answer = await exchange.next()
        const empty = encode(ProvideEimPackageResultResponse, { kind: 'emptyResponse', value: {} })
        return withEsipaAnswer(exchange, answer, () => empty)
      },
    },
  }),
  'eim/restart': fault({
    summary: 'The eIM goes away in the middle of a message and comes back with what it had stored.',
    place: { hop: 'eIM', message: 'ESipa.*' },
    parameters: { downMs: delayMs(20_000) },
    outcome: {
      procedure: 'enable',
      plan: { nth: 2, count: 1 },
      shows: 'success',
      sentence: 'The IPA and the provider wait until it is there again; nothing is done twice and nothing is lost.',
    },
    source: 'A server that is deployed anew',
    layer: {
      at: 'door',
      doors: ['esipa', 'northbound'],
      apply: ({ downMs }) => ({ state: 'closed', lastsMs: downMs }),
    },
  }),
  'eim/northbound-status': fault({
    summary: 'The northbound door answers with an HTTP error.',
    place: { hop: 'eIM', message: 'northbound.*' },
    parameters: { status: httpStatus(503) },
    outcome: {
      procedure: 'enable',
      plan: { count: 2 },
      shows: 'success',
      sentence: 'The provider asks again with the same idempotency key.',
    },
    source: 'RFC 9110, 15.6.4',
    layer: { at: 'server', apply: async (_exchange, { status }) => bare(status) },
  }),
}
