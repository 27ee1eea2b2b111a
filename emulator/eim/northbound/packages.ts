/** Calls about packages. */
import { type Call, problem, type Reply, type Route } from '../../rest/index.ts'
import { newPackageId, newTransactionId } from '../delivery.ts'
import type { Package, PackageOrder } from '../model.ts'
import { brokenRule } from '../order-rules.ts'
import { cancelPackage, queuePackage } from '../queue.ts'
import type { Turn } from '../state.ts'
import { ifKnown } from '../step.ts'
import { answers, BASE, type NorthboundContext, parameter, shows, unknownEuicc, unknownPackage } from './context.ts'
import * as schemas from './schemas.ts'

export const packageRoutes = (context: NorthboundContext): readonly Route[] => [
  {
    method: 'POST',
    path: '/euiccs/{eid}/packages',
    summary: 'Orders a package. Repeated with the same Idempotency-Key it orders nothing and shows the first one.',
    parameters: { eid: schemas.eid },
    headers: { 'idempotency-key': schemas.idempotencyKey },
    body: schemas.packageOrder,
    answers: answers(
      { 200: shows('Ordered earlier.', schemas.packageResource), 202: shows('Queued.', schemas.packageResource) },
      { 404: 'No such eUICC.', 422: 'The order is one that the standard forbids.' },
    ),
    handle: (call) => order(context, call),
  },
  {
    method: 'GET',
    path: '/packages/{packageId}',
    summary: 'One package.',
    parameters: { packageId: schemas.packageId },
    answers: answers({ 200: shows('The package.', schemas.packageResource) }, { 404: 'No such package.' }),
    async handle(call) {
      const found = await context.store.package(parameter(call, 'packageId'))
      return found ? { status: 200, body: found } : unknownPackage
    },
  },
  {
    method: 'DELETE',
    path: '/packages/{packageId}',
    summary: 'Cancels a package that waits.',
    parameters: { packageId: schemas.packageId },
    answers: answers(
      { 200: shows('Cancelled, now or earlier.', schemas.packageResource) },
      { 404: 'No such package.', 409: 'It has been handed to the IPA.' },
    ),
    handle: (call) => cancel(context, parameter(call, 'packageId')),
  },
]

async function order({ step, tools }: NorthboundContext, call: Call): Promise<Reply> {
  const idempotencyKey = call.headers['idempotency-key']
  const ordered = call.body as PackageOrder
  const eid = parameter(call, 'eid')
  const which = { eid, ...(idempotencyKey !== undefined && { idempotencyKey }) }
  const { answer, effects } = await step(
    which,
    ifKnown((before, earlier): Turn<Package | string> => {
      if (earlier) return { effects: [], answer: earlier }
      const { now, random, codec } = tools(before.specification)
      const broken = brokenRule(ordered, codec)
      if (broken !== undefined) return { effects: [], answer: broken }
      const names = { packageId: newPackageId(random), eimTransactionId: newTransactionId(random) }
      return queuePackage(before, { order: ordered, ...names, now, ...which })
    }),
  )
  if (typeof answer === 'string') return problem(422, 'The order cannot be carried out', answer)
  return answer ? placed(answer, effects.length > 0) : unknownEuicc
}

const placed = (body: Package, isNew: boolean): Reply => ({
  status: isNew ? 202 : 200,
  headers: { location: `${BASE}/packages/${body.packageId}` },
  body,
})

async function cancel({ store, step, tools }: NorthboundContext, packageId: string): Promise<Reply> {
  const found = await store.package(packageId)
  if (!found) return unknownPackage
  if (found.state === 'cancelled') return { status: 200, body: found }
  const { answer } = await step(
    { eid: found.eid },
    ifKnown((before) => cancelPackage(before, packageId, tools().now)),
  )
  return answer ? { status: 200, body: answer } : problem(409, 'The package has been handed to the IPA')
}
