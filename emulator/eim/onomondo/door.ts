/** The REST dialect of onomondo-eim as a second northbound door: doc/rest_api.md there, docs/eim-onomondo.md here. */
import { encode, toHex } from '../../../protocol/ber/index.ts'
import { isEid } from '../../../protocol/identifiers/index.ts'
import { AddInitialEimRequest, EimConfigurationData } from '../../../protocol/sgp32/index.ts'
import type { HttpAnswer, HttpHandler, HttpMessage, Trace } from '../../ports/index.ts'
import { newPackageId, newTransactionId, type ToolsFor } from '../delivery.ts'
import { configurationFor, type EimIdentity } from '../onboarding.ts'
import { brokenRule } from '../order-rules.ts'
import { cancelPackage, queuePackage } from '../queue.ts'
import { type EuiccState, newEuicc, type Turn } from '../state.ts'
import { ifKnown, type Step } from '../step.ts'
import type { EimStore } from '../store.ts'
import { applyParameters } from './euicc-parameters.ts'
import { badOrder, readOrder } from './orders.ts'
import { progressOf } from './outcomes.ts'
import { type Facility, facilities, type Outcome, type Resource, type Resources } from './resources.ts'

export interface OnomondoOptions {
  readonly store: EimStore
  readonly step: Step
  readonly tools: ToolsFor
  readonly identity: () => EimIdentity
  readonly resources: Resources
  readonly trace: Trace | undefined
  /** Of this program, for the information page. */
  readonly version: string
}

export function onomondoHandler(options: OnomondoOptions): HttpHandler {
  return async (message) => {
    const hop = { interface: 'northbound', operation: `${message.method} ${message.path}` } as const
    const asked = jsonIn(message.body)
    options.trace?.record({ ...hop, from: 'provider', to: 'eIM', ...(asked !== undefined && { json: asked }) })
    const answer = await route(options, message, asked)
    const said = jsonIn(answer.body)
    const shown = said === undefined ? {} : { json: said }
    options.trace?.record({ ...hop, from: 'eIM', to: 'provider', status: `${answer.status}`, ...shown })
    return answer
  }
}

interface Place {
  readonly facility: Facility
  readonly operation: string
  readonly resourceId: string
}

const pattern = new RegExp(`^/(${facilities.join('|')})/(?:(create|list)|(?:(lookup|delete)/([^/]+)))/?$`)

function placeOf(path: string): Place | undefined {
  const [, facility, alone, named, resourceId = ''] = pattern.exec(path.split('?')[0] ?? '') ?? []
  const operation = alone ?? named
  return operation === undefined ? undefined : { facility: facility as Facility, operation, resourceId }
}

async function route(options: OnomondoOptions, message: HttpMessage, body: unknown): Promise<HttpAnswer> {
  const { method, path } = message
  const place = placeOf(path)
  if (!place && path.split('?')[0] !== '/') return bare(404)
  const wanted = place?.operation === 'create' ? 'POST' : 'GET'
  if (method !== wanted) return bare(405, { allow: wanted })
  if (!place) return json(information(options))
  if (place.operation === 'create') return create(options, place.facility, message, body)
  if (place.operation === 'list') return json({ resourceIdList: await options.resources.list(place.facility) })
  const resource = await options.resources.find(place.facility, decodeURIComponent(place.resourceId))
  if (!resource) return json({ status: 'absent' })
  return json(place.operation === 'lookup' ? await lookUp(options, resource) : await remove(options, resource))
}

const bare = (status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers,
  body: new Uint8Array(),
})

const json = (value: unknown): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(value)),
})

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** An order of any content is taken; what cannot be understood of it shows in its outcome. Only a body that is no order gets 400. */
async function create(
  options: OnomondoOptions,
  facility: Facility,
  { headers }: HttpMessage,
  body: unknown,
): Promise<HttpAnswer> {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return bare(415)
  const { eidValue, order } = Object(body) as { readonly eidValue?: unknown; readonly order?: unknown }
  if (typeof eidValue !== 'string' || !isEid(eidValue) || order === undefined) return bare(400)
  const { random, now } = options.tools()
  const resourceId = newPackageId(random)
  const started =
    facility === 'euicc'
      ? { outcome: await setParameters(options, eidValue, order) }
      : await place(options, { facility, eid: eidValue, order, packageId: resourceId })
  await options.resources.put({ resourceId, facility, eidValue, order, createdAt: now, ...started })
  return bare(303, { location: `/${facility}/lookup/${resourceId}` })
}

/** The token is the one that an eUICC gives to the first eIM that it is told of. */
const unmet = (eid: string): EuiccState => ({ ...newEuicc(eid), associationToken: 1 })

async function setParameters({ step }: OnomondoOptions, eid: string, order: unknown): Promise<Outcome> {
  const { answer } = await step({ eid }, (before) => applyParameters(before ?? unmet(eid), order))
  return answer
}

interface Placing {
  readonly facility: Exclude<Facility, 'euicc'>
  readonly eid: string
  readonly order: unknown
  readonly packageId: string
}

/** An EID that nobody has onboarded gets its order too: its certificates may come with a data request. */
async function place(
  { store, step, tools }: OnomondoOptions,
  { facility, eid, order, packageId }: Placing,
): Promise<Pick<Resource, 'packageId' | 'outcome'>> {
  const read = readOrder(facility, order)
  if ('procedureError' in read) return { outcome: [read] }
  const { now, random, codec } = tools((await store.euicc(eid))?.specification)
  if (brokenRule(read.order, codec) !== undefined) return { outcome: [{ procedureError: badOrder(facility) }] }
  const row = { order: read.order, packageId, eimTransactionId: newTransactionId(random), now }
  await step({ eid }, (before): Turn<unknown> => queuePackage(before ?? unmet(eid), row))
  return { packageId }
}

/** External term format of the atom `none`. */
const NO_DEBUGINFO = '836400046E6F6E65'

async function lookUp({ store }: OnomondoOptions, resource: Resource): Promise<object> {
  const { eidValue, order, packageId, outcome = [], createdAt } = resource
  const found = packageId === undefined ? undefined : await store.package(packageId)
  const exchange = found?.state === 'delivered' ? (await store.euicc(eidValue))?.exchange : undefined
  const early = exchange?.package.packageId === packageId ? exchange?.result : undefined
  const progress = found ? progressOf(found, early, order) : { status: 'done', outcome }
  const at = found ? Date.parse(found.completedAt ?? found.deliveredAt ?? found.createdAt) : createdAt
  return {
    status: progress.status,
    timestamp: `${Math.floor(at / 1000)}`,
    resource: { eidValue, order },
    outcome: progress.outcome,
    debuginfo: NO_DEBUGINFO,
  }
}

/** Deviation: a package that the IPA has already is not called back; its result goes to nobody. */
async function remove({ resources, step, tools }: OnomondoOptions, resource: Resource): Promise<object> {
  const { packageId, eidValue: eid } = resource
  if (packageId !== undefined)
    await step(
      { eid },
      ifKnown((before) => cancelPackage(before, packageId, tools().now)),
    )
  await resources.remove(resource)
  return { status: 'deleted' }
}

/** The information page. Its configuration is that for an eUICC that the eIM has never met. */
function information({ identity, version }: OnomondoOptions): object {
  const eim = identity()
  const configuration = configurationFor(eim, 0, undefined)
  const request = encode(AddInitialEimRequest, { eimConfigurationDataList: [configuration] })
  const [host = '', port] = eim.eimFqdn.split(':')
  return {
    hostname: host,
    node: 'esim-testbed',
    vsn: version,
    eimId: eim.eimId,
    esipaIp: host,
    esipaPort: Number(port ?? 443),
    addInitialEimRequest: toHex(request).toUpperCase(),
    eimConfigurationData: toHex(encode(EimConfigurationData, configuration)).toUpperCase(),
    counterValue: 0,
    consumerEuicc: false,
  }
}
