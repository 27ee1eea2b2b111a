/** Everything that can be done from the page: each action is one request to the control API. */
import type { Card } from '../api/contract.ts'

export interface Request {
  readonly method: 'POST' | 'PUT' | 'DELETE' | 'GET'
  /** Below the base path of the control API. */
  readonly path: string
  readonly body?: unknown
}

export interface Field {
  readonly name: string
  readonly label: string
  /** Choices, or `text`, or `json`. */
  readonly kind: 'text' | 'json' | readonly string[]
  readonly initial: string
}

export type Values = Readonly<Record<string, string>>

export interface Action {
  readonly id: string
  readonly title: string
  readonly group: 'device' | 'packages' | 'testbed'
  /** Whether a device must be chosen. */
  readonly isOfDevice: boolean
  readonly fields: (card: Card | undefined) => readonly Field[]
  /** Throws SyntaxError when a field that is JSON is none. */
  readonly request: (eid: string, values: Values) => Request
}

const none = () => []
const ofDevice = (eid: string, rest: string) => `/devices/${eid}/${rest}`
const post = (path: string, body?: unknown): Request => ({
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
})
const iccidField = (card: Card | undefined): Field => {
  const iccids = card?.profiles.map(({ iccid }) => iccid) ?? []
  return { name: 'iccid', label: 'ICCID', kind: iccids.length > 0 ? iccids : 'text', initial: iccids[0] ?? '' }
}

const operations = ['enable', 'disable', 'delete', 'setFallbackAttribute'] as const

const packageOf = (operation: (typeof operations)[number]): Action => ({
  id: operation,
  title: `${operation} a profile`,
  group: 'packages',
  isOfDevice: true,
  fields: (card) => [iccidField(card)],
  request: (eid, { iccid }) => post(ofDevice(eid, 'packages'), { psmo: [{ [operation]: { iccid } }] }),
})

const simplePackage = (operation: string, order: unknown): Action => ({
  id: operation,
  title: operation,
  group: 'packages',
  isOfDevice: true,
  fields: none,
  request: (eid) => post(ofDevice(eid, 'packages'), order),
})

const resetOptions = [
  'deleteOperationalProfiles',
  'deleteFieldLoadedTestProfiles',
  'resetDefaultSmdpAddress',
  'resetEimConfigData',
  'resetImmediateEnableConfig',
]

export const actions: readonly Action[] = [
  {
    id: 'poll',
    title: 'poll now',
    group: 'device',
    isOfDevice: true,
    fields: none,
    request: (eid) => post(ofDevice(eid, 'polls')),
  },
  {
    id: 'power-cycle',
    title: 'power-cycle the card',
    group: 'device',
    isOfDevice: true,
    fields: none,
    request: (eid) => post(ofDevice(eid, 'power-cycles')),
  },
  {
    id: 'connectivity',
    title: 'connectivity',
    group: 'device',
    isOfDevice: true,
    fields: () => [
      { name: 'reachable', label: 'The device is', kind: ['unreachable', 'reachable'], initial: 'unreachable' },
    ],
    request: (eid, { reachable }) => ({
      method: 'PUT',
      path: ofDevice(eid, 'connectivity'),
      body: { reachable: reachable === 'reachable' },
    }),
  },
  {
    id: 'memory-reset',
    title: 'eUICC memory reset',
    group: 'device',
    isOfDevice: true,
    fields: () => [{ name: 'option', label: 'Option', kind: resetOptions, initial: resetOptions[0] ?? '' }],
    request: (eid, { option }) => post(ofDevice(eid, 'memory-resets'), { resetOptions: [option] }),
  },
  {
    id: 'apdu',
    title: 'send an APDU',
    group: 'device',
    isOfDevice: true,
    fields: () => [{ name: 'apdu', label: 'Command APDU in hexadecimal', kind: 'text', initial: '80f2000c00' }],
    request: (eid, { apdu }) => post(ofDevice(eid, 'apdu'), { apdu }),
  },
  ...operations.map(packageOf),
  simplePackage('listProfileInfo', { psmo: [{ listProfileInfo: {} }] }),
  simplePackage('unsetFallbackAttribute', { psmo: [{ unsetFallbackAttribute: {} }] }),
  simplePackage('listEim', { eco: [{ listEim: {} }] }),
  {
    id: 'download',
    title: 'download a profile',
    group: 'packages',
    isOfDevice: true,
    fields: () => [{ name: 'activationCode', label: 'Activation code', kind: 'text', initial: '' }],
    request: (eid, { activationCode }) => post(ofDevice(eid, 'packages'), { download: { activationCode } }),
  },
  {
    id: 'package',
    title: 'any package',
    group: 'packages',
    isOfDevice: true,
    fields: () => [
      { name: 'order', label: 'PackageOrder of the eIM', kind: 'json', initial: '{ "psmo": [{ "getRAT": {} }] }' },
    ],
    request: (eid, { order = '' }) => post(ofDevice(eid, 'packages'), JSON.parse(order)),
  },
  {
    id: 'lease',
    title: 'make a device',
    group: 'testbed',
    isOfDevice: false,
    fields: () => [
      {
        name: 'shape',
        label: 'Profiles brought onto it, orders that wait for it',
        kind: 'json',
        initial: '{ "profiles": [{ "state": "enabled" }, { "state": "disabled", "fallback": true }], "orders": [{}] }',
      },
    ],
    request: (_eid, { shape = '' }) => post('/leases', JSON.parse(shape)),
  },
]

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The same as a command line. `token`: whether the control API wants one. */
export function asCurl(origin: string, { method, path, body }: Request, token = false): string {
  const header = token ? ` -H "authorization: Bearer $TOKEN"` : ''
  const json = body === undefined ? '' : ` \\\n  -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`
  return `curl -s -X ${method} ${origin}/testbed/v1${path}${header}${json}`
}

/** The same as a request of RFC 9112. */
export function asHttp(host: string, { method, path, body }: Request): string {
  const head = `${method} /testbed/v1${path} HTTP/1.1\nHost: ${host}`
  return body === undefined ? head : `${head}\nContent-Type: application/json\n\n${JSON.stringify(body, null, 2)}`
}
