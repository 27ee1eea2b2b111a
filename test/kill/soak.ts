/** Kills providers again and again at moments that a seed chooses, under load, and holds what they said against what the cards did. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { progressOf, randomOf } from './chance.ts'
import { createKillable, killSometime } from './killable.ts'
import { createLoad, type Load } from './load.ts'
import { type CardModel, foretell } from './model.ts'
import { freePort, modelOf, startKillWorld } from './world.ts'

interface Soak {
  readonly kills: number
  readonly seed: string
  readonly instances: number
  /** Of an instance; `folder` is its own. */
  storage(folder: string): object
}

interface Outcome {
  readonly kills: number
  readonly accepted: number
  /** More than accepted: some came again. */
  readonly events: number
  /** What must not be, in sentences. */
  readonly contradictions: readonly string[]
}

const devices = 3
/** Between two kills, at most. */
const mostAccepted = 6

export const soak = async ({ kills, seed, instances, storage }: Soak): Promise<Outcome> => {
  const random = randomOf(seed)
  const folder = mkdtempSync(join(tmpdir(), 'kill-'))
  const world = await startKillWorld()
  const ports = await Promise.all(Array.from({ length: instances }, freePort))
  const processes = ports.map((port, index) => {
    const file = join(folder, `${port}.json`)
    writeFileSync(file, JSON.stringify(world.settings(port, storage(join(folder, `data-${index}`)))))
    return createKillable('../../dist/bin/provider.js', '--config', file)
  })
  try {
    await Promise.all(processes.map((one) => one.start()))
    const leases = await Promise.all(Array.from({ length: devices }, world.lease))
    const before = new Map(await Promise.all(leases.map(async ({ eid }) => [eid, await world.eventsOf(eid)] as const)))
    const token = await world.token()
    const roots = ports.map((port) => `http://127.0.0.1:${port}`)
    const loads = leases.map((lease) =>
      createLoad({ world, lease, token, roots, random: randomOf(`${seed} ${lease.eid}`) }),
    )
    const running = loads.map((load) => load.run())

    const acceptedMore = progressOf(() => loads.reduce((total, { accepted }) => total + accepted.length, 0))
    for (let kill = 0; kill < kills; kill++) {
      await acceptedMore(1 + Math.floor(random() * mostAccepted))
      const victim = processes[Math.floor(random() * instances)]
      if (victim) await killSometime(victim, random, 1500)
    }
    for (const load of loads) load.stop()
    await Promise.all(running)
    await world.sink.until(() => loads.every(({ accepted, told }) => told.size >= accepted.length))

    const contradictions: string[] = []
    for (const [index, load] of loads.entries()) {
      const lease = leases[index]
      if (!lease) continue
      const did = (await world.eventsOf(lease.eid)).slice(before.get(lease.eid)?.length)
      contradictions.push(...contradictionsOf(load, modelOf(lease), did))
    }
    const sum = (count: (load: (typeof loads)[number]) => number) =>
      loads.reduce((total, load) => total + count(load), 0)
    return {
      ...{ kills, contradictions },
      accepted: sum(({ accepted }) => accepted.length),
      events: sum(({ events }) => events.length),
    }
  } finally {
    for (const one of processes) await one.kill()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the API said, against what was asked and what the card did. */
const contradictionsOf = (load: Load, before: CardModel, did: readonly string[]): readonly string[] => {
  const contradictions: string[] = []
  const foretold: string[] = []
  let card = before
  for (const { operationId, ...asked } of load.accepted) {
    const { events, error, ...next } = foretell(card, asked)
    card = next.card
    foretold.push(...events)
    const { data } = JSON.parse(load.told.get(operationId) ?? '{}')
    const said = data?.error?.code ?? data?.result?.outcome
    const must = error ?? 'success'
    if (said !== must) contradictions.push(`${operationId}: ${asked.kind} must be ${must}, and ${said} was said`)
  }
  if (did.join() !== foretold.join()) contradictions.push(`the card did ${did}, and not ${foretold}`)
  const asked = new Set(load.accepted.map(({ operationId }) => operationId))
  for (const text of load.events) {
    const { operationId } = JSON.parse(text).data
    if (!asked.has(operationId)) contradictions.push(`${operationId} was never accepted`)
    if (load.told.get(operationId) !== text) contradictions.push(`${operationId} has two events that differ`)
  }
  return contradictions
}
