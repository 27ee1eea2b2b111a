/** Wrong in what they make of subscriptions. */
import type { RequestName } from '../dialects/dialect.ts'
import { valueAt } from '../scenario/json-path.ts'
import { answers, attempts, edited, error, header, type Json, parsed, requests } from './changes.ts'
import type { CommonRow } from './common-answers.ts'
import type { ApiAnswer, ApiRequest, Attempt, Edge, Layer } from './layer.ts'
import { put, type Words } from './words.ts'

const to =
  (name: RequestName, change: (answer: ApiAnswer, request: ApiRequest, edge: Edge) => ApiAnswer | Promise<ApiAnswer>) =>
  (words: Words): (() => Layer) =>
    answers((answer, request, edge) => (words.is(request, name) ? change(answer, request, edge) : answer))
const instead = (name: RequestName, status: number, other: number, code: string) =>
  to(name, (answer) => (answer.status === status ? error(other, code, answer) : answer))
const answering = (name: RequestName, status: number, other: number) =>
  to(name, (answer) => (answer.status === status ? { ...answer, status: other } : answer))
const asOther = (name: RequestName) => (words: Words) =>
  to(name, async (answer, request, edge) => {
    const token = await edge.token([words.routeOf(request)?.scope ?? ''], 'other')
    return answer.status === 404 ? edge.ask(header(request, 'authorization', `Bearer ${token}`)) : answer
  })(words)

interface Subscription {
  readonly sink: string
  readonly subscriptionId: string
}
const isAbout = (event: Json, what: string): boolean => String(event?.type).endsWith(`subscription-${what}`)
const startedIn = (attempt: Attempt): readonly Subscription[] => {
  const event = parsed(attempt)
  return isAbout(event, 'started') ? [{ sink: attempt.sink, subscriptionId: event.data.subscriptionId }] : []
}

const eventTo = ({ sink }: Subscription, id: string, type: string, data: Json): Attempt => {
  const event = { specversion: '1.0', id, source: 'urn:example:mutant', type, time: new Date().toISOString(), data }
  return { sink, headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(event) }
}

/** Tells every subscription of every operation. */
const tellingAll = (words: Words) => (): Layer => {
  const subscriptions: Subscription[] = []
  const known = new Set<string>()
  return {
    async api(request, edge) {
      const answer = await edge.ask(request)
      const ended = words.is(request, 'retrieveOperation') ? words.told(answer) : undefined
      const id = String(ended?.operationId)
      if (ended?.status !== 'completed' || known.has(id)) return answer
      known.add(id)
      const { operation, esimProfile, result } = parsed(answer)
      const more = { operationId: id, operation, status: 'completed', esimProfile, result }
      for (const subscription of subscriptions) {
        const data = { subscriptionId: subscription.subscriptionId, ...more }
        const type = 'org.camaraproject.esim-profile-management.v0.operation-completed'
        await edge.deliver(eventTo(subscription, `all-${id}`, type, data))
      }
      return answer
    },
    event: (attempt, edge) => {
      subscriptions.push(...startedIn(attempt))
      return edge.deliver(attempt)
    },
  }
}

/** Says that it has deleted, and tells on. */
const tellingOn = (words: Words) => (): Layer => {
  const subscriptions: Subscription[] = []
  const deleted = new Set<string>()
  return {
    async api(request, edge) {
      if (words.is(request, 'createSubscription')) {
        const answer = await edge.ask(request)
        const { id: subscriptionId, sink } = parsed(answer) ?? {}
        if (words.isGranted(answer, request)) subscriptions.push({ subscriptionId, sink })
        return answer
      }
      const id = request.path.split('/').at(-1) ?? ''
      if (words.is(request, 'getSubscription') && deleted.has(id))
        return error(404, 'NOT_FOUND', await edge.ask(request))
      const one = subscriptions.find(({ subscriptionId }) => subscriptionId === id)
      if (!words.is(request, 'deleteSubscription') || one === undefined) return edge.ask(request)
      deleted.add(id)
      const type = `${words.dialect.subscriptionEvents}ended`
      await edge.deliver(
        eventTo(one, `ended-${id}`, type, { subscriptionId: id, terminationReason: 'SUBSCRIPTION_DELETED' }),
      )
      return { status: 204, headers: { 'x-correlator': request.headers['x-correlator'] ?? '' }, body: '' }
    },
  }
}

const endingFor = (reason: string) => () =>
  attempts((attempt) =>
    edited(attempt, (event) => (isAbout(event, 'ended') ? put(event, '$.data.terminationReason', reason) : event)),
  )

export const commonSubscriptions: readonly CommonRow[] = [
  [
    'created-at-once',
    'answers 201 where it is declared to answer 202',
    'creation/requested',
    answering('createSubscription', 202, 201),
  ],
  [
    'filter-422',
    'answers 422 where the filter is missing',
    'creation/filter-needed',
    instead('createSubscription', 400, 422, 'MISSING_IDENTIFIER'),
  ],
  [
    'unknown-eid-404',
    'answers 404 about a filter by an unknown EID',
    'creation/unknown-eid',
    instead('createSubscription', 422, 404, 'NOT_FOUND'),
  ],
  [
    'foreign-eid-403',
    'says that the device of a filter belongs to somebody else',
    'creation/foreign-eid',
    instead('createSubscription', 422, 403, 'PERMISSION_DENIED'),
  ],
  [
    'unknown-operation-404',
    'answers 404 about a filter by an unknown operation',
    'creation/unknown-operation',
    instead('createSubscription', 422, 404, 'NOT_FOUND'),
  ],
  [
    'profile-must-be-there',
    'wants that the profile of a filter is there already',
    'creation/any-iccid',
    (words) =>
      answers((answer, request) => {
        const { iccid = '$.none' } = words.routeOf(request)?.names ?? {}
        return words.is(request, 'createSubscription') && valueAt(parsed(request), iccid) !== undefined
          ? error(422, 'SERVICE_NOT_APPLICABLE', answer)
          : answer
      }),
  ],
  [
    'shows-another-sink',
    'shows another sink than was named',
    'reading/one',
    to('getSubscription', (answer) => edited(answer, (json) => ({ ...json, sink: 'https://example.com/another' }))),
  ],
  [
    'unknown-subscription-410',
    'answers 410 about a subscription that nobody knows',
    'reading/unknown',
    instead('getSubscription', 404, 410, 'GONE'),
  ],
  ['foreign-subscription-shown', 'shows subscriptions of everybody', 'reading/foreign', asOther('getSubscription')],
  [
    'list-empty',
    'lists nothing',
    'reading/list',
    to('listSubscriptions', (answer) => (answer.status === 200 ? { ...answer, body: '[]' } : answer)),
  ],
  [
    'list-of-no-type',
    'lists nothing when asked for a type',
    'reading/list-by-type',
    to('listSubscriptions', (answer, { path }) => (path.includes('type=') ? { ...answer, body: '[]' } : answer)),
  ],
  [
    'query-not-looked-at',
    'lists everything when a query is wrong',
    'errors/query-parameter',
    to('listSubscriptions', (answer, request, edge) =>
      answer.status === 400 && request.path.includes('?')
        ? edge.ask({ ...request, path: request.path.split('?')[0] ?? '' })
        : answer,
    ),
  ],
  [
    'deleted-at-once',
    'answers 204 where it is declared to answer 202',
    'deletion/requested',
    answering('deleteSubscription', 202, 204),
  ],
  [
    'deletion-of-unknown-410',
    'answers 410 to the deletion of what nobody knows',
    'deletion/unknown',
    instead('deleteSubscription', 404, 410, 'GONE'),
  ],
  [
    'foreign-subscription-deleted',
    'deletes subscriptions of everybody',
    'deletion/foreign',
    asOther('deleteSubscription'),
  ],
  ['tells-after-deletion', 'tells on after a deletion', 'deletion/silence', tellingOn],
  ...(['by-eid', 'by-iccid', 'by-operation'] as const).map(
    (name): CommonRow => [
      `tells-all-${name}`,
      'tells every subscription of every operation',
      `events/${name}`,
      tellingAll,
    ],
  ),
  [
    'initial-does-not-count',
    'does not count the initial event',
    'life/initial-counts',
    () =>
      requests((request) =>
        edited(request, (body) => {
          const { initialEvent, subscriptionMaxEvents: most } = body?.config ?? {}
          return initialEvent === true && most !== undefined
            ? put(body, '$.config.subscriptionMaxEvents', most + 1)
            : body
        }),
      ),
  ],
  [
    'token-ends-for-another-reason',
    'blames the network when the token of the sink expires',
    'life/token-expired',
    endingFor('NETWORK_TERMINATED'),
  ],
  ['deletion-ends-for-another-reason', 'calls a deletion an expiry', 'life/deleted', endingFor('SUBSCRIPTION_EXPIRED')],
]
