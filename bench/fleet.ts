/** A polling fleet: what starting it, a device at rest, and a poll cost, by its size. */
import { startFleet } from '../emulator/testbed/index.ts'
import { encode } from '../protocol/ber/index.ts'
import { GetEimPackageResponse } from '../protocol/sgp32/index.ts'
import { octetsInUse } from './collect.ts'
import { cpuMicroseconds } from './measure.ts'
import type { Plot } from './page.ts'
import type { Row } from './row.ts'
import { pki, startServers } from './world.ts'

const LARGEST = 100_000
const SIZES = [1_000, 5_000, LARGEST]
const OCTETS_AT_MOST = 2048
const SECONDS_AT_MOST = 3

const names = {
  start: `a polling fleet of ${LARGEST} devices started`,
  rest: `a device of ${LARGEST} that poll, at rest`,
  poll: `a poll in a fleet of ${LARGEST} devices, the eIM not counted`,
}
export const fleetNames: readonly string[] = Object.values(names)

interface Cost {
  readonly devices: number
  /** Of CPU. */
  readonly startSeconds: number
  readonly octetsEach: number
  readonly pollMicroseconds: number
}

const nothing = encode(GetEimPackageResponse, { kind: 'eimPackageError', value: 'noEimPackageAvailable' })
const answer = { status: 200, headers: { 'content-type': 'application/x-gsma-rsp-asn1' }, body: nothing }

/** Every device has polled once: what it keeps behind that counts. */
async function costOf(devices: number, eimConfiguration: Uint8Array): Promise<Cost> {
  // What the fleet before it has left under way would be taken off.
  await new Promise(setImmediate)
  octetsInUse()
  await new Promise(setImmediate)
  const before = octetsInUse()
  const began = cpuMicroseconds()
  const fleet = await startFleet({
    ...{ eimConfiguration, devices, shard: { index: 0, of: 1 }, seed: 'bench', pki, pollIntervalMs: 0, polls: 1 },
    ...{ ca: [], trustAnyServer: false, timeoutMs: 1000, ipa: {}, http: async () => answer },
  })
  const started = cpuMicroseconds()
  await fleet.done
  const polled = cpuMicroseconds()
  const { polls, failing } = fleet.summary()
  if (polls !== devices || failing > 0) throw new Error(`${polls} polls of ${devices} devices, ${failing} failing`)
  const octetsEach = (octetsInUse() - before) / fleet.summary().devices
  return {
    devices,
    startSeconds: (started - began) / 1e6,
    octetsEach,
    pollMicroseconds: (polled - started) / devices,
  }
}

export async function fleetRows(): Promise<{ readonly rows: readonly Row[]; readonly plots: readonly Plot[] }> {
  const { northbound, newDevice, close } = await startServers('in process')
  const { eid } = await newDevice()
  const { addInitialEimRequest } = await northbound('GET', `/euiccs/${eid}/initial-configuration`)
  await close()
  const costs: Cost[] = []
  for (const size of SIZES) costs.push(await costOf(size, Buffer.from(String(addInitialEimRequest), 'base64')))
  return { rows: costs.slice(-1).flatMap(rowsOf), plots: plotsOf(costs) }
}

function rowsOf({ startSeconds, octetsEach, pollMicroseconds }: Cost): readonly Row[] {
  const alone = { baseline: null, ratio: null }
  return [
    {
      ...{ name: names.start, value: startSeconds, unit: 's of CPU', ...alone },
      ...{ target: `at most ${SECONDS_AT_MOST} s`, holds: startSeconds <= SECONDS_AT_MOST },
    },
    {
      ...{ name: names.rest, value: octetsEach, unit: 'octets', ...alone },
      ...{ target: `at most ${OCTETS_AT_MOST} octets`, holds: octetsEach <= OCTETS_AT_MOST },
    },
    {
      ...{ name: names.poll, value: pollMicroseconds, unit: 'µs' },
      ...{ ...alone, target: 'none', holds: true },
    },
  ]
}

const plotsOf = (costs: readonly Cost[]): readonly Plot[] =>
  (
    [
      ['A polling fleet started, by its size', 's of CPU', 'startSeconds'],
      ['A device at rest, by the size of its fleet', 'octets', 'octetsEach'],
      ['A poll, by the size of the fleet', 'µs of CPU', 'pollMicroseconds'],
    ] as const
  ).map(([title, unit, figure]) => ({
    title,
    unit,
    bars: costs.map((cost) => ({ label: `${cost.devices} devices`, value: cost[figure] })),
  }))
