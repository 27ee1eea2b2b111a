/** A sequence of operations as a shell script of curl and jq, which reproduces it on a new device of the testbed. */
import { type About, type Dialect, type Route, requestStarting, routeOf } from '../dialects/dialect.ts'
import type { Call } from './esims.ts'

/** Calls that are sent at the same time. */
export type Batch = readonly Call[]

export interface ScriptOptions {
  readonly dialect: Dialect
  readonly target: string
  readonly testbed: string
  readonly issuer: string
  /** What leads to the same sequence again. */
  readonly seed: string
  /** Body of the lease that the sequence begins with. */
  readonly lease: object
  /** Where an eSIM is in the lease, as a path of jq; absent for a profile that the provider orders itself. */
  readonly paths: Readonly<Record<string, string>>
}

export function curlScript(batches: readonly Batch[], options: ScriptOptions): string {
  const names = [...new Set(batches.flat().map(({ esim }) => esim))]
  return [
    '#!/bin/sh -e',
    `# ${options.seed}. Wants curl, jq, CLIENT_ID, CLIENT_SECRET, and SINK: an address that answers 204.`,
    `API=${options.target}`,
    `TESTBED=${options.testbed.replace(/\/+$/, '').replace(/\/testbed\/v1$/, '')}/testbed/v1`,
    `TOKENS=$(curl -sS ${options.issuer}/.well-known/openid-configuration | jq -r .token_endpoint)`,
    `token() { curl -sS -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials -d "scope=$1" \${RESOURCE:+-d "resource=$RESOURCE"} "$TOKENS" | jq -r .access_token; }`,
    'call() { curl -sS -X POST "$API$1" -H "authorization: Bearer $(token "$2")" -H "content-type: application/json" -d "$3"; echo; }',
    `LEASE=$(curl -sS -X POST "$TESTBED/leases" -H "content-type: application/json" \${TESTBED_TOKEN:+-H "authorization: Bearer $TESTBED_TOKEN"} -d '${JSON.stringify(options.lease)}')`,
    'EID=$(echo "$LEASE" | jq -r .eid)',
    `look() { ${callOf(routeOf(options.dialect, 'getEsimStatus'), about)}; } # what the API says, also while it is executed`,
    ...names.map((name) => `${name}=${iccidOf(options.paths[name])}`),
    ...names
      .filter((name) => batches.flat().some(({ operation, esim }) => operation === 'download' && esim === name))
      .filter((name) => options.paths[name] !== undefined)
      .map((name) => `CODE_${name}=$(echo "$LEASE" | jq -r '${options.paths[name]}.activationCode')`),
    ...batches.flatMap((batch, index) => [
      `# batch ${index + 1}${batch.length > 1 ? ', at the same time' : ''}`,
      ...batch.map((call) => `${line(options.dialect, call)} && look${batch.length > 1 ? ' &' : ''}`),
      'wait; sleep 5; look # when all operations are completed',
    ]),
    'curl -sS "$TESTBED/devices/$EID" | jq .profiles # what the card says',
    '',
  ].join('\n')
}

const iccidOf = (path: string | undefined): string =>
  path === undefined ? '8988$(date +%s)00000' : `$(echo "$LEASE" | jq -r '${path}.iccid')`

/** The shell knows the rest. */
const about: About = { eid: '$EID', activationCode: '', operationId: '', sink: '$SINK' }

const line = (dialect: Dialect, { operation, esim }: Call): string =>
  callOf(routeOf(dialect, requestStarting(dialect, operation)), {
    ...about,
    iccid: `$${esim}`,
    activationCode: `$CODE_${esim}`,
  })

const callOf = ({ path, scope, body }: Route, named: About): string =>
  `call ${path} ${scope} "${JSON.stringify(body?.(named)).replaceAll('"', '\\"')}"`
