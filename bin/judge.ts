/** A conformance run against the reference provider of a world, which is judged by what it was configured to do. */
import {
  type ConformanceOptions,
  type ConformanceResult,
  completeIcs,
  defaultIcs,
  type Ics,
  runConformance,
} from '../conformance/index.ts'
import type { Owner } from '../emulator/testbed/index.ts'
import type { newSigningKey } from '../provider/index.ts'
import type { Config } from './config-schema.ts'
import { ConfigurationError } from './mapping.ts'
import { declaredReadings } from './readings.ts'

/** A signing key handed in, so that a test of token checks can make tokens that are wrong in one claim only. */
export interface Keys {
  readonly signingKey: ReturnType<typeof newSigningKey>
}

export interface Judged {
  readonly doors: Readonly<Record<string, string>>
  readonly keys: Keys
}

export type Wanted = Pick<ConformanceOptions, 'report' | 'tags' | 'write' | 'onScenario' | 'seed' | 'parallel'> &
  Partial<Pick<ConformanceOptions, 'dialect'>>

const DEFAULT_DIALECT = 'esim-management@0.1'

export function judge(
  { authorization, provider, control }: Config,
  { doors, keys }: Judged,
  { dialect = DEFAULT_DIALECT, ...wanted }: Wanted,
): Promise<ConformanceResult> {
  const clientOf = (tenant: Owner) => {
    for (const { clientId: id, clientSecret: secret, tenant: its } of authorization.clients)
      if (its === tenant && secret !== undefined) return { id, secret }
    throw new ConfigurationError(`authorization.clients has no client of tenant ${tenant} with a secret.`)
  }
  return runConformance({
    target: doors['provider'] ?? '',
    dialect,
    testbed: doors['console'] ?? '',
    ...(control.token && { testbedToken: control.token }),
    authorization: {
      issuer: doors['authorization'] ?? '',
      client: clientOf('acme'),
      otherClient: clientOf('globex'),
      ...keys,
    },
    ics: statementOf(provider, dialect),
    ...wanted,
  })
}

/** What the reference provider declares is what it was configured to do. */
function statementOf(provider: Config['provider'], dialect: string): Ics {
  const { operationRetentionSeconds } = provider
  const limits = operationRetentionSeconds > LONGEST_WAIT_SECONDS ? {} : { operationRetentionSeconds }
  return completeIcs({
    dialect,
    readings: declaredReadings(provider)[dialect] ?? {},
    limits: { ...defaultIcs.limits, ...limits },
    timeouts: { ...defaultIcs.timeouts, ...patience },
  })
}

/** Seconds on a machine that has hardly any time for us: they only bound a hang. */
const patience = { answerSeconds: 60, completionSeconds: 600, eventSeconds: 300, redeliverySeconds: 600 }

/** Nobody waits days to see that an operation is forgotten. */
const LONGEST_WAIT_SECONDS = 60
