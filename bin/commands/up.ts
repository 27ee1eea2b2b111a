import { join } from 'node:path'
import { newSigningKey } from '../../provider/index.ts'
import { type Command, numberOf, textOf } from '../command.ts'
import { readConfig } from '../config.ts'
import type { Config } from '../config-schema.ts'
import { openReader, type ReaderAddress, readerAddress } from '../foreign-card.ts'
import { provideApart } from '../provider-apart.ts'
import { untilSignal } from '../signal.ts'
import { startWorld, switchesOn, type World } from '../world.ts'

export const upFlags: Command['flags'] = {
  devices: { value: 'N', summary: 'devices made at start (leases make more)' },
  config: { value: 'FILE', summary: 'configuration in YAML or JSON' },
  dialect: { value: 'ID', summary: 'dialect of the API that the reference provider serves', multiple: true },
  data: { value: 'DIR', summary: 'folder of the embedded databases; without it, nothing outlives the process' },
  certs: { value: 'DIR', summary: 'certificates and keys of another PKI, laid out as in SGP.26' },
  scenario: { value: 'FILE', summary: 'faults that it starts with, in YAML or JSON' },
  time: { value: 'real|virtual', summary: 'virtual: time goes on when nothing else can run' },
  card: {
    value: 'vpcd://HOST:PORT',
    summary: "a reader for a card that is not ours, as vsmartcard's; it becomes a device",
  },
  'no-provider': { summary: 'no reference provider and no authorization server' },
}

export const upCommand: Command = {
  name: 'up',
  summary: 'Starts the testbed, the reference provider and the authorization server, and stays up.',
  flags: upFlags,
  async run(args) {
    const config = configOf(args)
    const address = cardAddress(args)
    const world = await startWorld(config, { signingKey: newSigningKey() }, provideApart(config))
    for (const line of switchesOn(config)) process.stderr.write(`switched on  ${line}\n`)
    process.stdout.write(doorTable(world))
    const reader = address && (await openReader(address, world.insertCard, tell))
    if (reader) tell(`card reader at vpcd://${address.host}:${reader.port}`)
    await untilSignal()
    await reader?.close()
    await world.close()
    return 0
  },
}

const dataFolder = (args: Parameters<Command['run']>[0], role: string): string | undefined => {
  const folder = textOf(args, 'data')
  return folder === undefined ? undefined : join(folder, role)
}

const tell = (sentence: string): void => void process.stdout.write(`  ${sentence}\n`)

function cardAddress(args: Parameters<Command['run']>[0]): ReaderAddress | undefined {
  const text = textOf(args, 'card')
  return text === undefined ? undefined : readerAddress(text)
}

/** The configuration that flags, environment and file ask for together. */
export function configOf(args: Parameters<Command['run']>[0]): Config {
  return readConfig({
    file: textOf(args, 'config'),
    environment: process.env,
    flags: {
      'devices.count': numberOf(args, 'devices'),
      'provider.dialects': args.flags['dialect'],
      'provider.dataFolder': dataFolder(args, 'provider'),
      'eim.dataFolder': dataFolder(args, 'eim'),
      'devices.dataFolder': dataFolder(args, 'devices'),
      scenario: textOf(args, 'scenario'),
      time: textOf(args, 'time'),
      'certs.folder': textOf(args, 'certs'),
      'provider.enabled': args.flags['no-provider'] === true ? false : undefined,
    },
  })
}

export function doorTable({ doors }: World): string {
  const width = Math.max(...Object.keys(doors).map((name) => name.length)) + 2
  return Object.entries(doors)
    .map(([name, url]) => `  ${name.padEnd(width)}${url}\n`)
    .join('')
}
