/** AUTHENTICATE: 3GPP TS 31.102, 7.1; sequence numbers: 3GPP TS 33.102, 6.3.3 and annex C.2. */
import { concatOctets, equalOctets } from '../../../protocol/ber/index.ts'
import { type AkaFunctions, milenage, tuak, usimTestAlgorithm, xor } from '../../../protocol/crypto/index.ts'
import { type EuiccState, profileWith } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import { isSatisfied, pinOn, withEnabledProfile } from './codes.ts'
import { type Context, type Instruction, type Reply, reply } from './instruction.ts'
import type { Subscription } from './secrets.ts'

const IN_3G_CONTEXT = 0x81
const IN_GSM_CONTEXT = 0x80
const PIN = 0x01

/** Of an application without a key, and in another context, it is refused. */
export const authenticate: Instruction = {
  name: 'AUTHENTICATE',
  classes: 'interindustry',
  run(context, apdu) {
    const { state, channel } = context
    const subscription = subscriptionOf(context)
    if (!subscription) return reply(state, 'conditionsNotSatisfied')
    if (pinOn(state, channel, PIN) && !isSatisfied(state, channel, PIN))
      return reply(state, 'securityStatusNotSatisfied')
    if (apdu.p1 !== 0) return reply(state, 'incorrectParameters')
    if (apdu.p2 === IN_3G_CONTEXT) return in3gContext(state, subscription, apdu)
    return apdu.p2 === IN_GSM_CONTEXT ? inGsmContext(state, subscription, apdu) : reply(state, 'incorrectParameters')
  },
}

/** By the application of the channel, or the one whose key it uses. */
function subscriptionOf({ state: { memory }, channel: { application } }: Context): Subscription | undefined {
  const { subscriptions = [], keysOf = {} } = profileWith(memory, memory.enabled)?.authentication ?? {}
  const scopes = application === undefined ? [] : [application, keysOf[application]]
  return subscriptions.find(({ scope }) => scopes.includes(scope))
}

const RAND = 16
const AUTN = 16
const AMF_OF_RESYNCHRONISATION = new Uint8Array(2)

/** Length and value, one after the other. `undefined`: not of these lengths. */
function fields(data: Uint8Array, ...lengths: readonly number[]): readonly Uint8Array[] | undefined {
  const list: Uint8Array[] = []
  let at = 0
  for (const length of lengths) {
    if (data[at] !== length || data.length < at + 1 + length) return undefined
    list.push(data.subarray(at + 1, at + 1 + length))
    at += 1 + length
  }
  return at === data.length ? list : undefined
}

function functionsOf({ algorithm }: Subscription, rand: Uint8Array): AkaFunctions {
  switch (algorithm.kind) {
    case 'milenage':
      return milenage(algorithm.key, rand)
    case 'tuak':
      return tuak(algorithm.key, rand)
    case 'usim-test-algorithm':
      return usimTestAlgorithm(algorithm.key, rand)
  }
}

const withLength = (octets: Uint8Array): Uint8Array => concatOctets(Uint8Array.of(octets.length), octets)

function in3gContext(state: EuiccState, subscription: Subscription, { data }: CommandApdu): Reply {
  const [rand, autn] = fields(data, RAND, AUTN) ?? []
  if (!rand || !autn) return reply(state, 'wrongLength')
  const functions = functionsOf(subscription, rand)
  const sqn = xor(autn.subarray(0, 6), functions.ak)
  const amf = autn.subarray(6, 8)
  if (!equalOctets(functions.mac(sqn, amf), autn.subarray(8))) return reply(state, 'authenticationError')
  const number = toNumber(sqn)
  if (!isFresh(subscription, number)) return reply(state, 'ok', resynchronisation(subscription, functions))
  const { res, ck, ik } = functions
  const answer = concatOctets(Uint8Array.of(0xdb), withLength(res), withLength(ck), withLength(ik))
  return reply(withSqn(state, subscription, number), 'ok', answer)
}

/** DC: the sequence number was not accepted. AUTS tells the one that was last. */
function resynchronisation({ sqn }: Subscription, { akStar, macS }: AkaFunctions): Uint8Array {
  const own = toOctets(Math.max(...sqn))
  const auts = concatOctets(xor(own, akStar), macS(own, AMF_OF_RESYNCHRONISATION))
  return concatOctets(Uint8Array.of(0xdc), withLength(auts))
}

/** SRES and Kc by the conversions c2 and c3: 3GPP TS 33.102, 6.8.1.2. */
function inGsmContext(state: EuiccState, subscription: Subscription, { data }: CommandApdu): Reply {
  const [rand] = fields(data, RAND) ?? []
  if (!rand) return reply(state, 'wrongLength')
  const { res, ck, ik } = functionsOf(subscription, rand)
  const folded = (octets: Uint8Array, size: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) =>
      octets.reduce((sum, octet, at) => (at % size === i ? sum ^ octet : sum), 0),
    )
  return reply(state, 'ok', concatOctets(withLength(folded(res, 4)), withLength(folded(concatOctets(ck, ik), 8))))
}

/** The last bits of a sequence number are an index. */
const INDICES = 32

const sequenceOf = (sqn: number): number => Math.floor(sqn / INDICES)

/** Newer than the last one with its index, and not too far ahead of all. */
function isFresh({ sqn, delta }: Subscription, number: number): boolean {
  const sequence = sequenceOf(number)
  return sequence > sequenceOf(sqn[number % INDICES] ?? 0) && sequence - sequenceOf(Math.max(...sqn)) <= delta
}

const withSqn = (state: EuiccState, subscription: Subscription, number: number): EuiccState =>
  withEnabledProfile(state, (profile) => {
    const { authentication } = profile
    if (!authentication) return profile
    const sqn = subscription.sqn.map((last, index) => (index === number % INDICES ? number : last))
    const subscriptions = authentication.subscriptions.map((other) =>
      other === subscription ? { ...subscription, sqn } : other,
    )
    return { ...profile, authentication: { ...authentication, subscriptions } }
  })

const toNumber = (octets: Uint8Array): number => octets.reduce((sum, octet) => sum * 256 + octet, 0)

const toOctets = (value: number): Uint8Array =>
  Uint8Array.from({ length: 6 }, (_, i) => Math.floor(value / 256 ** (5 - i)) % 256)
