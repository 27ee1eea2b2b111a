import { expect, test } from 'vitest'
import { type Variant, variantRows } from '../emulator/euicc/index.ts'
import { readCertificate } from '../protocol/crypto/index.ts'
import { createEmulatedWorld } from './testing/emulated-world.ts'

type World = Awaited<ReturnType<typeof createEmulatedWorld>>
type Json = Record<string, unknown>

interface Step {
  readonly failures: readonly unknown[]
  readonly state: unknown
  readonly result?: Json
}

async function step({ eid, ipa, northbound }: World, order: Json): Promise<Step> {
  const { packageId } = await northbound('POST', `/euiccs/${eid}/packages`, order)
  const { failures } = await ipa.poll()
  const { state, result } = await northbound('GET', `/packages/${packageId}`)
  return { failures, state, ...(result !== undefined && { result: result as Json }) }
}

/** What came of an order, in a word. */
function wordOf({ failures, state, result }: Step): unknown {
  const [failure] = failures
  if (failure !== undefined) return failure
  if (!result) return state
  const [operation] = (result['results'] as readonly Json[] | undefined) ?? []
  return operation?.['result'] ?? result['outcome'] ?? result['error'] ?? certificateIn(result)
}

/** Whether the certificate is the one of this card, or none. */
function certificateIn({ data }: Json): string {
  const octets = Buffer.from(String((data as Json)['euiccCertificate']), 'base64')
  try {
    return readCertificate(new Uint8Array(octets)).subject.serialNumber ?? ''
  } catch {
    return 'no certificate'
  }
}

/** One life of two profiles: everything that our IPA asks of a card between a download and a switch. */
async function live(world: World) {
  const [home, travel] = [world.orders.create(), world.orders.create()]
  const words: unknown[] = []
  for (const order of [
    { download: { activationCode: home.activationCode } },
    { download: { activationCode: travel.activationCode } },
    { psmo: [{ enable: { iccid: home.iccid } }] },
    { psmo: [{ enable: { iccid: travel.iccid } }] },
    { psmo: [{ enable: { iccid: travel.iccid } }] },
    { psmo: [{ listProfileInfo: {} }] },
    { data: { components: ['euiccCertificate'] } },
  ])
    words.push(wordOf(await step(world, order)))
  const { notifications, packageResults, profiles } = world.euiccMemory()
  return { words, profiles: profiles.length, left: notifications.length + packageResults.length }
}

const eid = '89049032123451234512345678901235'
const enabled = ['success', 'success', 'ok', 'ok', 'profileNotInDisabledState', 'ok']
const standard = { words: [...enabled, eid], profiles: 2, left: 0 }

/** The eIM takes no result without its alternative; it stays in the card, and nothing is done before it has been taken. */
const notTaken = {
  hop: 'ESipa',
  reason: 'refused',
  detail: expect.stringContaining('provideEimPackageResult.eimPackageResult.euiccPackageResult'),
}

/** What differs. Everything else comes to the same. */
const differences: Partial<Record<Variant, Partial<Record<keyof typeof standard, unknown>>>> = {
  packageResultWithoutChoice: {
    words: [expect.objectContaining(notTaken), ...new Array(6).fill('queued')],
    profiles: 1,
    left: 1,
  },
  certificatesWithoutChoice: { words: [...enabled, 'undefinedError'] },
  catBusyAfterSwitch: { words: ['success', 'success', 'ok', 'catBusy', 'ok', 'ok', eid] },
}

const variants = Object.keys(variantRows) as readonly Variant[]

test.each(variants)(
  'a device whose card has the variant %s lives on, or says what it could not do',
  async (variant) => {
    const world = await createEmulatedWorld('in process', {}, { variants: [variant] })
    expect(await live(world)).toEqual({ ...standard, ...differences[variant] })
    await world.close()
  },
)

test('without a variant all is done', async () => {
  const world = await createEmulatedWorld('in process')
  expect(await live(world)).toEqual(standard)
  await world.close()
})
