import { describe, expect, test } from 'vitest'
import { createEmulatedWorld, type Wires } from './testing/emulated-world.ts'

type World = Awaited<ReturnType<typeof createEmulatedWorld>>
type Moment = 'before it is sent' | 'before it is answered'

/**
 * Wires on which the device dies at its n-th message: an ES10 function, or a request to a server. The rest of its program never runs. `died`
 * resolves then.
 */
function mortal(n: number, moment: Moment) {
  let count = 0
  let die = () => {}
  const died = new Promise<'died'>((resolve) => {
    die = () => resolve('died')
  })
  const never = new Promise<never>(() => {})
  async function pass<T>(send: () => Promise<T>): Promise<T> {
    count += 1
    if (count < n) return send()
    if (count === n && moment === 'before it is answered') await send()
    die()
    return never
  }
  const isLastBlock = (command: Uint8Array) => command[1] === 0xe2 && command[2] === 0x91
  const through = ({ card, http }: Wires): Wires => ({
    card: {
      reset: () => card.reset(),
      transmit: (command) => (isLastBlock(command) ? pass(() => card.transmit(command)) : card.transmit(command)),
    },
    http: (url, message) => pass(() => http(url, message)),
  })
  return { through, died }
}

interface Scenario {
  /** Puts the package into the queue of the eIM. */
  order(world: World): Promise<object>
  readonly result: object
  readonly event: string
}

const newProfile = ({ orders }: World) => orders.create({ profile: { template: 'minimal' } })

const scenarios: Readonly<Record<string, Scenario>> = {
  'a download': {
    order: async (world) => ({ download: { activationCode: newProfile(world).activationCode } }),
    result: { kind: 'profileInstallationResult', verified: true, outcome: 'success' },
    event: 'profile-installed',
  },
  'an enabling': {
    async order(world) {
      const { iccid, activationCode } = newProfile(world)
      await world.run({ download: { activationCode } })
      return { psmo: [{ enable: { iccid } }] }
    },
    result: { kind: 'euiccPackageResult', verified: true, results: [{ operation: 'enable', result: 'ok' }] },
    event: 'profile-enabled',
  },
}

/** What a world looks like in which everything was done once and everybody knows. */
async function stateOf(world: World, packageId: unknown, { event }: Scenario) {
  const { packageResults, notifications } = world.euiccMemory()
  return {
    package: await world.northbound('GET', `/packages/${packageId}`),
    events: world.events.filter(({ type }) => type === event).length,
    left: [...packageResults, ...notifications, ...(await world.ipaMemory.load()).downloads],
  }
}

describe.each(Object.entries(scenarios))('a device that dies during %s', (_name, scenario) => {
  test.each<Moment>(['before it is sent', 'before it is answered'])(
    'at any message, %s, loses nothing and does nothing twice',
    async (moment) => {
      let deaths = 0
      for (let outcome: unknown = 'died'; outcome === 'died'; deaths++) {
        const world = await createEmulatedWorld('in process')
        const order = await scenario.order(world)
        const { packageId } = await world.northbound('POST', `/euiccs/${world.eid}/packages`, { ...order })
        const { through, died } = mortal(deaths + 1, moment)
        outcome = await Promise.race([world.boot(through).poll(), died])
        await world.boot().poll()
        expect({ message: deaths + 1, ...(await stateOf(world, packageId, scenario)) }).toMatchObject({
          message: deaths + 1,
          package: { state: 'done', result: scenario.result },
          events: 1,
          left: [],
        })
      }
      expect(deaths).toBeGreaterThan(10)
    },
  )
})
