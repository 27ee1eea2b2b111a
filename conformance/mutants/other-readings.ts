/** Right providers of readings that the reference provider does not have: layers over it that break no rule. */
import { connectAuthorization } from '../authorization/client-http.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectNamed } from '../dialects/index.ts'
import { completeIcs, type Readings } from '../ics/ics.ts'
import { systemClock } from '../runner/clock-system.ts'
import { createHttpClient } from '../runner/http.ts'
import { valueAt } from '../scenario/json-path.ts'
import { edited, error, header, parsed } from './changes.ts'
import type { ApiAnswer, ApiRequest, Layer } from './layer.ts'
import { startProxy } from './proxy-http.ts'
import type { CorrectProvider } from './self-test.ts'
import { wordsOf } from './words.ts'

interface ListedDevice {
  readonly eid: string
  readonly owner: string
  readonly profiles: readonly { readonly iccid: string }[]
}

/** A device of somebody else is refused with 403, one that nobody knows with 404. */
const foreignIsForbidden = (
  dialect: Dialect,
  { testbed, authorization: { owner = 'acme' } }: CorrectProvider,
): Layer => {
  const { starts, is } = wordsOf(dialect)
  const send = createHttpClient({ clock: systemClock, timeoutMs: 30_000 })
  const isForeign = async (request: ApiRequest): Promise<boolean> => {
    const paths = (is(request, 'getEsimStatus') && dialect.routes.getEsimStatus?.names) || dialect.requested
    const named = [valueAt(parsed(request), paths.eid), valueAt(parsed(request), paths.iccid)]
    const { response } = await send({ method: 'GET', url: `${testbed}/testbed/v1/devices?limit=1000` })
    const { devices } = response.json as { devices: readonly ListedDevice[] }
    return devices
      .filter((device) => device.owner !== owner)
      .some(({ eid, profiles }) => named.includes(eid) || profiles.some(({ iccid }) => named.includes(iccid)))
  }
  return {
    async api(request, edge) {
      const answer = await edge.ask(request)
      const isAbout = answer.status === 404 && (starts(request) || is(request, 'getEsimStatus'))
      return isAbout && (await isForeign(request)) ? error(403, 'PERMISSION_DENIED', answer) : answer
    },
  }
}

/** 202 for a subscription that is there soon, and for one that is gone soon. */
const subscriptionsLater = (dialect: Dialect): Layer => {
  const { is, send } = wordsOf(dialect)
  const later = (answer: ApiAnswer, status: string): ApiAnswer =>
    edited({ ...header(answer, 'location'), status: 202 }, (subscription) => ({ ...subscription, status }))
  return {
    async api(request, edge) {
      const isDeletion = is(request, 'deleteSubscription')
      const operationId = request.path.split('/').at(-1) ?? ''
      const before = isDeletion ? await send(edge, 'getSubscription', { operationId }) : undefined
      const answer = await edge.ask(request)
      if (is(request, 'createSubscription') && answer.status === 201) return later(answer, 'ACTIVATION_REQUESTED')
      if (before === undefined || answer.status !== 204) return answer
      return later(
        { ...before, headers: { ...before.headers, 'x-correlator': answer.headers['x-correlator'] ?? '' } },
        'DELETED',
      )
    },
  }
}

/** By `name=word`. */
const layers: Readonly<Record<string, (dialect: Dialect, right: CorrectProvider) => Layer>> = {
  'foreignIdentifier=403': foreignIsForbidden,
  'subscriptions=asynchronous': subscriptionsLater,
}

/** Undefined where the provider has the reading itself. */
export async function startWithReadings(right: CorrectProvider, readings: Partial<Readings>) {
  const dialect = dialectNamed(right.ics.dialect)
  const [layer] = Object.entries(readings).flatMap(([name, word]) => layers[`${name}=${word}`] ?? [])
  if (layer === undefined) return undefined
  const authorization = await connectAuthorization(right.authorization, systemClock)
  const proxy = await startProxy({ target: right.target, authorization, layer: layer(dialect, right) })
  const ics = completeIcs({ ...right.ics, readings: { ...right.ics.readings, ...readings } })
  return { right: { ...right, target: proxy.url, ics }, close: proxy.close }
}
