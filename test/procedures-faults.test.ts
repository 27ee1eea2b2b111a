/**
 * Every fault of the catalogue over sockets, in both bindings of ESipa: the procedure of its row ends as the row promises, any other one ends when the fault is
 * over, and card and eIM agree afterwards.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faultCatalogue } from '../emulator/faults/index.ts'
import { type Json, type Laboratory, openLaboratory } from './testing/laboratory.ts'
import { agreeOn, procedures, statesOf } from './testing/procedures.ts'

const rows = Object.entries(faultCatalogue)

const bindings = ['asn1', 'json']

/** What a procedure gets over is in procedures.test.ts; what is decided with the order at the SM-DP+ names no device. */
const breaking = rows.filter(
  ([, { place, outcome }]) => outcome.shows !== 'success' && !place.message.startsWith('ES2+.'),
)

/** A flipped bit is noticed in what is signed; another one may be the name of a package, which nobody then finds, or the flag that something has changed. */
const messageOf = (fault: string) => (fault === 'network/bit-flip' ? { message: 'ESipa.ProvideEimPackageResult' } : {})

/** The bindings in turns: what differs between them is proven by the rows. */
const struckIn = (binding: string) =>
  Object.entries(procedures).flatMap(([name, { run }], one) =>
    breaking
      .filter((_, other) => (one + other) % 2 === bindings.indexOf(binding))
      .map(([fault, { outcome }]) => ({ name, run, fault, more: { when: outcome.plan, ...messageOf(fault) } })),
  )

describe.each(bindings)('%s', (binding) => {
  let laboratory: Laboratory
  beforeAll(async () => {
    laboratory = await openLaboratory({ 'ipa.esipaBindings': { '*': binding } })
  })
  afterAll(() => laboratory.close())
  afterEach(() => laboratory.tidy())

  test.each(rows)('%s ends as its row promises', async (name, row) => {
    const { eid, order } = await prepare(laboratory, name, row)
    const running = laboratory.run(eid, order)
    if (row.outcome.shows === 'pending') await expectNothing(laboratory, running)
    const { state, result } = await running
    expect(state).toBe('done')
    expect(outcomeOf(result as Json)).toBe(row.outcome.shows === 'failed' ? 'failed' : 'success')
    expect(wordsOf(result as Json)).toContain(row.outcome.details ?? '')
    const { injections } = (await laboratory.control('GET', '/faults/report')).body
    expect(injections).toContainEqual(expect.objectContaining({ fault: name }))
    await laboratory.control('DELETE', '/faults')
    await laboratory.poll(eid)
    await agreeOn(laboratory, eid, await statesOf(laboratory, eid))
  })

  test.each(struckIn(binding))(
    '$name under $fault ends, and nothing of it stays behind',
    async ({ run, fault, more }) => {
      laboratory.disturb({ fault, ...more })
      await enduring(laboratory, run(laboratory))
      for (const eid of laboratory.devices()) {
        await laboratory.poll(eid)
        await agreeOn(laboratory, eid, await statesOf(laboratory, eid))
      }
    },
  )
})

/** When nothing goes on any more under the fault, and when the procedure is over without it. */
async function enduring(laboratory: Laboratory, procedure: Promise<void>): Promise<void> {
  let isOver = false
  const over = procedure.then(
    () => (isOver = true),
    () => (isOver = true),
  )
  const goOn = async (times: number) => {
    for (let left = times; left > 0 && !isOver; left--) await Promise.race([over, laboratory.settle()])
  }
  await goOn(3)
  await laboratory.heal()
  for (let left = 10; left > 0 && !isOver; left--) {
    for (const eid of laboratory.devices()) await laboratory.poll(eid)
    await goOn(1)
  }
  expect(isOver).toBe(true)
}

/** A device with what the procedure of the row needs, the fault switched on for it alone, and the order of that procedure. */
async function prepare(laboratory: Laboratory, fault: string, { place, outcome }: Fault) {
  const { procedure, plan: when, message } = outcome
  const on = async (more: Json = {}) => {
    const { status } = await laboratory.control('POST', '/faults', {
      fault,
      when,
      ...(message && { message }),
      ...more,
    })
    expect(status).toBe(201)
  }
  // What an order is like is decided before there is a device to name.
  const comesFirst = place.message.startsWith('ES2+.')
  if (comesFirst) await on()
  const state = procedure === 'disable' ? 'enabled' : 'disabled'
  const { eid, profiles, orders } = await laboratory.lease(
    procedure === 'download' ? { orders: [{}] } : { profiles: [{ state }] },
  )
  if (!comesFirst) await on({ devices: [eid] })
  const { activationCode } = orders[0] ?? {}
  const { iccid } = profiles[0] ?? {}
  return {
    eid,
    order: procedure === 'download' ? { download: { activationCode } } : { psmo: [{ [procedure]: { iccid } }] },
  }
}

/** Until the fault is over. */
async function expectNothing({ settle, control }: Laboratory, running: Promise<unknown>): Promise<void> {
  let isOver = false
  running.then(() => {
    isOver = true
  })
  for (let times = 0; times < 6; times++) await settle()
  expect(isOver).toBe(false)
  await control('DELETE', '/faults')
}

function outcomeOf({ kind, verified, outcome, results }: Json): 'success' | 'failed' {
  const done = kind === 'profileInstallationResult' ? outcome === 'success' : isOk(results)
  return verified === true && done ? 'success' : 'failed'
}

const isOk = (results: unknown): boolean => Array.isArray(results) && results.every(({ result }) => result === 'ok')

const wordsOf = (result: Json): string =>
  `${JSON.stringify(result)} subject ${result['subjectCode']}, reason ${result['reasonCode']}`
