import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { loadPki } from '../../certs/index.ts'
import { type Fleet, type FleetDevice, type FleetSummary, startFleet } from '../../emulator/testbed/index.ts'
import { type Arguments, type Command, numberOf, textOf, UsageError } from '../command.ts'
import { readConfig } from '../config.ts'
import { encodeRequest, readEimConfiguration } from '../eim-config.ts'
import { untilSignal } from '../signal.ts'
import { ipaSettings } from '../world.ts'

const PROGRESS_MS = 5_000

export const fleetCommand: Command = {
  name: 'fleet',
  summary:
    'Devices only, polling an eIM that is not ours. Exit code 0: every last poll went well; 1: not; 2: not started.',
  flags: {
    'eim-config': {
      value: 'FILE',
      summary: 'AddInitialEimRequest or EimConfigurationData: DER, hexadecimal, base64 or JSON with one of them',
    },
    devices: { value: 'N', summary: 'devices of the whole fleet; default 1' },
    shard: { value: 'I/N', summary: 'only devices of part I, from 0, of N' },
    seed: { value: 'TEXT', summary: 'keys and EIDs are derived from it' },
    certificates: {
      value: 'FILE',
      summary: 'a line of JSON for each device, for onboarding: EID, certificates, token',
    },
    interval: { value: 'SECONDS', summary: 'between two polls of a device; default 30' },
    polls: { value: 'N', summary: 'each device stops after so many polls; default: until a signal' },
    packages: { value: 'N', summary: 'each device stops after so many packages' },
    ca: {
      value: 'FILE',
      summary:
        'PEM: trust anchors for TLS beside the CIs of the cards; not for an eIM whose configuration says whom to trust',
    },
    certs: { value: 'DIR', summary: 'certificates and keys of another PKI, laid out as in SGP.26' },
    insecure: { summary: 'laboratory switch: accept any TLS certificate' },
    config: { value: 'FILE', summary: 'configuration in YAML or JSON: seed, ipa, devices.specification' },
    json: { summary: 'the summary as JSON on standard output' },
  },
  async run(args) {
    const fleet = await startFleet(optionsOf(args)).catch((error: Error) => {
      throw new UsageError(`fleet: ${error.message}.`)
    })
    const show = () => process.stderr.write(`\r${lineOf(fleet.summary())}`)
    show()
    const progress = setInterval(show, PROGRESS_MS)
    await Promise.race([fleet.done, untilSignal().then(() => settle(fleet))])
    clearInterval(progress)
    show()
    process.stderr.write('\n')
    const summary = fleet.summary()
    if (args.flags['json'] === true) process.stdout.write(`${JSON.stringify(summary)}\n`)
    else for (const [what, count] of Object.entries(summary.failures)) process.stdout.write(`${count} times ${what}\n`)
    return summary.failing > 0 || summary.polls === 0 ? 1 : 0
  },
}

const settle = (fleet: Fleet): void => fleet.stop()

const lineOf = ({ devices, polls, packages, failing }: FleetSummary): string =>
  `${devices} devices, ${polls} polls, ${packages} packages, ${failing} failing`

function optionsOf(args: Arguments): Parameters<typeof startFleet>[0] {
  const file = textOf(args, 'eim-config')
  if (file === undefined) throw new UsageError('fleet: --eim-config is missing.')
  const request = readEimConfiguration(file)
  const flags = { seed: textOf(args, 'seed'), 'certs.folder': textOf(args, 'certs') }
  const config = readConfig({ file: textOf(args, 'config'), environment: process.env, flags })
  const polls = numberOf(args, 'polls')
  const packages = numberOf(args, 'packages')
  return {
    eimConfiguration: encodeRequest(request),
    devices: numberOf(args, 'devices') ?? 1,
    shard: shardOf(textOf(args, 'shard') ?? '0/1'),
    seed: config.seed,
    ...(config.certs.folder && { pki: loadPki(config.certs.folder) }),
    pollIntervalMs: (numberOf(args, 'interval') ?? 30) * 1000,
    ...(polls !== undefined && { polls }),
    ...(packages !== undefined && { packages }),
    ca: anchorsIn(textOf(args, 'ca')),
    trustAnyServer: args.flags['insecure'] === true || config.ipa.trustAnyServer,
    timeoutMs: config.ipa.timeoutSeconds * 1000,
    ipa: { ...ipaSettings(config.ipa), specification: config.devices.specification },
    ...writerTo(textOf(args, 'certificates')),
  }
}

function shardOf(text: string) {
  const [, index, of] = /^(\d+)\/([1-9]\d*)$/.exec(text) ?? []
  if (Number(index) >= Number(of) || of === undefined)
    throw new UsageError(`fleet: --shard takes I/N with I from 0 to N-1, not ${text}.`)
  return { index: Number(index), of: Number(of) }
}

function anchorsIn(file: string | undefined): readonly string[] {
  if (file === undefined) return []
  try {
    return [readFileSync(file, 'utf8')]
  } catch (error) {
    throw new UsageError(`fleet: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

function writerTo(file: string | undefined): { onDevice?: (device: FleetDevice) => void } {
  if (file === undefined) return {}
  writeFileSync(file, '')
  return {
    onDevice({ euiccCertificate, eumCertificate, ...device }) {
      const row = { ...device, euiccCertificate: base64(euiccCertificate), eumCertificate: base64(eumCertificate) }
      appendFileSync(file, `${JSON.stringify(row)}\n`)
    },
  }
}
