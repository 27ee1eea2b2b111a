/** Whole procedures of IPA, eUICC, eIM and SM-DP+ beside the cryptography of all of them together. */
import { macOnly, segmentsOf } from './card.ts'
import { bare } from './cryptography.ts'
import { type Benchmark, cpuMicroseconds, median } from './measure.ts'
import type { Row } from './row.ts'
import { type Device, type Servers, startServers } from './world.ts'

/**
 * A download triggered by the eIM, counted at its calls of node:crypto. The SM-DP+ signs three times and so does the eUICC; each verifies the three
 * of the other, the eIM the result, too. A package behind it brings the inventory up to date. Certificates have been verified before.
 */
const download = (octets: number) =>
  bare({
    signatures: 8,
    verifications: 9,
    keyPairs: 2,
    agreements: 2,
    protect: segmentsOf(octets),
    unprotect: segmentsOf(octets),
    macOnly,
  })

/** The eIM signs a package and the eUICC its result; each verifies what the other signed. */
const packageExecution = bare({ signatures: 2, verifications: 2 })

const profile = { template: 'typical', notificationConfigurationInfo: [] } as const

async function downloadOnce({ orders }: Servers, device: Device): Promise<string> {
  const { activationCode, iccid } = orders.create({ profile })
  const result = await device.run({ download: { activationCode } })
  if (result['outcome'] !== 'success') throw new Error(JSON.stringify(result))
  return iccid
}

interface Wired {
  readonly benchmarks: readonly Benchmark[]
  /** Rows that stand alone. */
  alone(): Promise<readonly Row[]>
  close(): Promise<void>
}

/** Then there is a new card: a device in the field holds few, and the inventory behind a download lists them all. */
const PROFILES_ON_A_CARD = 8

export async function procedures(wiring: 'in process' | 'over HTTPS', atMost: number): Promise<Wired> {
  const servers = await startServers(wiring)
  const device = await servers.newDevice()
  const iccid = await downloadOnce(servers, device)
  const octets = device.state.memory.profiles[0]?.size ?? 0
  let target = await servers.newDevice()
  let enabled = false
  return {
    benchmarks: [
      {
        name: `download of ${octets} octets ${wiring}`,
        async ours() {
          if (target.state.memory.profiles.length >= PROFILES_ON_A_CARD) target = await servers.newDevice()
          await downloadOnce(servers, target)
        },
        baseline: download(octets),
        goal: { kind: 'times the cost', atMost },
        pace: 'procedure',
      },
      {
        name: `package from northbound request to verified result ${wiring}`,
        async ours() {
          await device.run({ psmo: [enabled ? { disable: { iccid } } : { enable: { iccid } }] })
          enabled = !enabled
        },
        baseline: packageExecution,
        goal: { kind: 'times the cost', atMost: 5 },
        pace: 'procedure',
      },
    ],
    alone: async () => [await emptyPoll(device, wiring)],
    close: servers.close,
  }
}

const POLLS = 300
const MICROSECONDS_AT_MOST = 1000

async function emptyPoll({ ipa }: Device, wiring: string): Promise<Row> {
  const costs: number[] = []
  for (let i = 0; i < POLLS; i++) {
    const start = cpuMicroseconds()
    await ipa.poll()
    costs.push(cpuMicroseconds() - start)
  }
  const value = median(costs)
  const target = `at most ${MICROSECONDS_AT_MOST} µs` as const
  const holds = value <= MICROSECONDS_AT_MOST
  return { name: `poll that finds nothing ${wiring}`, value, unit: 'µs', baseline: null, ratio: null, target, holds }
}
