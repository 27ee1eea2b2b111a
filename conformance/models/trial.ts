/** One sequence of operations against the target, on a device of its own, compared with the model after each batch. */

import { requestStarting, routeOf, tell } from '../dialects/dialect.ts'
import { cardOf, expectNothingElse, expectTruth, shownEsims } from '../scenario/card.ts'
import { addDevice, latestDevice, leased } from '../scenario/devices.ts'
import { auditEvents } from '../scenario/event-rules.ts'
import { awaitEvent } from '../scenario/events.ts'
import { sameIccid } from '../scenario/iccid.ts'
import { valueAt } from '../scenario/json-path.ts'
import { type Mismatch, Nonconformity, noteOnce } from '../scenario/mismatch.ts'
import { newDraft, type Scenario } from '../scenario/model.ts'
import { awaitCompletion } from '../scenario/operations.ts'
import { send } from '../scenario/request.ts'
import { type Call, type EsimState, type Esims, linearized, type Observed, textOf } from './esims.ts'
import type { Batch } from './script.ts'

/** The device with which every sequence begins. */
export const shape = {
  profiles: [
    { alias: 'A', shape: { state: 'enabled', fallbackAllowed: true } },
    { alias: 'B', shape: { state: 'disabled', fallbackAllowed: true } },
  ],
  orders: [{ alias: 'N', shape: {} }],
} as const

const beginning: Esims = { A: 'enabled', B: 'disabled', N: 'absent' }

/** Everything that was wrong; nothing when the target does what the model says. */
export async function tryOut(scenario: Scenario, batches: readonly Batch[], name: string): Promise<Scenario> {
  const world = trialWorld(scenario, name)
  const device = addDevice(world, '', 'own')
  device.profiles.push(...shape.profiles)
  device.orders.push(...shape.orders)
  try {
    let possible: readonly Esims[] = [beginning]
    for (const batch of batches) possible = await runBatch(world, batch, possible)
    if (world.session.dialect.event !== undefined)
      for (const operation of world.operations) await awaitEvent(world, operation)
    await Promise.all(world.events.map(({ examined }) => examined))
    await expectTruth(world, device)
    await expectNothingElse(world, device)
    for (const mismatch of auditEvents(world)) world.note(mismatch)
  } catch (error) {
    if (!(error instanceof Nonconformity)) throw error
  }
  return world
}

function trialWorld({ session, tags, id }: Scenario, name: string): Scenario {
  const mismatches: Mismatch[] = []
  return {
    session,
    tags,
    id: `${id}-${name}`,
    draft: newDraft(),
    devices: [],
    operations: [],
    inboxes: new Map(),
    events: [],
    subscriptions: [],
    exchanges: [],
    asked: undefined,
    batch: [],
    sightings: [],
    mismatches,
    unverified: new Set(),
    note: (mismatch) => noteOnce(mismatches, mismatch),
    fail: (mismatch) => {
      noteOnce(mismatches, mismatch)
      throw new Nonconformity(mismatch)
    },
  }
}

async function runBatch(world: Scenario, batch: Batch, from: readonly Esims[]): Promise<readonly Esims[]> {
  const observed = await Promise.all(batch.map((call) => carryOut(world, call, batch.length > 1)))
  const possible = linearized(from, observed, world.session.ics.readings)
  const card = await onCard(world)
  const said = observed.map(
    ({ call, success }) => `${call.operation} ${call.esim}: ${success ? 'success' : 'no success'}`,
  )
  const what = `after ${said.join(', ')}`
  if (possible.length === 0)
    world.fail({
      requirement: batch.length > 1 ? 'operations/one-at-a-time' : 'operations/result',
      what,
      expected: `outcomes that some order explains, from ${from.map(textOf).join(' or ')}`,
      actual: said,
    })
  if (!possible.some((esims) => textOf(esims) === textOf(card)))
    world.fail({
      requirement: batch.length > 1 ? 'operations/one-at-a-time' : 'operations/executed-once',
      what: `the eUICC ${what}`,
      expected: possible.map(textOf).join(' or '),
      actual: textOf(card),
    })
  return [card]
}

/** As a client of its own: with its own sink and its own correlator. */
async function carryOut(world: Scenario, call: Call, isOneOfMany: boolean): Promise<Observed> {
  const sink = `client-${world.exchanges.length}-${call.operation}-${call.esim}`
  const { dialect } = world.session
  const name = requestStarting(dialect, call.operation)
  const { response } = await send(world, name, { alias: call.esim }, { ...newDraft(), sink })
  if (response.status !== routeOf(dialect, name).success)
    return {
      call,
      success: refused(world, call, response.status),
      isBusy: isOneOfMany && valueAt(response.json, '$.code') === 'ABORTED',
    }
  const { operationId, status } = tell(dialect.accepted, response.json)
  if (operationId === undefined && status === undefined) return { call, success: false } // granted, in words that refuse
  const operation = world.operations.find((known) => known.operationId === operationId)
  if (operation === undefined)
    return world.fail({
      requirement: 'operations/accepted',
      what: `answer to ${call.operation}`,
      expected: 'an operationId',
      actual: operationId,
    })
  await shownEsims(world, operation.device) // somebody looks while it is executed
  return { call, success: (await awaitCompletion(world, operation)).outcome === 'success' }
}

function refused(world: Scenario, { operation, esim }: Call, status: number): false {
  if (status >= 400 && status < 500) return false
  return world.fail({
    what: `answer to ${operation} of eSIM ${esim}`,
    expected: 'acceptance, or a refusal with 4xx',
    actual: status,
  })
}

async function onCard(world: Scenario): Promise<Esims> {
  const device = latestDevice(world)
  const { lease } = await leased(world, device)
  const { profiles } = await cardOf(world, device)
  const state = (iccid = ''): EsimState =>
    profiles.find((profile) => sameIccid(profile.iccid, iccid))?.state ?? 'absent'
  return {
    A: state(lease.profiles[0]?.iccid),
    B: state(lease.profiles[1]?.iccid),
    N: state(lease.orders[0]?.iccid),
  }
}
