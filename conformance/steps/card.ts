/** Then: what the eUICC is like, and that the API says the same. */
import { Then } from '@cucumber/cucumber'
import {
  didOnCard,
  expectEsim,
  expectGone,
  expectTruth,
  expectUntouched,
  profilesOf,
  seesCard,
} from '../scenario/card.ts'
import { latestDevice, leased, subjectOf } from '../scenario/devices.ts'
import { iccidCore } from '../scenario/iccid.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

Then(
  /^eSIM "([^"]+)" is (enabled|disabled), on the eUICC and in the API$/,
  async function (this: ScenarioWorld, alias: string, state: 'enabled' | 'disabled') {
    await expectEsim(this, alias, { state })
  },
)

Then(
  /^eSIM "([^"]+)" is (not )?the fallback, on the eUICC and in the API$/,
  async function (this: ScenarioWorld, alias: string, not: string | null) {
    await expectEsim(this, alias, { fallbackAttribute: not === null })
  },
)

Then('eSIM {string} is neither on the eUICC nor in the API', async function (this: ScenarioWorld, alias: string) {
  await expectGone(this, alias)
})

Then('eSIM {string} is not on the eUICC', async function (this: ScenarioWorld, alias: string) {
  await expectGone(this, alias)
})

Then('the eUICC has the eSIMs that it had before', async function (this: ScenarioWorld) {
  const device = latestDevice(this)
  const { before } = await leased(this, device)
  const expected = JSON.stringify(before.profiles)
  const what = 'the eSIMs of the eUICC'
  const actual = JSON.stringify(await profilesOf(this, device, what))
  if (actual !== expected) this.fail({ what: 'eSIMs of the eUICC', expected, actual })
  await expectTruth(this, device)
})

Then('the eUICC is left as it was', async function (this: ScenarioWorld) {
  await expectUntouched(this, latestDevice(this))
})

Then('the eUICC has one enabled eSIM', async function (this: ScenarioWorld) {
  const device = latestDevice(this)
  const enabled = (await profilesOf(this, device, 'one enabled eSIM on the eUICC')).filter(
    ({ state }) => state === 'enabled',
  )
  if (enabled.length !== 1) this.fail({ what: 'enabled eSIMs of the eUICC', expected: 1, actual: enabled.length })
  await expectTruth(this, device)
})

/** `profile-enabled A, …`: events of the card, with the eSIM where it matters. What enabling disables is only listed when asked for. */
Then(/^the eUICC did "([^"]+)"(?: in this order)?$/, async function (this: ScenarioWorld, list: string) {
  if (!seesCard(this, `the eUICC did ${list}`)) return
  const wanted = list.split(',').map((entry) => entry.trim().split(' '))
  const listed = new Set(wanted.map(([type = '']) => type))
  const named = wanted.some(([, alias]) => alias !== undefined)
  const expected = await Promise.all(
    wanted.map(async ([type, alias]) =>
      alias === undefined ? type : `${type} ${iccidCore((await subjectOf(this, alias)).iccid)}`,
    ),
  )
  const happened = (await didOnCard(this, latestDevice(this))).filter(
    ({ type }) => type !== 'profile-disabled' || listed.has(type),
  )
  const actual = happened.map(({ type, iccid = '' }) => (named ? `${type} ${iccidCore(iccid)}` : type))
  if (actual.join() !== expected.join()) this.fail({ what: 'what the eUICC did', expected, actual })
})
