/** What the card adds to the cryptography of its two costly functions, and what a card at rest costs. */
import {
  createCard,
  type EmulatedCard,
  type EuiccState,
  profilesOf,
  recordingEntropy,
  systemEntropy,
  transmit,
} from '../emulator/euicc/index.ts'
import { octetsInUse } from './collect.ts'
import { type BareCryptography, bare } from './cryptography.ts'
import { type Benchmark, cpuMicroseconds } from './measure.ts'
import type { Row } from './row.ts'
import { type Device, newEuicc, startServers } from './world.ts'

/** The commands of a function, in the order in which an IPA sends them, and the card before the first of them. */
interface Recording {
  readonly before: EuiccState
  readonly commands: readonly Uint8Array[]
}

const STORE_DATA = 0xe2

/** What an IPA sends to the card for functions that begin with these octets, while it does something. */
async function record(device: Device, begins: (data: Uint8Array) => boolean, run: () => Promise<unknown>) {
  const steps: { readonly state: EuiccState; readonly command: Uint8Array }[] = []
  let isInside = false
  device.observer = (state, command) => {
    if (command[1] === STORE_DATA && command[3] === 0) isInside = begins(command.subarray(5))
    if (isInside) steps.push({ state, command })
  }
  await run()
  device.observer = () => {}
  const [first] = steps
  if (!first) throw new Error('the function was not called')
  return { before: first.state, commands: steps.map(({ command }) => command) }
}

/** A card is a function of its state: the same commands can be given to the same card any number of times. */
function replay({ before, commands }: Recording, entropy = systemEntropy): EuiccState {
  let state = before
  for (const command of commands) state = transmit(state, command, entropy).state
  return state
}

function signaturesOf(recording: Recording): number {
  let signatures = 0
  replay(
    recording,
    recordingEntropy(systemEntropy, ({ kind }) => (signatures += kind === 'signature' ? 1 : 0)),
  )
  return signatures
}

const isPackage = ([first, second]: Uint8Array): boolean => first === 0xbf && second === 0x51

const isProfileSegment = ([first = 0, second]: Uint8Array): boolean =>
  (first === 0xbf && (second === 0x36 || second === 0x23)) || (first >= 0x86 && first <= 0xa3)

/** Octets of plaintext and padding that one segment carries. */
const SEGMENT_OCTETS = 1008

const CONFIGURE_ISDP_OCTETS = 16
const STORE_METADATA_OCTETS = 64

/** The protected TLVs of a package as they were counted: ConfigureISDP is enciphered, StoreMetadata has a MAC only. */
export const segmentsOf = (octets: number): readonly number[] => [
  CONFIGURE_ISDP_OCTETS,
  ...Array.from({ length: Math.ceil(octets / SEGMENT_OCTETS) }, () => SEGMENT_OCTETS),
]

export const macOnly: readonly number[] = [STORE_METADATA_OCTETS]

export async function cardBenchmarks(): Promise<readonly Benchmark[]> {
  const servers = await startServers('in process')
  const device = await servers.newDevice()
  const profile = { template: 'typical', notificationConfigurationInfo: [] } as const
  const { activationCode, iccid } = servers.orders.create({ profile })
  const installation = await record(device, isProfileSegment, () => device.run({ download: { activationCode } }))
  const enabling = await record(device, isPackage, () => device.run({ psmo: [{ enable: { iccid } }] }))
  if (profilesOf(replay(enabling))[0]?.state !== 'enabled') throw new Error('the profile is not enabled')
  const [installed] = replay(installation).memory.profiles
  if (!installed) throw new Error('the profile is not installed')
  const loading = { verifications: 1, agreements: 1, unprotect: segmentsOf(installed.size), macOnly }
  return [
    overhead('LoadEuiccPackage, one enable', { recording: enabling, needed: { verifications: 1 }, atMost: 1.5 }),
    overhead(`LoadBoundProfilePackage, ${installed.size} octets`, {
      recording: installation,
      needed: loading,
      atMost: 2,
    }),
  ]
}

interface Measured {
  readonly recording: Recording
  /** Besides the signatures that the card was seen to make. */
  readonly needed: BareCryptography
  readonly atMost: number
}

const overhead = (name: string, { recording, needed, atMost }: Measured): Benchmark => ({
  name,
  ours: () => replay(recording),
  baseline: bare({ ...needed, signatures: signaturesOf(recording) }),
  goal: { kind: 'times the cost', atMost },
})

const CARDS = 100_000
const SECONDS_AT_MOST = 2
const OCTETS_AT_MOST = 2048

const idle = { rest: 'an eUICC at rest', made: `${CARDS} eUICCs made` }
export const idleCardNames: readonly string[] = Object.values(idle)

/** Cards at rest as a testbed keeps them. */
export function idleCards(): readonly Row[] {
  const before = octetsInUse()
  const start = cpuMicroseconds()
  const cards: EmulatedCard[] = []
  for (let i = 0; i < CARDS; i++) cards.push(createCard({ state: newEuicc(i), entropy: systemEntropy }))
  const seconds = (cpuMicroseconds() - start) / 1e6
  const each = (octetsInUse() - before) / cards.length
  const alone = { baseline: null, ratio: null }
  return [
    {
      name: idle.rest,
      value: each,
      unit: 'octets',
      ...alone,
      target: `at most ${OCTETS_AT_MOST} octets`,
      holds: each <= OCTETS_AT_MOST,
    },
    {
      name: idle.made,
      value: seconds,
      unit: 's of CPU',
      ...alone,
      target: `at most ${SECONDS_AT_MOST} s`,
      holds: seconds <= SECONDS_AT_MOST,
    },
  ]
}
