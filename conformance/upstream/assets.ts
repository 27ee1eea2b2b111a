/** What a test definition calls "a valid …": from a file, else from a device that was leased for the scenario. */
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import type { Lease, Testbed } from '../testbed/http.ts'

export interface AssetsFile {
  /** Values by the words of the definition; one value, or one for each operationId with `*` for all others. */
  readonly assets: Readonly<Record<string, unknown>>
  /** Sentences of the definition that are true of this environment. */
  readonly conditions: readonly string[]
}

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: { assets: { type: 'object' }, conditions: { type: 'array', items: { type: 'string' } } },
}

/** Throws a sentence that names what is wrong. */
export function readAssets(yaml: string): AssetsFile {
  const content: unknown = parse(yaml) ?? {}
  const validate = new Ajv({ allErrors: true }).compile(schema)
  if (!validate(content)) {
    const sentences = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`)
    throw new Error(`assets: ${sentences.join('; ')}`)
  }
  return { assets: {}, conditions: [], ...(content as Partial<AssetsFile>) }
}

export interface Assets {
  /** Undefined when nobody has such a thing. `name`: the words, without article and "valid". */
  readonly find: (name: string, operationId: string) => Promise<unknown>
  readonly holds: (condition: string) => boolean
  /** The device of the scenario, when one was leased. */
  readonly leased: () => Promise<Lease> | undefined
}

export interface AssetSources {
  readonly file: AssetsFile
  readonly testbed: Testbed | undefined
  readonly owner: string
}

const wordsOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')

/** A device with an eSIM in either state and one to be downloaded. */
const shape = {
  profiles: [
    { state: 'disabled', fallbackAllowed: true },
    { state: 'enabled', fallbackAllowed: true },
  ],
  orders: [{}],
} as const

/** Of a leased device. An eSIM is in the state from which the operation may begin. */
const ofDevice: Readonly<Record<string, (lease: Lease, operationId: string) => string | undefined>> = {
  eid: ({ eid }) => eid,
  iccid: ({ profiles }, operationId) =>
    profiles.find(({ state }) => state === (/disable/i.test(operationId) ? 'enabled' : 'disabled'))?.iccid,
  activationcode: ({ orders }) => orders[0]?.activationCode,
}

export function createAssets({ file, testbed, owner }: AssetSources): Assets {
  const written = new Map(Object.entries(file.assets).map(([name, value]) => [wordsOf(name), value]))
  let leased: Promise<Lease> | undefined
  return {
    find: async (name, operationId) => {
      const value = written.get(wordsOf(name))
      if (value !== undefined) return oneOf(value, operationId)
      const read = ofDevice[wordsOf(name)]
      if (read === undefined || testbed === undefined) return undefined
      leased ??= testbed.lease({ owner, ...shape })
      return read(await leased, operationId)
    },
    holds: (condition) => file.conditions.some((known) => wordsOf(known) === wordsOf(condition)),
    leased: () => leased,
  }
}

function oneOf(value: unknown, operationId: string): unknown {
  const byOperation = value as Readonly<Record<string, unknown>>
  const isTable = typeof value === 'object' && value !== null && '*' in value
  return isTable ? (byOperation[operationId] ?? byOperation['*']) : value
}
