import { readdirSync, readFileSync } from 'node:fs'
import { validate } from 'dockerfile-utils'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { Service } from 'kubernetes-models/v1/Service'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { parseFlags } from '../bin/command.ts'
import { providerCommand } from '../bin/commands/provider.ts'
import { upCommand } from '../bin/commands/up.ts'
import { readConfig } from '../bin/config.ts'

/** Against the schemas that Kubernetes publishes, and a linter for Dockerfiles. */

const folder = new URL('.', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

type Kind = new (data: never) => { validate(): void }
const kinds: Readonly<Record<string, Kind>> = {
  'apps/v1 Deployment': Deployment as unknown as Kind,
  'batch/v1 Job': Job as unknown as Kind,
  'v1 Service': Service as unknown as Kind,
}

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

const manifestsIn = (name: string): readonly Manifest[] =>
  parseAllDocuments(text(`kubernetes/${name}`)).map((document) => document.toJS())

const check = (manifest: Manifest): void => {
  const Kind = kinds[`${manifest.apiVersion} ${manifest.kind}`]
  if (!Kind) throw new Error(`nobody knows a ${manifest.apiVersion} ${manifest.kind}`)
  new Kind(manifest as never).validate()
}

const files = readdirSync(new URL('kubernetes', folder))

test.each(files)('%s is as the schemas of Kubernetes want it', (name) => {
  const manifests = manifestsIn(name)
  expect(manifests.length).toBeGreaterThan(0)
  for (const manifest of manifests) check(manifest)
})

test('a manifest with a wrong type, or without something that must be there, is noticed', () => {
  const [job] = manifestsIn('fleet-job.yaml') as readonly (Manifest & { spec: object })[]
  if (!job) throw new Error('the job is gone')
  expect(() => check({ ...job, spec: { ...job.spec, completions: 'four' } } as Manifest)).toThrow('completions')
  expect(() => check({ ...job, spec: { ...job.spec, template: undefined } } as Manifest)).toThrow('template')
})

test.each([
  ['provider.yaml', providerCommand],
  ['eim.yaml', upCommand],
] as const)('%s is started with arguments and variables that it understands', (file, command) => {
  const [deployment] = manifestsIn(file) as unknown as readonly {
    spec: { template: { spec: { containers: { args: string[]; env: { name: string }[] }[] } } }
  }[]
  const { args = [], env = [] } = deployment?.spec.template.spec.containers[0] ?? {}
  const [name, ...argv] = args
  expect(name).toBe(command.name)
  parseFlags(command, argv)
  const environment = Object.fromEntries(env.map((variable) => [variable.name, 'postgres://a/b']))
  expect(readConfig({ environment }).eim.databaseUrl).toBe('postgres://a/b')
})

test.each(['Dockerfile', '../examples/container/Dockerfile'])('a linter finds nothing in %s', (name) => {
  expect(validate(text(name)).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
})

test('the linter sees what is wrong', () => {
  expect(validate('FROM node:22\nRUN\nWORKDIR src\nEXPOSE a\n').length).toBeGreaterThan(1)
})
