import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Command, parseFlags } from '../bin/command.ts'
import { fleetCommand } from '../bin/commands/fleet.ts'
import { providerCommand } from '../bin/commands/provider.ts'
import { upCommand } from '../bin/commands/up.ts'
import { configSchema } from '../bin/config-schema.ts'
import { eidRange } from '../emulator/testbed/index.ts'

/** No engine runs here: what is checked is that everything that the files say to this program is something that it understands. */

const folder = new URL('.', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const commands: readonly Command[] = [upCommand, providerCommand, fleetCommand]

const understood = ([name, ...argv]: readonly string[]) => {
  const command = commands.find((row) => row.name === name)
  expect(command, `command ${name}`).toBeDefined()
  if (command) parseFlags(command, argv)
}

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
}

const compositions = readdirSync(folder).filter((name) => /^compose.*\.yaml$/.test(name))

test('there are compositions for everything embedded, for PostgreSQL, and for devices only', () => {
  expect(compositions).toEqual(['compose.fleet.yaml', 'compose.postgres.yaml', 'compose.yaml'])
})

test.each(compositions)('%s gives this program only commands, flags and variables that there are', (name) => {
  const { services } = parse(text(name), { merge: true }) as { services: Readonly<Record<string, Service>> }
  const ours = Object.values(services).filter(({ image }) => image === 'esim-testbed')
  expect(ours.length).toBeGreaterThan(0)
  for (const { command, environment = {}, read_only, cap_drop } of ours) {
    if (command) understood(command)
    for (const variable of Object.keys(environment)) expect(variables()).toContain(variable)
    expect({ read_only, cap_drop }).toEqual({ read_only: true, cap_drop: ['ALL'] })
  }
})

test('the image runs as a user without rights, starts a command that there is, and tells its health', () => {
  const lines = text('Dockerfile').split('\n')
  const argumentsOf = (instruction: string): readonly string[] =>
    JSON.parse(lines.findLast((line) => line.startsWith(`${instruction} `))?.slice(instruction.length) ?? '[]')
  understood(argumentsOf('CMD'))
  expect(argumentsOf('ENTRYPOINT')).toEqual(['node', 'dist/bin/esim-testbed.js'])
  expect(lines.indexOf('USER node')).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith('RUN ')))
  expect(lines.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true)
  const set = text('Dockerfile').match(/ESIM_TESTBED_\w+/g) ?? []
  for (const variable of set) expect(variables()).toContain(variable)
})

test('the fleet of Kubernetes is an indexed job whose index is the shard', () => {
  const { spec } = parse(text('kubernetes/fleet-job.yaml'))
  const [container] = spec.template.spec.containers
  const args = (container.args as string[]).map((arg) => arg.replace('$(JOB_COMPLETION_INDEX)', '0'))
  understood(args)
  expect(spec.completionMode).toBe('Indexed')
  expect(args[args.indexOf('--shard') + 1]).toBe(`0/${spec.completions}`)
})

test('the second provider knows the devices of the first', () => {
  const { deviceOwners } = parse(text('provider.yaml'))
  expect(deviceOwners).toEqual(
    (['acme', 'globex'] as const).map((tenant) => {
      const { from, to } = eidRange(tenant)
      return { tenant, eidFrom: from, eidTo: to }
    }),
  )
})

interface Node {
  readonly properties?: Readonly<Record<string, Node>>
}

/** Environment variables of the configuration, and what PostgreSQL's users expect. */
function variables(node: Node = configSchema as Node, path = 'ESIM_TESTBED'): readonly string[] {
  if (!node.properties) return [path, 'DATABASE_URL']
  const name = (key: string) => `${path}_${key.replace(/([A-Z])/g, '_$1').toUpperCase()}`
  return Object.entries(node.properties).flatMap(([key, child]) => variables(child, name(key)))
}
