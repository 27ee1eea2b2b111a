/** Given: a fault of the testbed. Then: the outcome that its catalogue promises. */
import { Given, Then, When } from '@cucumber/cucumber'
import { expectOutcomeOf, expectTruthAfter, operateUnder, type SwitchedOn, switchOn } from '../scenario/faults.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

const faults = new WeakMap<ScenarioWorld, SwitchedOn>()

function faultOf(world: ScenarioWorld): SwitchedOn {
  const fault = faults.get(world)
  if (fault === undefined) throw new Error('no fault was switched on')
  return fault
}

Given('the fault {string} at an eUICC', async function (this: ScenarioWorld, name: string) {
  faults.set(this, await switchOn(this, name))
})

When('the operation that the fault is about is asked for', async function (this: ScenarioWorld) {
  await operateUnder(this, faultOf(this))
})

Then('it ends as the catalogue of faults promises', async function (this: ScenarioWorld) {
  await expectOutcomeOf(this, faultOf(this))
})

Then('the API shows the eSIMs as the eUICC has them, when the fault is over', async function (this: ScenarioWorld) {
  await expectTruthAfter(this)
})
