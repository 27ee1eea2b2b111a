import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../../protocol/ber/index.ts'
import { es9plusErrors } from '../../protocol/codes/index.ts'
import { deriveEuiccIdentity, generatePrivateKey } from '../../protocol/crypto/index.ts'
import { expiredEuicc, expiredEum, forged, selfSignedEum } from './testing/certificates.ts'
import {
  authenticateRequest,
  call,
  cancelRequest,
  ciKeyIds,
  createWorld,
  EID,
  euiccOf,
  foreignPki,
  hashCc,
  initiated,
  initiateRequest,
  keyIdOf,
  otskOf,
  outcome,
  type Plan,
  packageRequest,
  pki,
} from './testing/world.ts'

/** In the order of the checks: what is done wrong, and the refusal. */
type Row = readonly [wrong: string, plan: Plan, refusal: string]

const OTHER_EID = '89049032000000000000000000000000'
const strangers = foreignPki.nist.eum
const stranger = generatePrivateKey('nist')
const foreignCi = [keyIdOf(foreignPki.nist.ci.certificate)]

const initiateRows: readonly Row[] = [
  ['another address', { smdpAddress: 'smdp.example.com' }, '8.8.1/3.8 address-own'],
  ['an eUICC of version 3', { svn: '3.0.0' }, '8.8.3/3.1 svn-supported'],
  ['no CI that we know to sign with', { signing: foreignCi }, '8.8.2/3.1 signing-ci-shared'],
  ['no CI that we have to verify with', { verification: [] }, '8.8.4/3.7 verification-ci-shared'],
]

const authenticateRows: readonly Row[] = [
  ['an unknown transactionId', { transactionId: '00' }, '8.10.1/3.9 transaction-known'],
  ['an error of the eUICC', { euiccError: true }, '8.1/4.2 euicc-agrees'],
  ['an EUM below another CI', { eumCertificate: strangers.certificate }, '8.11.1/3.9 eum-issued-by-the-ci'],
  ['an expired EUM certificate', { eumCertificate: expiredEum }, '8.1.2/6.3 eum-certificate-not-expired'],
  ['a forged EUM certificate', { eumCertificate: forged(pki.nist.eum.certificate) }, '8.1.2/6.1 eum-certificate-valid'],
  [
    'an expired eUICC certificate',
    { euiccCertificate: expiredEuicc(euiccOf({}).certificate) },
    '8.1.3/6.3 euicc-certificate-not-expired',
  ],
  [
    'a forged eUICC certificate',
    { euiccCertificate: forged(euiccOf({}).certificate) },
    '8.1.3/6.1 euicc-certificate-valid',
  ],
  ['a signature by another key', { signatureKey: stranger }, '8.1/6.1 euicc-signature-valid'],
  ['another signed transactionId', { signed1: { transactionId: '00' } }, '8.10.1/3.9 transaction-signed'],
  ['another signed challenge', { signed1: { serverChallenge: new Uint8Array(16) } }, '8.1/6.1 server-challenge-signed'],
  ['an unknown matchingId', { matchingId: 'NO-SUCH' }, '8.2.6/3.8 matching-id-known'],
  ['an order for another eUICC', { order: { eid: OTHER_EID } }, '8.1.1/3.8 eid-expected'],
  ['a cancelled order', { before: ({ smdp }, iccid) => smdp.orders.cancel(iccid) }, '8.2/1.2 profile-released'],
  ['an expired order', { order: { expiresAt: 0 } }, '8.8.5/4.10 order-not-expired'],
  ['an order handed out too often', { order: { downloads: 0 } }, '8.8.5/6.4 downloads-left'],
  [
    'an eUICC that forbids a rule of the profile',
    {
      order: { profile: { profilePolicyRules: ['ppr1'] } },
      info2: { forbiddenProfilePolicyRules: ['ppr1'] },
    },
    '8.2.5/4.3 euicc-eligible',
  ],
  ['a full card', { info2: { extCardResource: fromHex('810100 82020400 830100') } }, '8.1/4.8 memory-sufficient'],
]

const withCode = { order: { confirmationCode: '4711', confirmationAttempts: 2 } }

const packageRows: readonly Row[] = [
  ['an unknown transactionId', { transactionId: '00' }, '8.10.1/3.9 transaction-known'],
  ['an error of the eUICC', { euiccError: true }, '8.1/4.2 euicc-agrees'],
  ['another signed transactionId', { signed2: { transactionId: '00' } }, '8.10.1/3.9 transaction-signed'],
  ['a signature by another key', { signatureKey: stranger }, '8.1/6.1 euicc-signature-valid'],
  ['no confirmation code', withCode, '8.2.7/2.2 confirmation-code-given'],
  ['a wrong confirmation code', { ...withCode, confirmationCode: '1' }, '8.2.7/3.8 confirmation-code-right-or-last'],
  [
    'the last wrong confirmation code',
    { order: { confirmationCode: '4711', confirmationAttempts: 1 }, confirmationCode: '1' },
    '8.2.7/6.4 confirmation-attempts-left',
  ],
  [
    'a key that is no point of the curve',
    { signed2: { euiccOtpk: new Uint8Array(65).fill(4) } },
    '8.1/6.1 one-time-key-on-curve',
  ],
  [
    'an order cancelled meanwhile',
    { before: ({ smdp }, iccid) => smdp.orders.cancel(iccid) },
    '8.2/3.7 binding-possible',
  ],
  [
    'an order expired meanwhile',
    { order: { expiresAt: Date.UTC(2026, 10, 22, 12, 5) }, before: ({ clock }) => clock.advance(300_000) },
    '8.8.5/4.10 order-not-expired',
  ],
]

const cancelRows: readonly Row[] = [
  ['an unknown transactionId', { transactionId: '00' }, '8.10.1/3.9 transaction-known'],
  ['an error of the eUICC', { euiccError: true }, '8.1/4.2 euicc-agrees'],
  ['another signed transactionId', { cancelled: { transactionId: '00' } }, '8.10.1/3.9 transaction-signed'],
  ['a signature by another key', { signatureKey: stranger }, '8.1/6.1 euicc-signature-valid'],
  ['the OID of another SM-DP+', { cancelled: { smdpOid: '2.999.12' } }, '8.8/3.10 smdp-oid-own'],
]

/** What goes wrong in the function under test must not go wrong before. */
const initiateOnly = ({ smdpAddress: _a, svn: _s, signing: _i, verification: _v, ...plan }: Plan): Plan => plan
const order = (plan: Plan) => ({ ...plan.order, profile: { template: 'typical', ...plan.order?.profile } }) as const

async function initiate(plan: Plan): Promise<string> {
  return outcome(await call(createWorld(), 'initiateAuthentication', initiateRequest(plan)))
}

async function authenticate(plan: Plan): Promise<string> {
  const world = createWorld()
  const { iccid, matchingId } = world.smdp.orders.create(order(plan))
  const answer = await call(world, 'initiateAuthentication', initiateRequest(initiateOnly(plan)))
  plan.before?.(world, iccid)
  return outcome(await call(world, 'authenticateClient', authenticateRequest(plan, initiated(answer), matchingId)))
}

async function authenticated(plan: Plan) {
  const world = createWorld()
  const { iccid, matchingId } = world.smdp.orders.create(order(plan))
  const answer = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
  const client = await call(world, 'authenticateClient', authenticateRequest({}, answer, matchingId))
  plan.before?.(world, iccid)
  return { world, client, iccid }
}

async function getPackage(plan: Plan): Promise<string> {
  const { world, client } = await authenticated(plan)
  return outcome(await call(world, 'getBoundProfilePackage', packageRequest(plan, client)))
}

async function cancel(plan: Plan): Promise<string> {
  const { world, client } = await authenticated(plan)
  return outcome(await call(world, 'cancelSession', cancelRequest(plan, String(client.transactionId))))
}

describe.each([
  ['InitiateAuthentication', initiateRows, initiate],
  ['AuthenticateClient', authenticateRows, authenticate],
  ['GetBoundProfilePackage', packageRows, getPackage],
  ['CancelSession', cancelRows, cancel],
] as const)('ES9+.%s', (_, rows, run) => {
  it('is carried out when nothing is wrong', async () => expect(await run({})).toBe('ok'))

  it.each(rows)('refuses %s', async (_wrong, plan, refusal) => expect(await run(plan)).toBe(refusal))

  const pairs = rows.slice(1).flatMap((second, i) => {
    const first = rows[i]
    return first && areApart(first[1], second[1]) ? [[first[0], second[0], first, second] as const] : []
  })
  it.each(pairs)('refuses %s before %s', async (_first, _second, [, plan, refusal], [, other]) => {
    const { order: ordered, ...rest } = { ...other, ...plan }
    expect(await run({ ...rest, order: { ...other.order, ...plan.order } })).toBe(refusal)
  })
})

/** Whether both can be done wrong at once. */
function areApart(one: Plan, other: Plan): boolean {
  const parts = (plan: Plan) => [
    ...Object.keys(plan).filter((part) => part !== 'order'),
    ...Object.keys(plan.order ?? {}),
  ]
  return !parts(one).some((part) => parts(other).includes(part))
}

describe('a refusal', () => {
  it('of an EUM that vouches for itself is about its certificate, not about an unknown CI', async () => {
    expect(await authenticate({ eumCertificate: selfSignedEum })).toBe('8.1.2/6.1 eum-certificate-valid')
  })

  it.each([
    ['EUM', { eumCertificate: fromHex('3003020101') }, '8.1.2/6.1 eum-certificate-valid'],
    ['eUICC', { euiccCertificate: fromHex('3003020101') }, '8.1.3/6.1 euicc-certificate-valid'],
  ] as const)('is the answer to an %s certificate that cannot be read', async (_, plan, refusal) => {
    expect(await authenticate(plan)).toBe(refusal)
  })

  it('is the answer to an EID that the EUM may not certify', async () => {
    const { certificate, privateKey } = deriveEuiccIdentity({
      eum: pki.nist.eum,
      eid: '89049033000000000000000000000000',
      seed: new Uint8Array(32),
    })
    const plan = { euiccCertificate: certificate, signatureKey: privateKey }
    expect(await authenticate(plan)).toBe('8.1.3/6.1 euicc-certificate-valid')
  })

  it('is the answer to an eUICC without a matchingId for which no order waits', async () => {
    expect(await authenticate({ matchingId: '' })).toBe('8.1.1/3.8 eid-expected')
  })

  it('is the answer to an eUICC without an ISIM for a profile with one', async () => {
    const info2 = { uiccCapability: ['usimSupport', 'akaMilenage'] } as const
    expect(await authenticate({ info2 })).toBe('8.2.5/4.3 euicc-eligible')
    expect(await authenticate({ info2, order: { profile: { template: 'minimal' } } })).toBe('ok')
  })

  it('is not the answer to a card that does not tell its free memory', async () => {
    for (const extCardResource of [fromHex('810100'), fromHex('ff'), new Uint8Array()])
      expect(await authenticate({ info2: { extCardResource } })).toBe('ok')
  })

  it('leaves the order as it was', async () => {
    const { world, client, iccid } = await authenticated({})
    const before = world.smdp.orders.get(iccid)
    await call(world, 'getBoundProfilePackage', packageRequest({ signatureKey: stranger }, client))
    expect(world.smdp.orders.get(iccid)).toEqual(before)
    expect(outcome(await call(world, 'getBoundProfilePackage', packageRequest({}, client)))).toBe('ok')
  })

  it('after an error of the eUICC ends the session', async () => {
    const { world, client } = await authenticated({})
    await call(world, 'getBoundProfilePackage', packageRequest({ euiccError: true }, client))
    const again = await call(world, 'getBoundProfilePackage', packageRequest({}, client))
    expect(outcome(again)).toBe('8.10.1/3.9 transaction-known')
  })

  it('of a second package for another key is possible by order', async () => {
    const { world, client } = await authenticated({ order: { rebinding: false } })
    const ask = (plan: Plan) => call(world, 'getBoundProfilePackage', packageRequest(plan, client))
    expect([await ask({}), await ask({})].map(outcome)).toEqual(['ok', 'ok'])
    expect(outcome(await ask({ otpkSeed: 'new' }))).toBe('8.2/3.7 binding-possible')
  })

  it('meets the eUICC that comes second', async () => {
    const { world, client, iccid } = await authenticated({})
    const matchingId = world.smdp.orders.get(iccid)?.matchingId ?? ''
    const second: Plan = { eid: '89049032123451234512345678901300' }
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const other = await call(world, 'authenticateClient', authenticateRequest(second, start, matchingId))
    expect(outcome(await call(world, 'getBoundProfilePackage', packageRequest({}, client)))).toBe('ok')
    const late = await call(world, 'getBoundProfilePackage', packageRequest(second, other))
    expect(outcome(late)).toBe('8.2/3.7 binding-possible')
    const third = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const later = await call(world, 'authenticateClient', authenticateRequest(second, third, matchingId))
    expect(outcome(later)).toBe('8.1.1/3.8 eid-expected')
    expect(world.smdp.orders.get(iccid)?.eid).toBe(EID)
  })

  it('is the answer to a function out of turn', async () => {
    const world = createWorld()
    const { matchingId } = world.smdp.orders.create()
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    expect(outcome(await call(world, 'cancelSession', cancelRequest({}, start.transactionId)))).toBe(
      '8.10.1/3.9 transaction-known',
    )
    const request = authenticateRequest({}, start, matchingId)
    expect(outcome(await call(world, 'authenticateClient', request))).toBe('ok')
    expect(outcome(await call(world, 'authenticateClient', request))).toBe('8.10.1/3.9 transaction-known')
  })

  it('counts a confirmation code of another transaction as wrong', async () => {
    const { world, client } = await authenticated(withCode)
    const plan = { signed2: { hashCc: hashCc('4711', '00'), euiccOtpk: otskOf({}).publicKey.point } }
    const answer = await call(world, 'getBoundProfilePackage', packageRequest(plan, client))
    expect(outcome(answer)).toBe('8.2.7/3.8 confirmation-code-right-or-last')
  })

  it('needs a CI of the client that is not ours in both directions only once', async () => {
    expect(await initiate({ signing: foreignCi, verification: foreignCi })).toBe('8.8.2/3.1 signing-ci-shared')
    expect(await initiate({ signing: [ciKeyIds.nist], verification: foreignCi })).toBe(
      '8.8.4/3.7 verification-ci-shared',
    )
  })
})

describe('the table of refusals', () => {
  const rows = {
    initiateAuthentication: initiateRows,
    authenticateClient: authenticateRows,
    getBoundProfilePackage: packageRows,
    cancelSession: cancelRows,
  }
  const names = Object.keys(rows) as (keyof typeof rows)[]

  it('stands in the document, in the order of the checks', () => {
    const document = readFileSync(new URL('../../docs/sm-dp-plus.md', import.meta.url), 'utf8')
    const table = document.split('## ES9+')[1]?.split('\n## ')[0] ?? ''
    const documented = [...table.matchAll(/^\| `(\w+)` \| `([a-z-]+)` \| (\S+) \|$/gm)].map(
      ([, name, id, code]) => `${name} ${code} ${id}`,
    )
    expect(documented).toEqual(names.flatMap((name) => rows[name].map(([, , refusal]) => `${name} ${refusal}`)))
  })

  it.each(names)('provokes every code that the standard has for %s', (name) => {
    const provoked = new Set(rows[name].map(([, , refusal]) => refusal.split(' ')[0]))
    for (const { subjectCode, reasonCode } of es9plusErrors['2.5'][name])
      expect(provoked).toContain(`${subjectCode}/${reasonCode}`)
  })
})
