/** Everything that can be done from the page: each action is one request to the control API. */
import type { Card } from '../api/contract.ts'

export interface Request {
  readonly method: 'POST' | 'PUT' | 'DELETE' | 'GET'
  /** Below the base path of the control API. */
  readonly path: string
  readonly body?: unknown
  /** Instead of `body`: name of a file that is sent as it is. */
  readonly file?: string
  /** Name of the file into which the answer goes. */
  readonly into?: string
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
  /** What it does, in a sentence. */
  readonly says: string
  readonly group: 'device' | 'packages' | 'testbed' | 'clock'
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

const operations = {
  enable: [
    'enable a profile',
    'A signed package that enables it; the profile enabled before is disabled by the same act.',
  ],
  disable: ['disable a profile', 'A signed package that disables it.'],
  delete: ['delete a profile', 'A signed package that deletes it; an enabled profile cannot be deleted.'],
  setFallbackAttribute: ['make a profile the fallback', 'A signed package that gives it the fallback attribute.'],
} as const

type Operation = keyof typeof operations

const packageOf = (operation: Operation): Action => ({
  id: operation,
  title: operations[operation][0],
  says: operations[operation][1],
  group: 'packages',
  isOfDevice: true,
  fields: (card) => [iccidField(card)],
  request: (eid, { iccid }) => post(ofDevice(eid, 'packages'), { psmo: [{ [operation]: { iccid } }] }),
})

const simplePackage = (operation: string, order: unknown, says: string): Action => ({
  id: operation,
  title: operation,
  says,
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

/** Milliseconds. */
const units: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
}

export const actions: readonly Action[] = [
  {
    id: 'poll',
    says: 'The IPA asks the eIM for packages at once, and the answer comes when its polling cycle has ended.',
    title: 'poll now',
    group: 'device',
    isOfDevice: true,
    fields: none,
    request: (eid) => post(ofDevice(eid, 'polls')),
  },
  {
    id: 'power-cycle',
    says: 'The card loses its power and gets it back: logical channels and RSP sessions are gone, profiles stay.',
    title: 'power-cycle the card',
    group: 'device',
    isOfDevice: true,
    fields: none,
    request: (eid) => post(ofDevice(eid, 'power-cycles')),
  },
  {
    id: 'connectivity',
    says: 'A device that is not reachable neither polls nor can be woken.',
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
    says: 'ES10b.eUICCMemoryReset with one option; the answer is that of the card.',
    title: 'eUICC memory reset',
    group: 'device',
    isOfDevice: true,
    fields: () => [{ name: 'option', label: 'Option', kind: resetOptions, initial: resetOptions[0] ?? '' }],
    request: (eid, { option }) => post(ofDevice(eid, 'memory-resets'), { resetOptions: [option] }),
  },
  {
    id: 'apdu',
    says: 'One command beside the IPA, octet for octet.',
    title: 'send an APDU',
    group: 'device',
    isOfDevice: true,
    fields: () => [{ name: 'apdu', label: 'Command APDU in hexadecimal', kind: 'text', initial: '80f2000c00' }],
    request: (eid, { apdu }) => post(ofDevice(eid, 'apdu'), { apdu }),
  },
  ...(Object.keys(operations) as Operation[]).map(packageOf),
  simplePackage('listProfileInfo', { psmo: [{ listProfileInfo: {} }] }, 'The card lists its profiles to the eIM.'),
  simplePackage(
    'unsetFallbackAttribute',
    { psmo: [{ unsetFallbackAttribute: {} }] },
    'No profile is the fallback any more.',
  ),
  simplePackage('getRAT', { psmo: [{ getRAT: {} }] }, 'The card shows its Rules Authorisation Table.'),
  simplePackage('listEim', { eco: [{ listEim: {} }] }, 'The card lists the eIMs that it is associated with.'),
  {
    id: 'download',
    says: 'The eIM triggers the download; the IPA fetches the profile from the SM-DP+ with its next poll.',
    title: 'download a profile',
    group: 'packages',
    isOfDevice: true,
    fields: () => [{ name: 'activationCode', label: 'Activation code', kind: 'text', initial: '' }],
    request: (eid, { activationCode }) => post(ofDevice(eid, 'packages'), { download: { activationCode } }),
  },
  {
    id: 'package',
    says: 'Anything that the northbound door of the eIM takes: psmo, eco, download, data request.',
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
    says: 'A new device; its profiles are brought onto it by real downloads.',
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
  {
    id: 'advance',
    says: 'Everything that falls due in between happens; the answer comes when it has come to rest.',
    title: 'advance the clock',
    group: 'clock',
    isOfDevice: false,
    fields: () => [
      { name: 'count', label: 'By how many', kind: 'text', initial: '1' },
      { name: 'unit', label: 'of', kind: Object.keys(units), initial: 'hours' },
    ],
    request: (_eid, { count = '', unit = '' }) => post('/clock', { advanceMs: Number(count) * (units[unit] ?? 1) }),
  },
  {
    id: 'stop',
    says: 'Time stands still: nothing falls due until it is advanced or goes on.',
    title: 'stop the clock',
    group: 'clock',
    isOfDevice: false,
    fields: none,
    request: () => post('/clock', { paused: true }),
  },
  {
    id: 'go-on',
    says: 'The clock goes on from where it stands.',
    title: 'let the clock go on',
    group: 'clock',
    isOfDevice: false,
    fields: none,
    request: () => post('/clock', { paused: false }),
  },
]

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const NDJSON = 'application/x-ndjson'

/** The same as a command line. `token`: whether the control API wants one. */
export function asCurl(origin: string, { method, path, body, file, into }: Request, token = false): string {
  const header = token ? ` -H "authorization: Bearer $TOKEN"` : ''
  const json = body === undefined ? '' : ` \\\n  -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`
  const sent = file === undefined ? '' : ` \\\n  -H 'content-type: ${NDJSON}' --data-binary @${quoted(file)}`
  const kept = into === undefined ? '' : ` -o ${quoted(into)}`
  const url = `${origin}/testbed/v1${path}`
  return `curl -s -X ${method} ${/[?&]/.test(url) ? quoted(url) : url}${header}${kept}${json}${sent}`
}

/** The same as a request of RFC 9112. */
export function asHttp(host: string, { method, path, body, file }: Request): string {
  const head = `${method} /testbed/v1${path} HTTP/1.1\nHost: ${host}`
  if (file !== undefined) return `${head}\nContent-Type: ${NDJSON}\n\n(the content of ${file})`
  return body === undefined ? head : `${head}\nContent-Type: application/json\n\n${JSON.stringify(body, null, 2)}`
}
