/** Kills eIMs and IPAs again and again at moments that a seed chooses, while packages are ordered, and holds results and cards against each other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { progressOf, randomOf, wait } from './chance.ts'
import { killSometime } from './killable.ts'
import type { EimStorage } from './roles.ts'
import { ask, type KilledDevice, startRoles } from './roles-world.ts'

interface RolesSoak {
  /** Of each role. */
  readonly kills: number
  readonly seed: string
  readonly eims: number
  storage(folder: string): EimStorage
}

interface Outcome {
  readonly packages: number
  /** What must not be, in sentences. */
  readonly contradictions: readonly string[]
}

interface Ordered {
  readonly kind: 'enable' | 'disable' | 'download'
  readonly iccid: string
  readonly packageId: string
}

/** At most so many wait for a card. */
const longestQueue = 3
/** Between two kills, at most. */
const mostDone = 4

export async function soakRoles({ kills, seed, eims, storage }: RolesSoak): Promise<Outcome> {
  const random = randomOf(seed)
  const folder = mkdtempSync(join(tmpdir(), 'roles-'))
  const world = await startRoles(folder, eims, storage(join(folder, 'eim')))
  try {
    await world.eims[0]?.start()
    await world.associate(world.northbounds[0] ?? '')
    await Promise.all([...world.eims.slice(1), world.ipa].map((one) => one.start()))
    const loads = world.devices.map((device) => createLoad(world, device, randomOf(`${seed} ${device.eid}`)))
    const running = loads.map((load) => load.run())
    const doneMore = progressOf(() => loads.reduce((sum, load) => sum + load.done.size, 0))
    for (let kill = 0; kill < 2 * kills; kill++) {
      await doneMore(Math.floor(random() * mostDone))
      const victim = kill % 2 === 0 ? world.ipa : world.eims[Math.floor(random() * eims)]
      if (victim) await killSometime(victim, random, 500)
    }
    for (const load of loads) load.stop()
    await Promise.all(running)
    return {
      packages: loads.reduce((sum, load) => sum + load.ordered.length, 0),
      contradictions: loads.flatMap((load, index) => contradictionsOf(load, world.devices[index])),
    }
  } finally {
    for (const one of [world.ipa, ...world.eims]) await one.kill()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type World = Awaited<ReturnType<typeof startRoles>>
type Result = Record<string, unknown>

/** Orders packages for one eUICC, each again until it is taken, and looks for their results at whichever eIM answers. */
function createLoad({ northbounds, orders }: World, { eid }: KilledDevice, random: () => number) {
  const ordered: Ordered[] = []
  const done = new Map<string, Result>()
  const iccids: string[] = []
  let stopping = false
  let asked = 0

  async function patiently(method: string, path: string, question: Parameters<typeof ask>[2] = {}): Promise<Result> {
    for (;;) {
      const answer = await ask(method, `${northbounds[asked++ % northbounds.length]}${path}`, question).catch(
        () => undefined,
      )
      if (answer) return answer
      await wait(20)
    }
  }
  function choose() {
    const dice = random()
    if (iccids.length < 2 || dice > 0.85) {
      const { iccid, activationCode } = orders.create({ profile: { template: 'minimal' } })
      iccids.push(iccid)
      return { kind: 'download', iccid, order: { download: { activationCode } } } as const
    }
    const iccid = iccids[Math.floor(random() * iccids.length)] ?? ''
    const kind = dice < 0.5 ? 'enable' : 'disable'
    return { kind, iccid, order: { psmo: [{ [kind]: { iccid } }] } } as const
  }
  async function order(): Promise<void> {
    const { kind, iccid, order: body } = choose()
    const idempotencyKey = `${eid}-${ordered.length}`
    const { packageId } = await patiently('POST', `/euiccs/${eid}/packages`, { body, idempotencyKey })
    ordered.push({ kind, iccid, packageId: String(packageId) })
  }
  async function look(): Promise<void> {
    const next = ordered[done.size]
    const found = next && (await patiently('GET', `/packages/${next.packageId}`))
    if (next && found?.['state'] === 'done') done.set(next.packageId, found['result'] as Result)
    else await wait(20)
  }
  return {
    ordered: ordered as readonly Ordered[],
    done: done as ReadonlyMap<string, Result>,
    async run(): Promise<void> {
      while (!stopping || done.size < ordered.length)
        await (!stopping && ordered.length - done.size < longestQueue ? order() : look())
    },
    stop() {
      stopping = true
    },
  }
}

/** Each package once, in the order in which they came, and its result signed by the eUICC. */
function contradictionsOf(load: ReturnType<typeof createLoad>, device: KilledDevice | undefined): readonly string[] {
  const contradictions: string[] = []
  const foretold: string[] = []
  let enabled: string | undefined
  for (const { kind, iccid, packageId } of load.ordered) {
    const isRefused = kind === 'enable' ? enabled === iccid : kind === 'disable' && enabled !== iccid
    const must = isRefused ? `profileNotIn${kind === 'enable' ? 'Disabled' : 'Enabled'}State` : successOf[kind]
    const result = load.done.get(packageId)
    if (result?.['verified'] !== true || !JSON.stringify(result).includes(`"${must}"`))
      contradictions.push(`${packageId}: ${kind} must be ${must}, and is ${JSON.stringify(result)}`)
    if (isRefused) continue
    if (kind === 'enable' && enabled) foretold.push(`profile-disabled ${enabled}`)
    foretold.push(`profile-${kind === 'download' ? 'installed' : `${kind}d`} ${iccid}`)
    if (kind !== 'download') enabled = kind === 'enable' ? iccid : undefined
  }
  const did = (device?.events ?? [])
    .filter(({ type }) => changes.has(type))
    .map(({ type, iccid }) => `${type} ${iccid}`)
  if (did.join() !== foretold.join()) contradictions.push(`the card did ${did}, and not ${foretold}`)
  const { packageResults = [], notifications = [] } = device?.card.state.memory ?? {}
  const kept = packageResults.length
  if (kept > 0) contradictions.push(`${kept} results and ${notifications.length} notifications are left on the card`)
  return contradictions
}

const successOf = { enable: 'ok', disable: 'ok', download: 'success' } as const
const changes = new Set(['profile-installed', 'profile-enabled', 'profile-disabled', 'profile-deleted'])
