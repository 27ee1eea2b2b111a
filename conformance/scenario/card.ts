/** The card's own truth, and what the API says about it. */
import { routeOf, type ShownEsim } from '../dialects/dialect.ts'
import type { CardEvent, Device } from '../testbed/http.ts'
import { eidOf, leased, subjectOf } from './devices.ts'
import { caused, effectsOf } from './effects.ts'
import { iccidCore, sameIccid } from './iccid.ts'
import { newDraft, type Operation, type Scenario, type ScenarioDevice } from './model.ts'
import { resultOf } from './operations.ts'
import { send } from './request.ts'

type Profile = Device['profiles'][number]

/** Whether the card can be asked; when not, it is remembered what for. */
export function seesCard({ session, unverified }: Scenario, what: string): boolean {
  if (!session.testbed.truth) unverified.add(what)
  return session.testbed.truth
}

export const cardOf = async (world: Scenario, device: ScenarioDevice): Promise<Device> =>
  world.session.testbed.device(await eidOf(world, device))

/** The eSIMs that the API shows for a device, asked as its owner. */
export async function shownEsims(world: Scenario, device: ScenarioDevice): Promise<readonly ShownEsim[]> {
  const { response } = await send(world, 'getEsimStatus', { device }, newDraft(device.tenant))
  const { dialect } = world.session
  const esims = dialect.esims(response.json)
  if (response.status === 200 && Array.isArray(esims)) return esims as readonly ShownEsim[]
  const actual = `${response.status} ${response.body}`
  return world.fail({
    what: `${routeOf(dialect, 'getEsimStatus').path} by EID`,
    expected: '200 with a list of eSIMs',
    actual,
  })
}

/** Of the card; as the API shows them where nobody sees the card. */
export async function profilesOf(world: Scenario, device: ScenarioDevice, what: string): Promise<readonly Profile[]> {
  if (seesCard(world, what)) return (await cardOf(world, device)).profiles
  return (await shownEsims(world, device)).map(({ iccid, state, isFallback }) => ({
    iccid,
    state: state as Profile['state'],
    fallbackAttribute: isFallback ?? false,
  }))
}

/** On the card, and in the API exactly as on the card. */
export async function expectEsim(
  world: Scenario,
  alias: string,
  expected: Partial<Pick<Profile, 'state' | 'fallbackAttribute'>>,
) {
  const { device, iccid } = await subjectOf(world, alias)
  const profiles = await profilesOf(world, device, `eSIM "${alias}" on the eUICC`)
  const onCard = profiles.find((profile) => sameIccid(profile.iccid, iccid))
  for (const [name, value] of Object.entries(expected)) {
    const actual = onCard?.[name as 'state' | 'fallbackAttribute'] ?? 'not installed'
    if (actual !== value) world.fail({ what: `${name} of eSIM "${alias}" on the eUICC`, expected: value, actual })
  }
  await expectTruth(world, device)
}

export async function expectGone(world: Scenario, alias: string): Promise<void> {
  const { device, iccid } = await subjectOf(world, alias)
  const profiles = await profilesOf(world, device, `eSIM "${alias}" gone from the eUICC`)
  const onCard = profiles.find((profile) => sameIccid(profile.iccid, iccid))
  if (onCard !== undefined)
    world.fail({ what: `eSIM "${alias}" on the eUICC`, expected: 'not installed', actual: onCard.state })
  await expectTruth(world, device)
}

/** The API shows each eSIM of the card, as the card has it, and no other. */
export async function expectTruth(
  world: Scenario,
  device: ScenarioDevice,
  requirement = 'retrieve-status/is-the-truth',
): Promise<void> {
  const shown = await shownEsims(world, device)
  if (!seesCard(world, 'the eUICC as the API shows it')) return
  const card = await cardOf(world, device)
  const showsFallback = world.session.dialect.abilities.includes('fallback')
  const truth = card.profiles.map(
    ({ iccid, state, fallbackAttribute }) =>
      `${iccid} ${state}${showsFallback && fallbackAttribute ? ' fallback' : ''}`,
  )
  const told = shown.map(({ eid, iccid, state, isFallback }) => {
    const known = card.profiles.find((profile) => sameIccid(profile.iccid, iccid))?.iccid ?? iccid
    return `${known} ${state}${isFallback ? ' fallback' : ''}${eid === card.eid ? '' : ` on ${eid}`}`
  })
  if (truth.sort().join() === told.sort().join()) return
  world.note({
    requirement,
    what: 'eSIMs that the API shows',
    expected: truth,
    actual: told,
  })
}

/** What the card did since the scenario got it, as far as operations can cause it. */
export async function didOnCard(world: Scenario, device: ScenarioDevice): Promise<readonly CardEvent[]> {
  const { lease, before } = await leased(world, device)
  return (await world.session.testbed.events(lease.eid, before.sequence)).filter(({ type }) => caused.has(type))
}

/** Lets the device ask for work until nothing waits, then expects the card as the scenario got it. */
export async function expectUntouched(world: Scenario, device: ScenarioDevice): Promise<void> {
  const seen = seesCard(world, 'the eUICC left as it was')
  if (seen) await world.session.testbed.poll(await eidOf(world, device))
  const happened = seen ? await didOnCard(world, device) : []
  if (happened.length > 0) {
    world.fail({
      what: 'the eUICC',
      expected: 'left as it was',
      actual: happened.map(({ type, iccid }) => `${type} ${iccid}`),
    })
  }
  if (world.events.length > 0) {
    const requirement = 'events/only-for-accepted'
    world.fail({
      requirement,
      what: 'the sink',
      expected: 'no event',
      actual: world.events.map(({ delivery }) => delivery.body),
    })
  }
}

/** Operations that may disable an eSIM beside what they are for. */
const mayDisable: ReadonlySet<string> = new Set(['enable', 'download', 'delete'])

/** What becomes of an eSIM that arrived in the place of another, the dialect leaves open; what a device did that nobody reached, nobody knew. */
const openCodes: ReadonlySet<unknown> = new Set(['ESIM_ICCID_MISMATCH', 'ESIM_DEVICE_UNREACHABLE'])
/** SGP.32, EuiccPackageErrorCode: the eUICC has had this package before, and its answer was lost. */
const HAD_BEFORE = 'replayError'

function leavesOpen(world: Scenario, operation: Operation): boolean {
  const { outcome, error } = resultOf(world, operation) ?? {}
  if (outcome !== 'failed') return false
  return world.session.dialect.abilities.includes('error-codes')
    ? openCodes.has(error?.code) || String(error?.details).includes(HAD_BEFORE)
    : operation.name === 'download' // which may have been about any eSIM
}

/** At no moment of the card's own history, from the eSIMs it had. */
export function mostEnabled(before: readonly Pick<Profile, 'iccid' | 'state'>[], events: readonly CardEvent[]): number {
  const enabled = new Set(before.filter(({ state }) => state === 'enabled').map(({ iccid }) => iccidCore(iccid)))
  const sizes = events.map(({ type, iccid = '' }) => {
    if (type === 'profile-enabled') enabled.add(iccidCore(iccid))
    if (type === 'profile-disabled' || type === 'profile-deleted') enabled.delete(iccidCore(iccid))
    return enabled.size
  })
  return Math.max(0, ...sizes)
}

export async function expectOneEnabled(world: Scenario, device: ScenarioDevice): Promise<void> {
  if (!world.session.testbed.truth || !world.operations.some((operation) => operation.device === device)) return
  const { before } = await leased(world, device)
  const actual = mostEnabled(before.profiles, await didOnCard(world, device))
  const requirement = 'profiles/at-most-one-enabled'
  if (actual > 1) world.note({ requirement, what: 'eSIMs of the eUICC enabled at one time', expected: 1, actual })
}

/** Each successful operation has left its traces on the card once, and nobody has left any other. */
export async function expectNothingElse(world: Scenario, device: ScenarioDevice): Promise<void> {
  const operations = world.operations.filter((operation) => operation.device === device)
  if (
    !world.session.testbed.truth ||
    operations.length === 0 ||
    operations.some((one) => one.completed === undefined || leavesOpen(world, one))
  )
    return
  const successes = operations.filter((operation) => resultOf(world, operation)?.outcome === 'success')
  const disables = successes.some(({ name }) => mayDisable.has(name))
  const traces = successes.flatMap((operation) =>
    effectsOf(operation).map((type) => ({ type, iccid: operation.iccid })),
  )
  const unexplained = (await didOnCard(world, device)).filter(({ type, iccid = '' }) => {
    const index = traces.findIndex((trace) => trace.type === type && sameIccid(trace.iccid, iccid))
    if (index >= 0) traces.splice(index, 1)
    return index < 0 && !(disables && type === 'profile-disabled')
  })
  if (unexplained.length === 0) return
  world.note({
    requirement: 'operations/executed-once',
    what: 'what the eUICC did',
    expected: successes.map(({ name, iccid }) => `${name} ${iccid}, once`),
    actual: unexplained.map(({ type, iccid }) => `${type} ${iccid}`),
  })
}

/** States of eSIMs as one text. An ICCID counts in every spelling. */
export const historyEntry = (esims: readonly { readonly iccid: string; readonly state: string }[]): string =>
  esims
    .map(({ iccid, state }) => `${iccidCore(iccid)} ${state}`)
    .sort()
    .join(', ')

/** Every combination of states that the card went through since the scenario got it, in order. */
export async function cardHistory(world: Scenario, device: ScenarioDevice): Promise<readonly string[]> {
  const { lease, before } = await leased(world, device)
  let esims = before.profiles.map(({ iccid, state }) => ({ iccid, state: state as string }))
  const history = [historyEntry(esims)]
  for (const { type, iccid = '' } of await world.session.testbed.events(lease.eid, before.sequence)) {
    const state = /^profile-(enabled|disabled)$/.exec(type)?.[1]
    esims = esims.map((esim) => (state !== undefined && sameIccid(esim.iccid, iccid) ? { ...esim, state } : esim))
    history.push(historyEntry(esims))
  }
  return history
}
