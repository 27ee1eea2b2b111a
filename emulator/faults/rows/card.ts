/** Faults of the eUICC and of the reader in front of it. */
import { concatOctets, encode, fromHex, integer, octetString } from '../../../protocol/ber/index.ts'
import { type CardExchange, type FunctionAnswer, fault } from '../fault.ts'
import { changeAt, flipBit, tlvAt } from '../tlv.ts'
import { bit, delayMs, share } from './shared.ts'

const statusWord = {
  type: 'string',
  pattern: '^[0-9a-fA-F]{4}$',
  default: '6f00',
  description: 'status word in hexadecimal',
} as const

const failWith = async (word: string): Promise<FunctionAnswer> => ({
  data: new Uint8Array(),
  statusWord: Number.parseInt(word, 16),
})

/** EuiccPackageResultDataSigned with another counterValue, signed as the eUICC would. */
async function withCounter({ next, signAnew }: CardExchange, add: number): Promise<FunctionAnswer> {
  const answer = await next()
  const data = tlvAt(answer.data, [0xbf51, 0xa0, 0x30])
  if (!data) return answer
  const changed = changeAt(data, [0x30, 0x81], (content) => {
    const value = content.reduce((sum, octet) => sum * 256 + octet, 0) + add
    return encode(integer(0x81), value).subarray(2)
  })
  const signature = signAnew(data, changed)
  if (!signature) return answer
  const body = concatOctets(changed, encode(octetString(0x5f37), signature))
  return { ...answer, data: changeAt(answer.data, [0xbf51, 0xa0], () => body) }
}

/** RetrieveNotificationsListResponse with an empty list. */
const noNotifications = fromHex('bf2b02a000')

export const cardFaults = {
  'card/cat-busy': fault({
    summary: 'A proactive session goes on that the card cannot end: it refuses to switch profiles.',
    place: { hop: 'card', message: 'ES10.LoadEuiccPackage' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: {},
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      details: 'catBusy',
      sentence: 'The operation fails with the word of the card; the profiles stay as they were.',
    },
    source: 'SGP.32 v1.2, 3.4.1; openpilot#37779: catBusy when profiles are switched often',
    layer: { at: 'condition', apply: () => ({ busy: true }) },
  }),
  'card/memory-full': fault({
    summary: 'The card has less memory for profiles than the profile needs.',
    place: { hop: 'card', message: 'ES10.LoadBoundProfilePackage' },
    parameters: {
      octets: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'octets of non-volatile memory that the card has for all its profiles',
      },
    },
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      details: 'installFailedDueToInsufficientMemoryForProfile',
      sentence: 'The download fails with the reason that the eUICC has signed.',
    },
    source: 'SGP.22 v2.5, 2.5.6',
    layer: { at: 'condition', apply: ({ octets }) => ({ nonVolatileMemory: octets }) },
  }),
  'card/power-loss': fault({
    summary:
      'The card loses its power instead of carrying out a function: channels, sessions and half a profile are gone.',
    place: { hop: 'card', message: 'ES10.*' },
    parameters: {
      executed: {
        type: 'boolean',
        default: false,
        description: 'lose it behind the function, before its answer is read',
      },
    },
    outcome: {
      procedure: 'download',
      plan: { nth: 12, count: 1 },
      shows: 'success',
      sentence: 'The IPA starts the card again and repeats the download from its beginning.',
    },
    source: 'lpac#101, openpilot#37890: recovery of a broken download',
    layer: {
      at: 'card',
      async apply({ next, losePower }, { executed }) {
        if (executed) await next()
        return losePower()
      },
    },
  }),
  'card/status-word': fault({
    summary: 'A function is answered with a status word that tells of an error, and nothing is done.',
    place: { hop: 'card', message: 'ES10.*' },
    parameters: { statusWord },
    outcome: {
      procedure: 'download',
      plan: { nth: 4 },
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      sentence: 'A download whose functions the card does not carry out fails.',
    },
    source: 'ISO/IEC 7816-4, 5.6: 6F00; seen on BPP segments as 6A80: lpac#101',
    layer: { at: 'card', apply: (_exchange, parameters) => failWith(parameters.statusWord) },
  }),
  'card/package-not-carried-out': fault({
    summary: 'An eUICC package is answered with a status word that tells of an error.',
    place: { hop: 'card', message: 'ES10.LoadEuiccPackage' },
    parameters: { statusWord },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      details: 'undefinedError',
      sentence: 'The IPA reports eimPackageError, and the operation fails.',
    },
    source: 'SGP.32 v1.2, 3.3.1: eimPackageError of the IPA',
    layer: { at: 'card', apply: (_exchange, parameters) => failWith(parameters.statusWord) },
  }),
  'card/channel-lost': fault({
    summary: 'The logical channel to the ISD-R is closed behind the back of the IPA.',
    place: { hop: 'card', message: 'ES10.*' },
    parameters: {},
    outcome: {
      procedure: 'enable',
      plan: { nth: 1, count: 1 },
      shows: 'success',
      sentence: 'The IPA opens the channel again.',
    },
    source: 'Iapyx/onomondo-ipa#3: the card needs a reset and never gets one',
    layer: { at: 'card', apply: () => failWith('6881') },
  }),
  'card/slow': fault({
    summary: 'The card takes its time for a function.',
    place: { hop: 'card', message: 'ES10.*' },
    parameters: { delayMs: delayMs(3000) },
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'success',
      sentence: 'The download takes longer and succeeds.',
    },
    source: 'eqSIM: AuthenticateServer 3,016 ms, PrepareDownload 3,707 ms on real silicon',
    layer: {
      at: 'card',
      async apply({ next }, parameters, { delay }) {
        await delay(parameters.delayMs)
        return next()
      },
    },
  }),
  'card/answer-truncated': fault({
    summary: 'The card ends its answer too early.',
    place: { hop: 'card', message: 'ES10.*' },
    parameters: { keepPercent: share('of the answer that arrive') },
    outcome: {
      procedure: 'download',
      plan: { nth: 5, count: 1 },
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      sentence: 'The IPA cannot read the answer and stops the download.',
    },
    source: 'Readers that drop GET RESPONSE',
    layer: {
      at: 'card',
      async apply({ next }, { keepPercent }) {
        const { data, statusWord: word } = await next()
        return { data: data.slice(0, Math.floor((data.length * keepPercent) / 100)), statusWord: word }
      },
    },
  }),
  'card/session-signature-corrupt': fault({
    summary: 'One bit of euiccSignature1 is wrong.',
    place: { hop: 'card', message: 'ES10.AuthenticateServer' },
    parameters: { bit },
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'failed',
      code: 'ESIM_DOWNLOAD_FAILED',
      details: '8.1',
      sentence: 'The SM-DP+ refuses the eUICC, and the download fails with its codes.',
    },
    source: 'SGP.22 v2.5, 5.6.3: verification of euiccSignature1',
    layer: { at: 'card-signature', apply: ({ next }, parameters) => flipBit(next(), parameters.bit) },
  }),
  'card/result-signature-corrupt': fault({
    summary: 'One bit of the signature of an eUICC Package Result is wrong.',
    place: { hop: 'card', message: 'ES10.LoadEuiccPackage' },
    parameters: { bit },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      details: 'replayError',
      sentence:
        'The eIM counts it and believes nothing. It hands the package out again, the eUICC answers replayError and keeps no better result: the operation fails, and the inventory shows what the card has done.',
    },
    source: 'SGP.32 v1.2, 2.11.2.1; openiotrsp interpretation log',
    layer: { at: 'card-signature', apply: ({ next }, parameters) => flipBit(next(), parameters.bit) },
  }),
  'card/wrong-counter': fault({
    summary: 'The result of an eUICC package carries, rightly signed, the counter of another one.',
    place: { hop: 'card', message: 'ES10.LoadEuiccPackage' },
    parameters: {
      add: { type: 'integer', minimum: 1, maximum: 1000, default: 1, description: 'added to counterValue' },
    },
    outcome: {
      procedure: 'enable',
      plan: { count: 1 },
      shows: 'failed',
      code: 'ESIM_OPERATION_FAILED',
      sentence:
        'No package under way has this counter. It is handed out again, the eUICC answers replayError and keeps no other result: the operation fails, and the inventory shows what the card has done.',
    },
    source: 'SGP.32 v1.2, 2.11.2.1: counterValue of the result',
    layer: { at: 'card', apply: (exchange, { add }) => withCounter(exchange, add) },
  }),
  'card/notifications-lost': fault({
    summary: 'The card says that it has no notifications.',
    place: { hop: 'card', message: 'ES10.RetrieveNotificationsList' },
    parameters: {},
    outcome: {
      procedure: 'download',
      plan: {},
      shows: 'success',
      sentence: 'Nothing at the API; the SM-DP+ is told only by the result of the installation.',
    },
    source: 'lpac#430: sequence number 0 was silently skipped; openpilot#38241: notifications forgotten',
    layer: {
      at: 'card',
      async apply({ next }) {
        const answer = await next()
        return tlvAt(answer.data, [0xbf2b, 0xa0]) ? { ...answer, data: noNotifications } : answer
      },
    },
  }),
}
