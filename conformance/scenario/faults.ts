/** A fault of the testbed around one operation: switched on, held against the outcome that its row promises, switched off. */
import { requestStarting } from '../dialects/dialect.ts'
import type { FaultRow, FaultSwitch } from '../testbed/faults.ts'
import { expectTruth } from './card.ts'
import { addDevice, eidOf, latestDevice } from './devices.ts'
import { completeElsewhere } from './elsewhere.ts'
import { valueAt } from './json-path.ts'
import { latestOperation, type Scenario, type ScenarioDevice } from './model.ts'
import { awaitCompletion, readOperation } from './operations.ts'
import { send } from './request.ts'

export interface SwitchedOn {
  readonly row: FaultRow
  readonly id: string
}

const ALIAS = 'A'

/** The testbed has no such fault, or cannot be told. */
class NotAvailable extends Error {
  override readonly name = 'NotAvailable'
}

export async function switchOn(world: Scenario, name: string): Promise<SwitchedOn> {
  const faults = switchOf(world)
  const row = (await faults.catalogue()).find(({ fault }) => fault === name)
  if (row === undefined) throw new NotAvailable(`the testbed has no fault "${name}"`)
  const device = addDevice(world, '', 'own')
  furnish(device, row)
  // what an order is like is decided before there is a device to name
  const comesFirst = row.message.startsWith('ES2+.')
  const id = comesFirst ? await faults.on(row) : await faults.on(row, await eidOf(world, device))
  await eidOf(world, device)
  return { row, id }
}

/** What the operation of the row needs. */
function furnish(device: ScenarioDevice, { outcome: { procedure } }: FaultRow): void {
  const shape = { fallbackAllowed: true }
  if (procedure === 'download') device.orders.push({ alias: ALIAS, shape })
  else
    device.profiles.push({ alias: ALIAS, shape: { ...shape, state: procedure === 'disable' ? 'enabled' : 'disabled' } })
}

export async function operateUnder(world: Scenario, { row }: SwitchedOn): Promise<void> {
  const { response } = await send(world, requestStarting(world.session.dialect, row.outcome.procedure), {
    alias: ALIAS,
  })
  if (response.status !== 202)
    world.fail({ what: `${row.outcome.procedure} under ${row.fault}`, expected: 202, actual: response.status })
}

export async function expectOutcomeOf(world: Scenario, { row, id }: SwitchedOn): Promise<void> {
  const { shows, code, details = '', sentence } = row.outcome
  if (shows === 'pending') await expectPending(world, row)
  if (shows === 'pending') await switchOf(world).off(id)
  const { outcome, error } = await awaitCompletion(world, latestOperation(world))
  const told = { outcome, code: valueAt(error, '$.code'), details: valueAt(error, '$.details') }
  const isAsPromised =
    outcome === (shows === 'failed' ? 'failed' : 'success') &&
    (code === undefined || told.code === code) &&
    String(told.details).includes(details)
  const requirement = `faults/${shows === 'failed' ? 'failure-is-told' : shows === 'pending' ? 'waits' : 'overcome'}`
  const expected = { outcome: shows === 'failed' ? 'failed' : 'success', code, details, since: sentence }
  if (!isAsPromised)
    world.note({ requirement, what: `${row.outcome.procedure} under ${row.fault}`, expected, actual: told })
  if (shows !== 'pending') await switchOf(world).off(id)
}

async function expectPending(world: Scenario, { fault, outcome: { procedure } }: FaultRow): Promise<void> {
  const operation = latestOperation(world)
  await completeElsewhere(world)
  const { response } = await readOperation(world, operation)
  const actual = valueAt(response.json, '$.status')
  const what = `${procedure} under ${fault}`
  if (actual !== 'accepted') world.note({ requirement: 'faults/waits', what, expected: 'accepted', actual })
}

/** After the fault, and after the device has asked for work once more. */
export async function expectTruthAfter(world: Scenario): Promise<void> {
  const device = latestDevice(world)
  await world.session.testbed.poll(await eidOf(world, device))
  await expectTruth(world, device, 'faults/truth-afterwards')
}

function switchOf({ session: { testbed } }: Scenario): FaultSwitch {
  if (testbed.faults === undefined) throw new NotAvailable('there is no testbed that can be told to misbehave')
  return testbed.faults
}
