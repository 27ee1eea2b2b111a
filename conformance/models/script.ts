/** A sequence of operations as a shell script of curl and jq, which reproduces it on a new device of the testbed. */
import { routes } from '../dialects/esim-management-0.1.ts'
import type { Call } from './esims.ts'

/** Calls that are sent at the same time. */
export type Batch = readonly Call[]

export interface ScriptOptions {
  readonly target: string
  readonly testbed: string
  readonly issuer: string
  /** What leads to the same sequence again. */
  readonly seed: string
  /** Body of the lease that the sequence begins with. */
  readonly lease: object
  /** Where the ICCID of an eSIM is in the lease, as a path of jq. */
  readonly paths: Readonly<Record<string, string>>
}

const routeOf = (operation: Call['operation']) =>
  Object.values(routes).find((route) => 'starts' in route && route.starts === operation)

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
    ...names.map((name) => `${name}=$(echo "$LEASE" | jq -r '${options.paths[name]}.iccid')`),
    ...names
      .filter((name) => batches.flat().some(({ operation, esim }) => operation === 'download' && esim === name))
      .map((name) => `CODE_${name}=$(echo "$LEASE" | jq -r '${options.paths[name]}.activationCode')`),
    ...batches.flatMap((batch, index) => [
      `# batch ${index + 1}${batch.length > 1 ? ', at the same time' : ''}`,
      ...batch.map((call) => `${line(call)}${batch.length > 1 ? ' &' : ''}`),
      'wait; sleep 5 # until all operations are completed',
    ]),
    'curl -sS "$TESTBED/devices/$EID" | jq .profiles # what the card says',
    `call ${routes.getEsimStatus.path} ${routes.getEsimStatus.scope} "{\\"esim\\":{\\"eid\\":\\"$EID\\"}}" # what the API says`,
    '',
  ].join('\n')
}

function line({ operation, esim }: Call): string {
  const { path = '', scope = '' } = routeOf(operation) ?? {}
  const more = operation === 'download' ? `,\\"activationCode\\":\\"$CODE_${esim}\\"` : ''
  const eid = operation === 'download' ? '\\"eid\\":\\"$EID\\",' : ''
  return `call ${path} ${scope} "{\\"esim\\":{${eid}\\"iccid\\":\\"$${esim}\\"}${more},\\"sink\\":\\"$SINK\\"}"`
}
