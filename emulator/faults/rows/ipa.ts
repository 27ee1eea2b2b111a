/** Faults of the agent in the device. */
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { ProvideEimPackageResultResponse } from '../../../protocol/sgp32/index.ts'
import type { HttpAnswer } from '../../ports/index.ts'
import { type Exchange, fault } from '../fault.ts'
import { isAsn1, withEsipaAnswer, withEsipaRequest } from '../messages.ts'
import { changeAt, flipBit, tlvAt } from '../tlv.ts'
import { delayMs } from './shared.ts'

/** As if the eIM had taken the result without acknowledging anything. */
function taken(exchange: Exchange): HttpAnswer {
  const octets = encode(ProvideEimPackageResultResponse, { kind: 'emptyResponse', value: {} })
  const contentType = isAsn1(exchange.message) ? 'application/x-gsma-rsp-asn1' : 'application/json;charset=UTF-8'
  return withEsipaAnswer(
    exchange,
    { status: 200, headers: { 'content-type': contentType }, body: octets },
    () => octets,
  )
}

/** euiccPackageErrorUnsigned with an empty eimId, which says nothing. */
const unsigned = fromHex('bf5104a2028000')

export const ipaFaults = {
  'ipa/offline': fault({
    summary: 'The device has no connectivity: whatever its IPA sends is lost.',
    place: { hop: 'IPA', message: '*' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: {},
      shows: 'pending',
      sentence: 'The operation stays accepted until the device is there again, or until its time limit passes.',
    },
    source: 'camaraproject/APIBacklog#140: is an operation buffered for an offline device?',
    layer: { at: 'client', apply: () => Promise.reject(new Error('The device has no connectivity.')) },
  }),
  'ipa/late-poll': fault({
    summary: 'The IPA asks for its packages late.',
    place: { hop: 'IPA', message: 'ESipa.GetEimPackage' },
    parameters: { delayMs: delayMs(300_000) },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The operation stays accepted until the poll, and then succeeds.',
    },
    source: 'Devices that sleep between polls',
    layer: {
      at: 'client',
      async apply({ next }, parameters, { delay }) {
        await delay(parameters.delayMs)
        return next()
      },
    },
  }),
  'ipa/lost-result': fault({
    summary: 'The IPA takes a result for delivered that it never sent.',
    place: { hop: 'IPA', message: 'ESipa.ProvideEimPackageResult' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence:
        'The eUICC keeps what nobody has acknowledged: the IPA delivers it again before it asks for anything else.',
    },
    source: 'Iapyx/onomondo-ipa#3: enable succeeds on the eUICC but is never reported',
    layer: { at: 'client', apply: async (exchange) => taken(exchange) },
  }),
  'ipa/duplicate-result': fault({
    summary: 'The IPA sends a result twice.',
    place: { hop: 'IPA', message: 'ESipa.ProvideEimPackageResult' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The eIM takes the first and acknowledges the second as known; the API tells one outcome once.',
    },
    source: 'A retry after a lost answer: SGP.32 v1.2, 2.11.2',
    layer: {
      at: 'client',
      async apply({ next }) {
        await next()
        return next()
      },
    },
  }),
  'ipa/crash': fault({
    summary: 'The IPA dies before it sends a message, and starts again after a while.',
    place: { hop: 'IPA', message: '*' },
    parameters: { restartMs: delayMs(5000) },
    outcome: {
      procedure: 'download',
      plan: { nth: 3, count: 1 },
      shows: 'success',
      sentence: 'The IPA goes on with what the eUICC and its own memory kept; the package is carried out once.',
    },
    source: 'lpac#101: recovery of a failed download',
    layer: { at: 'client', apply: (_exchange, { restartMs }, { crashIpa }) => crashIpa(restartMs) },
  }),
  'ipa/wrong-eim-transaction-id': fault({
    summary: 'The IPA reports a download under an eimTransactionId that the eIM never gave out.',
    place: { hop: 'IPA', message: 'ESipa.ProvideEimPackageResult' },
    parameters: {},
    outcome: {
      procedure: 'download',
      plan: { count: 1 },
      shows: 'success',
      sentence:
        'The eUICC has signed from which SM-DP+ the profile is: the eIM takes it for the download from there that is under way.',
    },
    source: 'Iapyx/onomondo-ipa#31: eimTransactionId is not echoed',
    layer: {
      at: 'client',
      apply: (exchange) =>
        exchange.next(
          withEsipaRequest(exchange, (octets) =>
            changeAt(octets, [0xbf50, 0xbf54, 0x82], (content) => flipBit(content, 7)),
          ),
        ),
    },
  }),
  'ipa/unsigned-result': fault({
    summary: 'Instead of the result that the eUICC has signed the IPA sends an unsigned error.',
    place: { hop: 'IPA', message: 'ESipa.ProvideEimPackageResult' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'success',
      sentence: 'The eIM does not believe it; the eUICC keeps the signed result, and the IPA delivers that next.',
    },
    source: 'SGP.32 v1.2, 2.11.2.1: euiccPackageErrorUnsigned',
    layer: {
      at: 'client',
      apply: (exchange) =>
        exchange.next(
          withEsipaRequest(exchange, (octets) => {
            const signed = tlvAt(octets, [0xbf50, 0xbf51]) ?? tlvAt(octets, [0xbf50, 0x30, 0xbf51])
            if (!signed) return octets
            return changeAt(octets, [0xbf50], (content) => Buffer.concat([content.subarray(0, 18), unsigned]))
          }),
        ),
    },
  }),
  'ipa/notification-not-sent': fault({
    summary: 'The IPA takes a notification for delivered that it never sent.',
    place: { hop: 'IPA', message: 'ES9+.HandleNotification' },
    parameters: {},
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'success',
      sentence: 'Nothing at the API; the SM-DP+ never learns that its profile is installed.',
    },
    source: 'openpilot#38241: notifications forgotten',
    layer: { at: 'client', apply: async () => ({ status: 204, headers: {}, body: new Uint8Array() }) },
  }),
}
