/** A message in the form in which it goes on somewhere else. */
import type { Message } from '../api/contract.ts'

const pretty = (json: unknown): string => JSON.stringify(json, null, 2)

/** As `fixtures/` and the tests of `protocol/` keep vectors. */
export function asVector({ operation, interface: on, from, to, octets, json }: Message, title: string): string {
  const name = `${operation} on ${on}, from ${from} to ${to}`
  return pretty({ name, ...(title && { type: title }), ...(octets ? { octets } : { json }) })
}

const paths: Readonly<Record<string, string>> = { northbound: 'eimNorthbound', API: 'provider', event: '' }

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A command that sends the same again. Octets of ES10 go to the decoder: a card takes them as APDUs only. */
export function asCommand(message: Message, doors: Readonly<Record<string, string>>): string {
  const { interface: on, operation, octets, json, status } = message
  const [method, path = ''] = operation.split(' ')
  const door = doors[paths[on] ?? '']
  const body = json === undefined ? '' : ` \\\n  -H 'content-type: application/json' -d ${quoted(JSON.stringify(json))}`
  if (status === undefined && path.startsWith('http')) return `curl -s -X ${method} ${path}${body}`
  if (status === undefined && path && door !== undefined) return `curl -s -X ${method} ${door}${path}${body}`
  if (status === undefined && on === 'ES9+' && doors['es9plus'])
    return `curl -sk -X POST ${doors['es9plus']}/gsma/rsp2/es9plus/${lower(operation)} -H 'x-admin-protocol: gsma/rsp/v2.5.0'${body}`
  if (status === undefined && on === 'ESipa' && octets && doors['esipa'])
    return `printf %s ${octets} | xxd -r -p | curl -sk -X POST ${doors['esipa']}/gsma/rsp2/asn1 \\\n  -H 'content-type: application/x-gsma-rsp-asn1' -H 'x-admin-protocol: gsma/rsp/v2.1.0' --data-binary @-`
  return octets ? `npx esim-testbed decode ${octets}` : `printf %s ${quoted(JSON.stringify(json ?? {}))}`
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
