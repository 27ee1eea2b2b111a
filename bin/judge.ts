/** A conformance run against the reference provider of a world, which is judged by what it was configured to do. */
import {
  type ConformanceOptions,
  type ConformanceResult,
  completeIcs,
  type Ics,
  runConformance,
} from '../conformance/index.ts'
import type { Owner } from '../emulator/testbed/index.ts'
import type { newSigningKey } from '../provider/index.ts'
import { ConfigurationError } from './config.ts'
import type { Config } from './config-schema.ts'

/** A signing key handed in, so that a test of token checks can make tokens that are wrong in one claim only. */
export interface Keys {
  readonly signingKey: ReturnType<typeof newSigningKey>
}

export interface Judged {
  readonly doors: Readonly<Record<string, string>>
  readonly keys: Keys
}

type Wanted = Pick<ConformanceOptions, 'report' | 'tags' | 'write' | 'onScenario' | 'seed' | 'parallel'>

export function judge(
  { authorization, provider, control }: Config,
  { doors, keys }: Judged,
  wanted: Wanted,
): Promise<ConformanceResult> {
  const clientOf = (tenant: Owner) => {
    const row = authorization.clients.find((candidate) => candidate.tenant === tenant)
    if (!row) throw new ConfigurationError(`authorization.clients has no client of tenant ${tenant}.`)
    return { id: row.clientId, secret: row.clientSecret }
  }
  return runConformance({
    target: doors['provider'] ?? '',
    dialect: 'esim-management@0.1',
    testbed: doors['console'] ?? '',
    ...(control.token && { testbedToken: control.token }),
    authorization: {
      issuer: doors['authorization'] ?? '',
      client: clientOf('acme'),
      otherClient: clientOf('globex'),
      ...keys,
    },
    ics: statementOf(provider),
    ...wanted,
  })
}

/** What the reference provider declares is what it was configured to do. */
const statementOf = ({ events, stateConflicts, deleteEnabled, unknownIdentifier }: Config['provider']): Ics =>
  completeIcs({ readings: { events, stateConflicts, deleteEnabled, unknownIdentifier: `${unknownIdentifier}` } })
