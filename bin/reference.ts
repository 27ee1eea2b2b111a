/** The reference provider on the whole stack, as a provider that is known to be right: in its own readings, in others, at its port, and under faults. */
import {
  type Catch,
  type CorrectProvider,
  completeIcs,
  dialectIds,
  holdsUnder,
  type Ics,
  mutants,
  otherReadings,
  type Readings,
  requirementsOf,
  selfTest,
  selfTestAtPort,
  startPortProxy,
  startWithReadings,
} from '../conformance/index.ts'
import { eidRange, type Owner, owners } from '../emulator/testbed/index.ts'
import { createLogger, newSigningKey, scopesOf, startAuthorizationServer, startProvider } from '../provider/index.ts'
import { readConfig } from './config.ts'
import { startWorld } from './world.ts'

type Flags = Readonly<Record<string, unknown>>
type Mutant = Catch['mutant']

/** A world of its own, and what is declared in it. */
export interface Round {
  readonly flags: Flags
  readonly dialect: string
  readonly readings?: Partial<Readings>
  readonly limits?: Partial<Ics['limits']>
  /** Of those whose requirement holds there. */
  readonly only: (mutant: Mutant) => boolean
}

const isFault = ({ breaks }: Mutant): boolean => breaks.includes('/faults/')
const isLimit = ({ breaks }: Mutant): boolean => /\/(time-limit|retention)$/.test(breaks)

/** Rules that only this other reading has. */
const isOfReading = (dialect: string) => {
  const usual = completeIcs({ dialect })
  const other = new Set(requirementsOf(dialect).flatMap((row) => (holdsUnder(row, usual) ? [] : [row.id])))
  return ({ breaks }: Mutant): boolean => other.has(breaks)
}

/** How the reference provider is told to have a reading; those that it does not have are layers over it. */
export const flagsFor: Readonly<Record<string, Flags>> = {
  'events=operation-completed': { 'provider.events': 'operation-completed' },
  'stateConflicts=synchronous': { 'provider.stateConflicts': 'synchronous' },
  'unknownIdentifier=404': { 'provider.unknownIdentifier': 404 },
  'unknownIdentifier=403': { 'provider.unknownIdentifier': 403 },
  'deleteEnabled=conflict': { 'provider.deleteEnabled': 'conflict' },
  'deleteEnabled=auto-disable': { 'provider.remoteDeleteEnabled': 'auto-disable' },
  'whenBusy=queue': { 'provider.whenBusy': 'queue' },
}

/** The second begins when the first is over, and must outlast the patience of a runner that waits for the end. */
const [TIME_LIMIT_SECONDS, RETENTION_SECONDS] = [15, 60] as const

export const usualRounds: readonly Round[] = dialectIds.map((dialect) => ({
  flags: {},
  dialect,
  only: (mutant) => !isFault(mutant) && !isLimit(mutant),
}))
export const otherRounds: readonly Round[] = dialectIds.flatMap((dialect) =>
  otherReadings(dialect).map((readings) => {
    const [[name, word] = []] = Object.entries(readings)
    return { flags: flagsFor[`${name}=${word}`] ?? {}, dialect, readings, only: isOfReading(dialect) }
  }),
)
export const limitRounds: readonly Round[] = dialectIds
  .filter((dialect) => mutants.some((mutant) => isLimit(mutant) && knows(dialect, mutant)))
  .map((dialect) => ({
    flags: {
      'provider.operationTimeoutSeconds': TIME_LIMIT_SECONDS,
      'provider.operationRetentionSeconds': RETENTION_SECONDS,
    },
    dialect,
    limits: { operationTimeLimitSeconds: TIME_LIMIT_SECONDS, operationRetentionSeconds: RETENTION_SECONDS },
    only: isLimit,
  }))
export const faultRound: Round = {
  flags: { time: 'virtual', 'provider.operationTimeoutSeconds': 600 },
  dialect: 'esim-management@0.1',
  only: isFault,
}

function knows(dialect: string, { breaks }: Mutant): boolean {
  return requirementsOf(dialect).some(({ id }) => id === breaks)
}

const ports = [
  ...['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port'],
  ...['provider.port', 'authorization.port'],
]
const alone: Flags = {
  ...Object.fromEntries(ports.map((port) => [port, 0])),
  'devices.count': 0,
  'log.level': 'silent',
}

/** What mutants never do, the runner waits for no longer; long enough for a slow machine, since nobody is blamed for that. */
const timeouts = { ...completeIcs({}).timeouts, eventSeconds: 20, redeliverySeconds: 20 }

export async function startRight({ flags, dialect, readings = {}, limits = {} }: Omit<Round, 'only'>) {
  const config = readConfig({ flags: { ...alone, ...flags } })
  const keys = { signingKey: newSigningKey() }
  const world = await startWorld(config, keys)
  const clientOf = (tenant: Owner) => {
    const found = config.authorization.clients.find((one) => one.tenant === tenant)
    return { id: found?.clientId ?? '', secret: found?.clientSecret ?? '' }
  }
  const usual = completeIcs({ dialect, timeouts })
  const plain: CorrectProvider = {
    target: world.doors['provider'] ?? '',
    testbed: world.doors['console'] ?? '',
    authorization: {
      issuer: world.doors['authorization'] ?? '',
      client: clientOf('acme'),
      otherClient: clientOf('globex'),
      ...keys,
    },
    ics: { ...usual, readings: { ...usual.readings, ...readings }, limits: { ...usual.limits, ...limits } },
  }
  const otherwise = await startWithReadings(plain, readings)
  const close = async () => {
    await otherwise?.close()
    await world.close()
  }
  return { right: otherwise?.right ?? plain, close }
}

const audience = 'https://provider.testbed.example'

/** A provider whose eIM is behind something that can be told to lie. */
export async function startAtPort() {
  const world = await startWorld(readConfig({ flags: { ...alone, 'provider.enabled': false } }))
  const dialect = 'esim-management@0.1'
  const port = await startPortProxy(String(world.doors['eimNorthbound']))
  const signingKey = newSigningKey()
  const tenants = Object.keys(owners) as Owner[]
  const scopes = scopesOf([dialect])
  const clients = tenants.map((tenant) => ({ clientId: tenant, clientSecret: `${tenant}-secret`, scopes }))
  const issuer = await startAuthorizationServer({ port: 0, audience, tokenTtl: 3600, clients }, signingKey)
  const provider = await startProvider({
    port: 0,
    issuer: issuer.url,
    audience,
    rsp: { kind: 'eim', url: port.url },
    tenants: tenants.map((tenant) => ({ clientId: tenant, tenant })),
    deviceOwners: tenants.map((tenant) => {
      const { from, to } = eidRange(tenant)
      return { tenant, eidFrom: from, eidTo: to }
    }),
    dialects: { [dialect]: {} },
    logger: createLogger('error'),
    sinks: { allowHttp: true, allowPrivateAddresses: true, timeoutMs: 5000, retry: { initialMs: 200 } },
  })
  const clientOf = (id: Owner) => ({ id, secret: `${id}-secret` })
  const right: CorrectProvider = {
    target: provider.url,
    testbed: String(world.doors['console']),
    authorization: { issuer: issuer.url, client: clientOf('acme'), otherClient: clientOf('globex'), signingKey },
    ics: completeIcs({ dialect, timeouts: { ...timeouts, completionSeconds: 10, eventSeconds: 10 } }),
  }
  const close = async () => {
    for (const end of [provider.close, issuer.close, port.close, world.close]) await end()
  }
  return { right, wear: port.wear, close }
}

/** Everything of the catalogue, each where its rule holds. */
export async function selfTestReference(onCatch: (result: Catch) => void, only = ''): Promise<readonly Catch[]> {
  const catches: Catch[] = []
  const told = (result: Catch): void => {
    catches.push(result)
    onCatch(result)
  }
  const isNew = ({ id }: Mutant): boolean =>
    id.includes(only) && !catches.some((one) => one.caught && one.mutant.id === id)
  for (const { only: isWanted, ...round } of [...usualRounds, ...otherRounds, ...limitRounds, faultRound]) {
    const open = mutants.filter((mutant) => isNew(mutant) && isWanted(mutant) && knows(round.dialect, mutant))
    if (open.length === 0) continue
    const { right, close } = await startRight(round)
    const wanted = (mutant: Mutant): boolean => open.includes(mutant)
    await selfTest({ over: right, fairness: false, only: wanted, onCatch: told }).finally(close)
  }
  const { right, wear, close } = await startAtPort()
  for (const result of await selfTestAtPort(right, wear, only).finally(close)) told(result)
  return catches
}
